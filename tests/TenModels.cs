using Intaglio;
namespace Ten;

[Decoder]
public sealed partial class Storyteller;

[Transformer(HiddenSize = 768, ContextLength = 1024, VocabularySize = 50257, Dropout = 0.1f), Decoder(Layers = 12), Attention(Heads = 12, Dropout = 0.1f), Embedding(Dropout = 0.1f)]
public sealed partial class Gpt2;

[Transformer(HiddenSize = 128, ContextLength = 64, VocabularySize = 65), Decoder(Layers = 4), Attention(Heads = 4, QueryKeyValueBias = false, OutputBias = false), FeedForward(Activation = Activation.Gelu, Bias = false), Normalization(Bias = false)]
public sealed partial class NanoGpt;

[Transformer(HiddenSize = 96), Decoder(Layers = 2), Attention(Heads = 3), FeedForward(Activation = Activation.SquaredRelu), PositionEncoding(PositionEncodingKind.None), Embedding(TieWordEmbeddings = false)]
public sealed partial class Unordered;

[BasedOn<Gpt2>, Precision(BF16)]
public sealed partial class Gpt2Serving;

[Transformer(HiddenSize = 288, VocabularySize = 32000), Decoder, Attention(Heads = 6, QueryKeyValueBias = false, OutputBias = false), FeedForward(IntermediateSize = 768, Activation = Activation.Silu, Gated = true, Bias = false), Normalization(NormalizationKind.RmsNorm), PositionEncoding(PositionEncodingKind.Rotary, Layout = RotaryLayout.Interleaved)]
public sealed partial class Stories;

[Transformer(HiddenSize = 2048, ContextLength = 2048, VocabularySize = 32000), Decoder(Layers = 22), Attention(Heads = 32, KeyValueHeads = 4, QueryKeyValueBias = false, OutputBias = false), FeedForward(IntermediateSize = 5632, Activation = Activation.Silu, Gated = true, Bias = false), Normalization(NormalizationKind.RmsNorm), PositionEncoding(PositionEncodingKind.Rotary), Embedding(TieWordEmbeddings = false)]
public sealed partial class TinyLlama;

[Transformer(HiddenSize = 640, ContextLength = 2048, VocabularySize = 32000), Decoder(Layers = 8), Attention(Heads = 4, KeyValueHeads = 1, HeadSize = 256, LogitSoftCap = 50, QueryKeyValueBias = false, OutputBias = false), FeedForward(IntermediateSize = 2048, Gated = true, Bias = false), Normalization(NormalizationKind.RmsNorm), PositionEncoding(PositionEncodingKind.Rotary)]
public sealed partial class MultiQuery;

[Transformer(HiddenSize = 512, ContextLength = 4096, VocabularySize = 32000), Decoder(Layers = 8), Attention(Heads = 8, KeyValueHeads = 2, SlidingWindow = 1024, OutputBias = false), FeedForward(IntermediateSize = 1376, Activation = Activation.Silu, Gated = true, Bias = false, Dropout = 0.1f), Normalization(NormalizationKind.RmsNorm), PositionEncoding(PositionEncodingKind.Rotary, RotaryTheta = 1000000)]
public sealed partial class Windowed;

[BasedOn<TinyLlama>, Precision(BF16)]
public sealed partial class TinyLlamaServing;

namespace Intaglio.ExecutionTests;

/// <summary>Everything by default but the sizes: biases, learned positions, tanh GELU, a tied head.</summary>
[Transformer(HiddenSize = 32, ContextLength = 16, VocabularySize = 50)]
[Decoder(Layers = 2)]
[Attention(Heads = 2)]
[FeedForward(IntermediateSize = 64)]
internal sealed partial class Plain;

/// <summary>No bias anywhere, a head of its own, exact GELU.</summary>
[Transformer(HiddenSize = 48, ContextLength = 24, VocabularySize = 40)]
[Decoder(Layers = 3)]
[Attention(Heads = 3, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(Activation = Activation.Gelu, Bias = false)]
[Normalization(Epsilon = 1e-6f, Bias = false)]
[Embedding(TieWordEmbeddings = false)]
internal sealed partial class Unbiased;

/// <summary>Dropout at every place that has one, each of its own rate.</summary>
[Transformer(HiddenSize = 24, ContextLength = 20, VocabularySize = 31, Dropout = 0.1f)]
[Decoder(Layers = 3)]
[Attention(Heads = 2, Dropout = 0.3f)]
[FeedForward(Activation = Activation.Silu, Dropout = 0.25f)]
[Embedding(Dropout = 0.15f)]
internal sealed partial class Dropped;

/// <summary>Dropout after products without a bias, tied to nothing.</summary>
[Transformer(HiddenSize = 16, ContextLength = 8, VocabularySize = 20, Dropout = 0.2f)]
[Decoder(Layers = 2)]
[Attention(Heads = 4, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(IntermediateSize = 48, Activation = Activation.QuickGelu, Bias = false, Dropout = 0.2f)]
[Embedding(TieWordEmbeddings = false)]
internal sealed partial class DroppedUnbiased;

/// <summary>No positions; of the biases only those of norms and queries, keys and values.</summary>
[Transformer(HiddenSize = 40, ContextLength = 17, VocabularySize = 33)]
[Decoder(Layers = 2)]
[Attention(Heads = 5, OutputBias = false)]
[FeedForward(IntermediateSize = 80, Activation = Activation.QuickGelu, Bias = false)]
[PositionEncoding(PositionEncodingKind.None)]
internal sealed partial class Unordered;

/// <summary>One layer, one head of 96, and a vocabulary of many columns.</summary>
[Transformer(HiddenSize = 96, ContextLength = 12, VocabularySize = 301)]
[Decoder(Layers = 1)]
[Attention(Heads = 1)]
[FeedForward(Activation = Activation.SquaredRelu)]
internal sealed partial class OneLayer;

/// <summary>Sizes that no vector divides.</summary>
[Transformer(HiddenSize = 21, ContextLength = 11, VocabularySize = 53)]
[Decoder(Layers = 2)]
[Attention(Heads = 3, Dropout = 0.2f)]
[FeedForward(IntermediateSize = 37, Activation = Activation.Relu)]
[Normalization(Bias = false)]
[Embedding(TieWordEmbeddings = false)]
internal sealed partial class Odd;

/// <summary>Heads of one number, and two tokens.</summary>
[Transformer(HiddenSize = 6, ContextLength = 5, VocabularySize = 2)]
[Decoder(Layers = 2)]
[Attention(Heads = 6)]
internal sealed partial class TwoTokens;

/// <summary>A context of one token: attention sees nothing but itself.</summary>
[Transformer(HiddenSize = 8, ContextLength = 1, VocabularySize = 9)]
[Decoder(Layers = 1)]
[Attention(Heads = 2)]
[FeedForward(IntermediateSize = 5)]
internal sealed partial class Momentary;

/// <summary>A context of several tiles of queries and keys, with dropped attention weights.</summary>
[Transformer(HiddenSize = 16, ContextLength = 150, VocabularySize = 20)]
[Decoder(Layers = 1)]
[Attention(Heads = 2, Dropout = 0.1f)]
internal sealed partial class LongContext;

/// <summary>A copy for serving, half the size.</summary>
[BasedOn<Plain>]
[Precision(BF16)]
internal sealed partial class PlainServing;

/// <summary>A copy for serving at sizes that no vector divides, changed on the way.</summary>
[BasedOn<Odd>]
[Precision(BF16)]
[FeedForward(Activation = Activation.Gelu)]
internal sealed partial class OddServing;

/// <summary>LLaMA's choices: RMSNorm, rotary positions, grouped heads, SwiGLU, no biases, a head of its own.</summary>
[Transformer(HiddenSize = 32, ContextLength = 16, VocabularySize = 50)]
[Decoder(Layers = 2)]
[Attention(Heads = 4, KeyValueHeads = 2, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(IntermediateSize = 44, Activation = Activation.Silu, Gated = true, Bias = false)]
[Normalization(NormalizationKind.RmsNorm)]
[PositionEncoding(PositionEncodingKind.Rotary)]
[Embedding(TieWordEmbeddings = false)]
internal sealed partial class Llama;

/// <summary>Multi-query attention with heads of their own size, neighbouring columns turning, GEGLU, biases, a tied head, and dropout at every place.</summary>
[Transformer(HiddenSize = 21, ContextLength = 19, VocabularySize = 53, Dropout = 0.1f)]
[Decoder(Layers = 3)]
[Attention(Heads = 3, KeyValueHeads = 1, HeadSize = 10, Dropout = 0.2f)]
[FeedForward(IntermediateSize = 37, Activation = Activation.GeluTanh, Gated = true, Dropout = 0.25f)]
[Normalization(NormalizationKind.RmsNorm, Epsilon = 1e-6f)]
[PositionEncoding(PositionEncodingKind.Rotary, RotaryTheta = 50, Layout = RotaryLayout.Interleaved)]
[Embedding(Dropout = 0.15f)]
internal sealed partial class MultiQuery;

/// <summary>A window that slides, scores that are capped and scaled otherwise, LayerNorm beside rotary positions.</summary>
[Transformer(HiddenSize = 24, ContextLength = 70, VocabularySize = 31)]
[Decoder(Layers = 2)]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 8, Scale = 0.5f, SlidingWindow = 5, LogitSoftCap = 2)]
[FeedForward(IntermediateSize = 30, Activation = Activation.Gelu)]
[PositionEncoding(PositionEncodingKind.Rotary)]
internal sealed partial class Windowed;

/// <summary>RMSNorm, grouped heads and a gate with learned positions.</summary>
[Transformer(HiddenSize = 16, ContextLength = 6, VocabularySize = 9)]
[Decoder(Layers = 1)]
[Attention(Heads = 6, KeyValueHeads = 3, HeadSize = 1)]
[FeedForward(IntermediateSize = 5, Activation = Activation.SquaredRelu, Gated = true)]
[Normalization(NormalizationKind.RmsNorm)]
internal sealed partial class LearnedRms;

/// <summary>A copy for serving of LLaMA's choices.</summary>
[BasedOn<Llama>]
[Precision(BF16)]
internal sealed partial class LlamaServing;

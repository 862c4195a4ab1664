namespace Intaglio.ExecutionTests;

/// <summary>../shared/data/gpt2-tiny-random.</summary>
[Transformer(HiddenSize = 32, ContextLength = 512, VocabularySize = 1000)]
[Decoder(Layers = 5)]
[Attention(Heads = 4)]
internal sealed partial class Gpt2TinyRandom;

/// <summary>../shared/data/hf-tiny/gpt2-a, without its dropout, which the published numbers are without.</summary>
[Transformer(HiddenSize = 32, ContextLength = 32, VocabularySize = 96)]
[Decoder(Layers = 2)]
[Attention(Heads = 4)]
public sealed partial class Gpt2Tiny;

/// <summary>../shared/data/hf-tiny/llama-a.</summary>
[Transformer(HiddenSize = 32, ContextLength = 64, VocabularySize = 97)]
[Decoder(Layers = 2)]
[Attention(Heads = 4, KeyValueHeads = 2, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(IntermediateSize = 44, Activation = Activation.Silu, Gated = true, Bias = false)]
[Normalization(NormalizationKind.RmsNorm)]
[PositionEncoding(PositionEncodingKind.Rotary)]
[Embedding(TieWordEmbeddings = false)]
public sealed partial class LlamaTiny;

/// <summary>../shared/data/hf-tiny/qwen2-a.</summary>
[BasedOn<LlamaTiny>]
[Attention(QueryKeyValueBias = true)]
[Normalization(NormalizationKind.RmsNorm, Epsilon = 1e-6f)]
[PositionEncoding(PositionEncodingKind.Rotary, RotaryTheta = 1e6f)]
[Embedding(TieWordEmbeddings = true)]
public sealed partial class Qwen2Tiny;

/// <summary>../shared/data/hf-tiny/mistral-a.</summary>
[BasedOn<LlamaTiny>]
[Attention(SlidingWindow = 5)]
public sealed partial class MistralTiny;

/// <summary>../shared/data/llama-stories260K: llama2.c turns neighbouring columns.</summary>
[Transformer(HiddenSize = 64, ContextLength = 512, VocabularySize = 512)]
[Decoder(Layers = 5)]
[Attention(Heads = 8, KeyValueHeads = 4, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(IntermediateSize = 172, Activation = Activation.Silu, Gated = true, Bias = false)]
[Normalization(NormalizationKind.RmsNorm)]
[PositionEncoding(PositionEncodingKind.Rotary, Layout = RotaryLayout.Interleaved)]
internal sealed partial class Stories260K;

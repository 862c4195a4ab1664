namespace Intaglio.ExecutionTests;

/// <summary>A declaration of nothing but a stack.</summary>
[Decoder]
internal sealed partial class Default;

/// <summary>The same with dropout.</summary>
[BasedOn<Default>]
[Transformer(Dropout = 0.1f)]
[Attention(Dropout = 0.1f)]
[Embedding(Dropout = 0.1f)]
internal sealed partial class DefaultDropped;

/// <summary>nanoGPT's configuration for a CPU.</summary>
[Transformer(HiddenSize = 128, ContextLength = 64, VocabularySize = 65)]
[Decoder(Layers = 4)]
[Attention(Heads = 4, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(Bias = false)]
[Normalization(Bias = false)]
internal sealed partial class NanoGpt;

/// <summary>GPT-2, 124 million parameters.</summary>
[Transformer(HiddenSize = 768, ContextLength = 1024, VocabularySize = 50257)]
[Decoder(Layers = 12)]
internal sealed partial class Gpt2Small;

/// <summary>A large vocabulary and little else: 500 MB of weights, gradients and moments, of which one quick step touches every page.</summary>
[Transformer(HiddenSize = 256, ContextLength = 16, VocabularySize = 120_000)]
[Decoder(Layers = 1)]
internal sealed partial class Wide;

/// <summary>A GPT-2 style model of bytes.</summary>
[Transformer(HiddenSize = 96, ContextLength = 64)]
[Decoder(Layers = 2)]
[Attention(Heads = 4)]
internal sealed partial class GptStories;

/// <summary>A LLaMA style model of bytes.</summary>
[Transformer(HiddenSize = 96, ContextLength = 64)]
[Decoder(Layers = 2)]
[Attention(Heads = 4, KeyValueHeads = 2, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(IntermediateSize = 256, Activation = Activation.Silu, Gated = true, Bias = false)]
[Normalization(NormalizationKind.RmsNorm)]
[PositionEncoding(PositionEncodingKind.Rotary)]
internal sealed partial class LlamaStories;

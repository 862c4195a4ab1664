namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>A LLaMA with grouped queries, biases everywhere, heads that are wider together than the model, and a head of its own.</summary>
[Transformer(HiddenSize = 24, ContextLength = 16, VocabularySize = 50)]
[Decoder(Layers = 2)]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 8)]
[FeedForward(IntermediateSize = 40, Activation = Activation.Silu, Gated = true)]
[Normalization(NormalizationKind.RmsNorm)]
[PositionEncoding(PositionEncodingKind.Rotary, RotaryTheta = 500f)]
[Embedding(TieWordEmbeddings = false)]
public sealed partial class LlamaOfGguf;

/// <summary>The same in 16 bits.</summary>
[BasedOn<LlamaOfGguf>, Precision(NumberFormat.BF16)]
public sealed partial class LlamaOfGgufInBf16;

/// <summary>LLaMA 3.1's angles, without biases and with a tied head.</summary>
[BasedOn<LlamaOfGguf>]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 8, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(IntermediateSize = 40, Activation = Activation.Silu, Gated = true, Bias = false)]
[PositionEncoding(PositionEncodingKind.Rotary, Scaling = RotaryScalingKind.Llama3, ScalingFactor = 8, OriginalContextLength = 64, LowFrequencyFactor = 1, HighFrequencyFactor = 4)]
[Embedding(TieWordEmbeddings = true)]
public sealed partial class Llama3OfGguf;

/// <summary>LLaMA's choices, but positions that turn neighbouring columns.</summary>
[BasedOn<Llama3OfGguf>]
[PositionEncoding(PositionEncodingKind.Rotary, Layout = RotaryLayout.Interleaved, Scaling = RotaryScalingKind.Linear, ScalingFactor = 2)]
public sealed partial class NeighboursOfGguf;

/// <summary>LLaMA's choices, but for a norm, a layout of scores and an activation.</summary>
[BasedOn<NeighboursOfGguf>]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 8, QueryKeyNorm = true)]
[Normalization(NormalizationKind.LayerNorm)]
public sealed partial class OwnOfGguf;

/// <summary>Positions that turn neighbouring columns, and scores that are not scaled as usual.</summary>
[BasedOn<NeighboursOfGguf>]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 8, Scale = 1)]
public sealed partial class ScaledOfGguf;

/// <summary>Mistral's window, shorter than the context.</summary>
[BasedOn<LlamaOfGguf>]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 8, SlidingWindow = 5, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(IntermediateSize = 40, Activation = Activation.Silu, Gated = true, Bias = false)]
public sealed partial class MistralOfGguf;

/// <summary>Mistral's window, as long as the context.</summary>
[BasedOn<MistralOfGguf>]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 8, SlidingWindow = 16, QueryKeyValueBias = false, OutputBias = false)]
public sealed partial class WideMistralOfGguf;

/// <summary>A LLaMA whose gate is not SiLU's.</summary>
[BasedOn<Llama3OfGguf>]
[FeedForward(IntermediateSize = 40, Activation = Activation.GeluTanh, Gated = true, Bias = false)]
public sealed partial class GeluLlamaOfGguf;

/// <summary>A Qwen2 with YaRN's angles.</summary>
[BasedOn<Llama3OfGguf>]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 6, QueryKeyValueBias = true, OutputBias = false)]
[PositionEncoding(PositionEncodingKind.Rotary, Scaling = RotaryScalingKind.Yarn, ScalingFactor = 4, OriginalContextLength = 8)]
public sealed partial class Qwen2OfGguf;

/// <summary>A Qwen2 with LLaMA 3's angles, and heads that are wider together than the model.</summary>
[BasedOn<Llama3OfGguf>]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 8, QueryKeyValueBias = true, OutputBias = false)]
public sealed partial class WideQwen2OfGguf;

/// <summary>A Gemma 2.</summary>
[Transformer(HiddenSize = 36, ContextLength = 16, VocabularySize = 50)]
[Decoder(Layers = 2)]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 16, SlidingWindow = 4, LogitSoftCap = 5, QueryKeyValueBias = false, OutputBias = false)]
[Attention(EveryNthLayer = 2, SlidingWindow = 0)]
[FeedForward(IntermediateSize = 40, Activation = Activation.GeluTanh, Gated = true, Bias = false)]
[Normalization(NormalizationKind.RmsNorm, Placement = NormalizationPlacement.Sandwich, UnitOffset = true, Epsilon = 1e-6f)]
[PositionEncoding(PositionEncodingKind.Rotary)]
[Embedding(Scale = 6)]
[LanguageModelingHead(LogitSoftCap = 8)]
public sealed partial class Gemma2OfGguf;

/// <summary>A Gemma 2 whose scores are scaled by another number than a head's size.</summary>
[BasedOn<Gemma2OfGguf>]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 16, Scale = 0.5f, SlidingWindow = 4, LogitSoftCap = 5, QueryKeyValueBias = false, OutputBias = false)]
[Attention(EveryNthLayer = 2, SlidingWindow = 0)]
[Embedding(Scale = 6, TieWordEmbeddings = false)]
public sealed partial class ScaledGemma2OfGguf;

/// <summary>A GPT-2 without positions and biases, with a head of its own.</summary>
[Transformer(HiddenSize = 24, ContextLength = 16, VocabularySize = 300)]
[Decoder(Layers = 2)]
[Attention(Heads = 2, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(IntermediateSize = 40, Bias = false)]
[Normalization(NormalizationKind.LayerNorm, Bias = false)]
[PositionEncoding(PositionEncodingKind.None)]
[Embedding(TieWordEmbeddings = false)]
public sealed partial class BareGptOfGguf;

/// <summary>A GPT-2 with the exact GELU.</summary>
[BasedOn<BareGptOfGguf>]
[FeedForward(IntermediateSize = 40, Activation = Activation.Gelu, Bias = false)]
public sealed partial class ExactGptOfGguf;

/// <summary>A BLOOM.</summary>
[Bloom]
[Transformer(HiddenSize = 24, ContextLength = 16, VocabularySize = 50)]
[Decoder(Layers = 2)]
[Attention(Heads = 3)]
public sealed partial class BloomOfGguf;

/// <summary>An encoder that transformers has a name for.</summary>
[Bert]
[Transformer(HiddenSize = 24, ContextLength = 16, VocabularySize = 50)]
[Encoder(Layers = 1)]
[Attention(Heads = 2)]
[FeedForward(IntermediateSize = 40)]
public sealed partial class BertOfGguf;

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

/// <summary>../shared/data/hf-tiny/llama3-a.</summary>
[BasedOn<LlamaTiny>]
[Transformer(ContextLength = 512)]
[Normalization(NormalizationKind.RmsNorm, Epsilon = 1e-6f)]
[PositionEncoding(PositionEncodingKind.Rotary, Scaling = RotaryScalingKind.Llama3, ScalingFactor = 8, OriginalContextLength = 64, LowFrequencyFactor = 1, HighFrequencyFactor = 4)]
[Embedding(TieWordEmbeddings = true)]
public sealed partial class Llama3Tiny;

/// <summary>../shared/data/hf-tiny/gemma2-a.</summary>
[Transformer(HiddenSize = 32, ContextLength = 64, VocabularySize = 97)]
[Decoder(Layers = 2)]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 8, Scale = 0.40824829f, SlidingWindow = 4, LogitSoftCap = 5, QueryKeyValueBias = false, OutputBias = false)]
[Attention(EveryNthLayer = 2, SlidingWindow = 0)]
[FeedForward(IntermediateSize = 44, Activation = Activation.GeluTanh, Gated = true, Bias = false)]
[Normalization(NormalizationKind.RmsNorm, Placement = NormalizationPlacement.Sandwich, UnitOffset = true, Epsilon = 1e-6f)]
[PositionEncoding(PositionEncodingKind.Rotary)]
[Embedding(Scale = 5.656854249f, PaddingToken = 0)]
[LanguageModelingHead(LogitSoftCap = 8)]
public sealed partial class Gemma2Tiny;

/// <summary>../shared/data/hf-tiny/bloom-a.</summary>
[Bloom]
[Transformer(HiddenSize = 32, ContextLength = 64, VocabularySize = 98)]
[Decoder(Layers = 2)]
[Attention(Heads = 4)]
public sealed partial class BloomTiny;

/// <summary>../shared/data/hf-tiny/bert-a.</summary>
[Bert]
[Transformer(HiddenSize = 32, ContextLength = 24, VocabularySize = 99)]
[Encoder(Layers = 2)]
[Attention(Heads = 4)]
[FeedForward(IntermediateSize = 64)]
public sealed partial class BertTiny;

/// <summary>../shared/data/hf-tiny/bert-seqcls-a.</summary>
[BasedOn<BertTiny>, SequenceClassification(3)]
public sealed partial class BertSequencesTiny;

/// <summary>../shared/data/hf-tiny/bert-tokcls-a.</summary>
[BasedOn<BertTiny>, TokenClassification(5)]
public sealed partial class BertTokensTiny;

/// <summary>../shared/data/hf-tiny/roberta-a.</summary>
[Roberta]
[Transformer(HiddenSize = 32, ContextLength = 18, VocabularySize = 99)]
[Encoder(Layers = 2)]
[Attention(Heads = 4)]
[FeedForward(IntermediateSize = 64)]
public sealed partial class RobertaTiny;

/// <summary>../shared/data/hf-tiny/t5-a.</summary>
[T5]
[Transformer(HiddenSize = 32, ContextLength = 512, VocabularySize = 94)]
[Encoder(Layers = 2), Decoder(Layers = 2)]
[Attention(Heads = 4, HeadSize = 8)]
[FeedForward(IntermediateSize = 50)]
[PositionEncoding(PositionEncodingKind.RelativeBuckets, Buckets = 8, MaxDistance = 12)]
public sealed partial class T5Tiny;

/// <summary>../shared/data/hf-tiny/t5v11-a.</summary>
[FlanT5]
[Transformer(HiddenSize = 32, ContextLength = 512, VocabularySize = 94)]
[Encoder(Layers = 2), Decoder(Layers = 2)]
[Attention(Heads = 4, HeadSize = 8)]
[FeedForward(IntermediateSize = 46)]
[PositionEncoding(PositionEncodingKind.RelativeBuckets, Buckets = 8, MaxDistance = 12)]
public sealed partial class FlanT5Tiny;

/// <summary>../shared/data/hf-tiny/bart-a.</summary>
[Bart]
[Transformer(HiddenSize = 32, ContextLength = 24, VocabularySize = 91)]
[Encoder(Layers = 2), Decoder(Layers = 2)]
[Attention(Heads = 4)]
[FeedForward(IntermediateSize = 48)]
public sealed partial class BartTiny;

/// <summary>../shared/data/llama-stories260K: llama2.c turns neighbouring columns.</summary>
[Transformer(HiddenSize = 64, ContextLength = 512, VocabularySize = 512)]
[Decoder(Layers = 5)]
[Attention(Heads = 8, KeyValueHeads = 4, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(IntermediateSize = 172, Activation = Activation.Silu, Gated = true, Bias = false)]
[Normalization(NormalizationKind.RmsNorm)]
[PositionEncoding(PositionEncodingKind.Rotary, Layout = RotaryLayout.Interleaved)]
internal sealed partial class Stories260K;

namespace Intaglio.ExecutionTests;

/// <summary>BERT's choices, small, with dropout at every place.</summary>
[Bert]
[Transformer(HiddenSize = 12, ContextLength = 9, VocabularySize = 31, Dropout = 0.1f)]
[Encoder(Layers = 2)]
[Attention(Heads = 3, Dropout = 0.2f)]
[FeedForward(IntermediateSize = 20, Dropout = 0.1f)]
[Embedding(Dropout = 0.1f)]
internal sealed partial class SmallBert;

/// <summary>A label for each sequence, by name.</summary>
[BasedOn<SmallBert>]
[SequenceClassification<Mood>(Dropout = 0.1f)]
internal sealed partial class SmallClassifier
{
    /// <summary>What a sequence can be.</summary>
    internal enum Mood
    {
        Bad,
        Good,
        Mixed,
    }
}

/// <summary>A label for each token.</summary>
[BasedOn<SmallBert>]
[TokenClassification(5)]
internal sealed partial class SmallTagger;

/// <summary>Where answers start and end.</summary>
[BasedOn<SmallBert>]
[QuestionAnswering]
internal sealed partial class SmallReader;

/// <summary>A vector for each sequence, rotary positions looking both ways.</summary>
[Transformer(HiddenSize = 24, ContextLength = 11, VocabularySize = 31)]
[Encoder(Layers = 2)]
[Attention(Heads = 3, QueryKeyNorm = true)]
[Normalization(NormalizationKind.RmsNorm)]
[PositionEncoding(PositionEncodingKind.Rotary, RotaryFraction = 0.5f)]
[SentenceEmbedding]
internal sealed partial class SmallRetriever;

/// <summary>T5's choices.</summary>
[T5]
[Transformer(HiddenSize = 12, ContextLength = 10, VocabularySize = 31, Dropout = 0.1f)]
[Encoder(Layers = 2), Decoder(Layers = 2)]
[Attention(Heads = 3, HeadSize = 6)]
[FeedForward(IntermediateSize = 20)]
[PositionEncoding(PositionEncodingKind.RelativeBuckets, Buckets = 8, MaxDistance = 9)]
internal sealed partial class SmallT5;

/// <summary>BART's choices; what attends to the encoder has heads of its own.</summary>
[Bart]
[Transformer(HiddenSize = 12, ContextLength = 8, VocabularySize = 31)]
[Encoder(Layers = 1), Decoder(Layers = 2)]
[Attention(Heads = 3)]
[Attention(AppliesTo = AppliesTo.Cross, Heads = 2, HeadSize = 5)]
[FeedForward(IntermediateSize = 20)]
internal sealed partial class SmallBart;

/// <summary>BLOOM's choices, with heads that are no power of two.</summary>
[Bloom]
[Transformer(HiddenSize = 18, ContextLength = 12, VocabularySize = 31)]
[Decoder(Layers = 2)]
[Attention(Heads = 3)]
internal sealed partial class SmallBloom;

/// <summary>Gemma 2's choices: norms around blocks that begin at 0, bounded scores and logits, windows in every second layer, a scaled embedding.</summary>
[Transformer(HiddenSize = 16, ContextLength = 14, VocabularySize = 31)]
[Decoder(Layers = 3)]
[Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 6, Scale = 0.3f, LogitSoftCap = 5, SlidingWindow = 4, QueryKeyValueBias = false, OutputBias = false)]
[Attention(EveryNthLayer = 2, SlidingWindow = 0)]
[FeedForward(IntermediateSize = 24, Activation = Activation.GeluTanh, Gated = true, Bias = false)]
[Normalization(NormalizationKind.RmsNorm, Placement = NormalizationPlacement.Sandwich, UnitOffset = true, Epsilon = 1e-6f)]
[PositionEncoding(PositionEncodingKind.Rotary)]
[Embedding(Scale = 4, PaddingToken = 0)]
[LanguageModelingHead(LogitSoftCap = 8)]
internal sealed partial class SmallGemma2;

/// <summary>GPT-NeoX's choices: attention and network side by side, a part of each head turning, angles scaled as YaRN does.</summary>
[Transformer(HiddenSize = 16, ContextLength = 10, VocabularySize = 31, ParallelResidual = true)]
[Decoder(Layers = 2)]
[Attention(Heads = 2)]
[PositionEncoding(PositionEncodingKind.Rotary, RotaryFraction = 0.5f, Scaling = RotaryScalingKind.Yarn, ScalingFactor = 4, OriginalContextLength = 4)]
[Embedding(TieWordEmbeddings = false)]
internal sealed partial class SmallNeoX;

/// <summary>The first transformer's sines and cosines.</summary>
[Transformer(HiddenSize = 10, ContextLength = 9, VocabularySize = 31)]
[Encoder(Layers = 1), Decoder(Layers = 1)]
[Attention(Heads = 2)]
[Normalization(Placement = NormalizationPlacement.Post)]
[PositionEncoding(PositionEncodingKind.Sinusoidal, Layout = RotaryLayout.Interleaved)]
[Embedding(Scale = 3.1622777f)]
internal sealed partial class SmallSines;

/// <summary>A copy for serving: its embedding is stored in 16 bits, its table of positions is not.</summary>
[BasedOn<SmallSines>, Precision(BF16)]
internal sealed partial class SmallSinesServing;

/// <summary>A copy for serving.</summary>
[BasedOn<SmallT5>]
[Precision(BF16)]
internal sealed partial class SmallT5Serving;

/// <summary>A copy for serving.</summary>
[BasedOn<SmallBert>]
[Precision(BF16)]
[Transformer(Dropout = 0)]
[Attention(Dropout = 0)]
[FeedForward(Dropout = 0)]
[Embedding(Dropout = 0)]
internal sealed partial class SmallBertServing;

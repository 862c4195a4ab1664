using Intaglio.Compiler;

namespace Intaglio.Generators.Parsing;

/// <summary>The arguments of a declaration, as <see cref="Settings"/> and <see cref="Diagnostics.Remedy"/> name them.</summary>
internal static class Keys
{
    public const string HiddenSize = ModelAttributes.Transformer + ".HiddenSize";
    public const string ContextLength = ModelAttributes.Transformer + ".ContextLength";
    public const string VocabularySize = ModelAttributes.Transformer + ".VocabularySize";
    public const string ResidualDropout = ModelAttributes.Transformer + ".Dropout";
    public const string ParallelResidual = ModelAttributes.Transformer + ".ParallelResidual";
    public const string EncoderLayers = ModelAttributes.Encoder + ".Layers";
    public const string Layers = ModelAttributes.Decoder + ".Layers";
    public const string Heads = ModelAttributes.Attention + ".Heads";
    public const string KeyValueHeads = ModelAttributes.Attention + ".KeyValueHeads";
    public const string HeadSize = ModelAttributes.Attention + ".HeadSize";
    public const string Scale = ModelAttributes.Attention + ".Scale";
    public const string SlidingWindow = ModelAttributes.Attention + ".SlidingWindow";
    public const string EveryNthLayer = ModelAttributes.Attention + ".EveryNthLayer";
    public const string EveryNthSlidingWindow = SlidingWindow + EveryNth;
    public const string QueryKeyNorm = ModelAttributes.Attention + ".QueryKeyNorm";
    public const string LogitSoftCap = ModelAttributes.Attention + ".LogitSoftCap";
    public const string QueryKeyValueBias = ModelAttributes.Attention + ".QueryKeyValueBias";
    public const string OutputBias = ModelAttributes.Attention + ".OutputBias";
    public const string AttentionDropout = ModelAttributes.Attention + ".Dropout";
    public const string IntermediateSize = ModelAttributes.FeedForward + ".IntermediateSize";
    public const string Activation = ModelAttributes.FeedForward + ".Activation";
    public const string ActivationMethod = ModelAttributes.FeedForward + ".ActivationMethod";
    public const string Gated = ModelAttributes.FeedForward + ".Gated";
    public const string FeedForwardBias = ModelAttributes.FeedForward + ".Bias";
    public const string FeedForwardDropout = ModelAttributes.FeedForward + ".Dropout";
    public const string NormalizationKind = ModelAttributes.Normalization + ".Kind";
    public const string Placement = ModelAttributes.Normalization + ".Placement";
    public const string UnitOffset = ModelAttributes.Normalization + ".UnitOffset";
    public const string Epsilon = ModelAttributes.Normalization + ".Epsilon";
    public const string NormalizationBias = ModelAttributes.Normalization + ".Bias";
    public const string PositionEncodingKind = ModelAttributes.PositionEncoding + ".Kind";
    public const string RotaryTheta = ModelAttributes.PositionEncoding + ".RotaryTheta";
    public const string RotaryLayout = ModelAttributes.PositionEncoding + ".Layout";
    public const string RotaryFraction = ModelAttributes.PositionEncoding + ".RotaryFraction";
    public const string Scaling = ModelAttributes.PositionEncoding + ".Scaling";
    public const string ScalingFactor = ModelAttributes.PositionEncoding + ".ScalingFactor";
    public const string OriginalContextLength = ModelAttributes.PositionEncoding + ".OriginalContextLength";
    public const string LowFrequencyFactor = ModelAttributes.PositionEncoding + ".LowFrequencyFactor";
    public const string HighFrequencyFactor = ModelAttributes.PositionEncoding + ".HighFrequencyFactor";
    public const string PositionOffset = ModelAttributes.PositionEncoding + ".Offset";
    public const string Buckets = ModelAttributes.PositionEncoding + ".Buckets";
    public const string MaxDistance = ModelAttributes.PositionEncoding + ".MaxDistance";
    public const string EmbeddingScale = ModelAttributes.Embedding + ".Scale";
    public const string EmbeddingNormalize = ModelAttributes.Embedding + ".Normalize";
    public const string TokenTypes = ModelAttributes.Embedding + ".TokenTypes";
    public const string PaddingToken = ModelAttributes.Embedding + ".PaddingToken";
    public const string TieWordEmbeddings = ModelAttributes.Embedding + ".TieWordEmbeddings";
    public const string EmbeddingDropout = ModelAttributes.Embedding + ".Dropout";
    public const string LogitBias = ModelAttributes.LanguageModelingHead + ".Bias";
    public const string FinalLogitSoftCap = ModelAttributes.LanguageModelingHead + ".LogitSoftCap";
    public const string LogitScale = ModelAttributes.LanguageModelingHead + ".Scale";
    public const string MaskedBias = ModelAttributes.MaskedLanguageModelingHead + ".Bias";
    public const string MaskedActivation = ModelAttributes.MaskedLanguageModelingHead + ".Activation";
    public const string SequenceLabels = ModelAttributes.SequenceClassification + ".Labels";
    public const string SequencePooling = ModelAttributes.SequenceClassification + ".Pooling";
    public const string SequencePooler = ModelAttributes.SequenceClassification + ".Pooler";
    public const string SequenceBias = ModelAttributes.SequenceClassification + ".Bias";
    public const string SequenceDropout = ModelAttributes.SequenceClassification + ".Dropout";
    public const string TokenLabels = ModelAttributes.TokenClassification + ".Labels";
    public const string TokenDropout = ModelAttributes.TokenClassification + ".Dropout";
    public const string SentencePooling = ModelAttributes.SentenceEmbedding + ".Pooling";
    public const string SentencePooler = ModelAttributes.SentenceEmbedding + ".Pooler";
    public const string SentenceNormalize = ModelAttributes.SentenceEmbedding + ".Normalize";
    public const string Format = ModelAttributes.Precision + ".Format";

    public const string ArchitecturePath = ModelAttributes.Architecture + ".Path";

    /// <summary>Not an argument: what the file of <see cref="ArchitecturePath"/> calls the architecture.</summary>
    public const string ModelType = nameof(ModelType);

    /// <summary>Not an argument: which family's attribute there is.</summary>
    public const string Family = nameof(Family);

    /// <summary>Not an argument: which objective's attribute there is.</summary>
    public const string Objective = nameof(Objective);

    /// <summary>Not an argument: which head's attribute there is.</summary>
    public const string Head = nameof(Head);

    /// <summary>Follows a key whose attribute says in which layers it applies.</summary>
    public const string EveryNth = "@EveryNthLayer";

    /// <summary>Follows a key whose attribute says to what it applies.</summary>
    public static string In(string key, AppliesTo part) => part == AppliesTo.All ? key : $"{key}@{part}";

    /// <summary>A key, and the same for each part that an attribute can say it applies to.</summary>
    public static IEnumerable<string> WithParts(string key) => [key, In(key, AppliesTo.EncoderSelf), In(key, AppliesTo.DecoderSelf), In(key, AppliesTo.Cross)];

    /// <summary>Those that count something.</summary>
    public static readonly string[] Sizes = [HiddenSize, ContextLength, VocabularySize, EncoderLayers, Layers, Heads, KeyValueHeads, HeadSize, SlidingWindow, IntermediateSize];

    /// <summary>Those that multiply, divide or bound something.</summary>
    public static readonly string[] Factors = [Scale, LogitSoftCap, RotaryTheta];

    /// <summary>Those that say how rotary positions turn.</summary>
    public static readonly string[] OfRotary = [RotaryTheta, RotaryLayout];

    /// <summary>Those of feed-forward networks.</summary>
    public static readonly string[] OfNetworks = [IntermediateSize, Activation, ActivationMethod, Gated, FeedForwardBias, FeedForwardDropout];

    /// <summary>Rates of dropout.</summary>
    public static readonly string[] Dropouts = [ResidualDropout, AttentionDropout, FeedForwardDropout, EmbeddingDropout, SequenceDropout, TokenDropout];

    /// <summary>The attribute's name in a key.</summary>
    public static string AttributeIn(string key) => key.Substring(0, key.IndexOf('.'));

    /// <summary>The argument's name in a key.</summary>
    public static string ArgumentIn(string key) => ForAll(key).Substring(key.IndexOf('.') + 1);

    /// <summary>The key without what its attribute says that it applies to.</summary>
    public static string ForAll(string key) => key.Split('@')[0];

    /// <summary>What a key's attribute says that it applies to; empty for all.</summary>
    public static string PartIn(string key) => key.IndexOf('@') is var at and >= 0 ? key.Substring(at + 1) : "";
}

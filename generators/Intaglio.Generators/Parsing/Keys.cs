namespace Intaglio.Generators.Parsing;

/// <summary>The arguments of a declaration, as <see cref="Settings"/> and <see cref="Diagnostics.Remedy"/> name them.</summary>
internal static class Keys
{
    public const string HiddenSize = ModelAttributes.Transformer + ".HiddenSize";
    public const string ContextLength = ModelAttributes.Transformer + ".ContextLength";
    public const string VocabularySize = ModelAttributes.Transformer + ".VocabularySize";
    public const string ResidualDropout = ModelAttributes.Transformer + ".Dropout";
    public const string Layers = ModelAttributes.Decoder + ".Layers";
    public const string Heads = ModelAttributes.Attention + ".Heads";
    public const string KeyValueHeads = ModelAttributes.Attention + ".KeyValueHeads";
    public const string HeadSize = ModelAttributes.Attention + ".HeadSize";
    public const string Scale = ModelAttributes.Attention + ".Scale";
    public const string SlidingWindow = ModelAttributes.Attention + ".SlidingWindow";
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
    public const string Epsilon = ModelAttributes.Normalization + ".Epsilon";
    public const string NormalizationBias = ModelAttributes.Normalization + ".Bias";
    public const string PositionEncodingKind = ModelAttributes.PositionEncoding + ".Kind";
    public const string RotaryTheta = ModelAttributes.PositionEncoding + ".RotaryTheta";
    public const string RotaryLayout = ModelAttributes.PositionEncoding + ".Layout";
    public const string TieWordEmbeddings = ModelAttributes.Embedding + ".TieWordEmbeddings";
    public const string EmbeddingDropout = ModelAttributes.Embedding + ".Dropout";
    public const string Format = ModelAttributes.Precision + ".Format";

    /// <summary>Those that count something.</summary>
    public static readonly string[] Sizes = [HiddenSize, ContextLength, VocabularySize, Layers, Heads, KeyValueHeads, HeadSize, SlidingWindow, IntermediateSize];

    /// <summary>Those that multiply, divide or bound something.</summary>
    public static readonly string[] Factors = [Scale, LogitSoftCap, RotaryTheta];

    /// <summary>Those that say how rotary positions turn.</summary>
    public static readonly string[] OfRotary = [RotaryTheta, RotaryLayout];

    /// <summary>Rates of dropout.</summary>
    public static readonly string[] Dropouts = [ResidualDropout, AttentionDropout, FeedForwardDropout, EmbeddingDropout];

    /// <summary>The attribute's name in a key.</summary>
    public static string AttributeIn(string key) => key.Substring(0, key.IndexOf('.'));

    /// <summary>The argument's name in a key.</summary>
    public static string ArgumentIn(string key) => key.Substring(key.IndexOf('.') + 1);
}

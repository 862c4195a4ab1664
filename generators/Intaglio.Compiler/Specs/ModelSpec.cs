namespace Intaglio.Compiler;

/// <summary>
/// A legal model declaration, defaults filled in. Cached by value between runs of the generator: immutable, equatable, and free of symbols and syntax.
/// </summary>
internal sealed record ModelSpec
{
    /// <summary>The class that carries the attributes.</summary>
    public required DeclarationSpec Declaration { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>The longest sequence.</summary>
    public required int ContextLength { get; init; }

    /// <summary>How many tokens there are.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Probability of dropping an element of what a block adds to the residual stream.</summary>
    public required float ResidualDropout { get; init; }

    /// <summary>Layers of the decoder.</summary>
    public required int Layers { get; init; }

    /// <summary>Self-attention of every layer.</summary>
    public required AttentionSpec Attention { get; init; }

    /// <summary>The feed-forward network of every layer.</summary>
    public required FeedForwardSpec FeedForward { get; init; }

    /// <summary>Every norm.</summary>
    public required NormalizationSpec Normalization { get; init; }

    /// <summary>How positions enter.</summary>
    public required PositionEncodingSpec PositionEncoding { get; init; }

    /// <summary>The token embedding.</summary>
    public required EmbeddingSpec Embedding { get; init; }

    /// <summary>Storage of the weights. Only FP32 trains.</summary>
    public required NumberFormat Format { get; init; }

    /// <summary>Whether forward and backward passes of training are emitted.</summary>
    public bool Trains => Format == NumberFormat.FP32;
}

/// <summary>The class to which members are added.</summary>
/// <param name="Namespace">Its namespace; empty for the global one.</param>
/// <param name="ContainingTypes">The partial types around it, outermost first.</param>
/// <param name="Name">Its name.</param>
internal sealed record DeclarationSpec(string Namespace, EquatableArray<ContainingTypeSpec> ContainingTypes, string Name)
{
    /// <summary>Names of the runtime (see <see cref="LibraryNames"/>) that mean something else where the class stands.</summary>
    public EquatableArray<string> ShadowedNames { get; init; }

    /// <summary>The metadata name, such as <c>App.Outer+Story</c>: what emitted files are named for. The plus tells a type inside a model from a file of the model.</summary>
    public string FullName => (Namespace.Length == 0 ? "" : Namespace + ".") + string.Join("+", ContainingTypes.Select(type => type.Name).Append(Name));
}

/// <summary>A type around a model's class.</summary>
/// <param name="Keyword">class, struct, record, record struct or interface.</param>
/// <param name="Name">Its name.</param>
internal sealed record ContainingTypeSpec(string Keyword, string Name);

/// <summary>Multi-head self-attention.</summary>
internal sealed record AttentionSpec
{
    /// <summary>Heads of the queries.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values, a divisor of <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Factor of q · k.</summary>
    public required double Scale { get; init; }

    /// <summary>Positions that a token sees, its own included; 0 for all before it.</summary>
    public int SlidingWindow { get; init; }

    /// <summary>Scores are bounded to plus and minus this; 0 for no bound.</summary>
    public float LogitSoftCap { get; init; }

    /// <summary>Whether the query, key and value projections add a bias.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Whether the output projection adds a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Probability of dropping an attention weight.</summary>
    public float Dropout { get; init; }

    /// <summary>Whether the factor is the usual one, 1 / √HeadSize.</summary>
    public bool HasUsualScale => Scale == UsualScale(HeadSize);

    /// <summary>Columns of the queries, which the output projection takes back to the hidden size.</summary>
    public int QuerySize => Heads * HeadSize;

    /// <summary>Columns of the keys, and of the values.</summary>
    public int KeyValueSize => KeyValueHeads * HeadSize;

    /// <summary>1 / √headSize (Vaswani et al., arXiv:1706.03762, section 3.2.1).</summary>
    public static double UsualScale(int headSize) => 1 / Math.Sqrt(headSize);
}

/// <summary>A union of feed-forward networks: mixtures of experts can join it.</summary>
internal abstract record FeedForwardSpec;

/// <summary>A product up, an activation, a product down.</summary>
/// <param name="IntermediateSize">Width between the products.</param>
/// <param name="Activation">The activation.</param>
/// <param name="Gated">Whether the product up has a second half that the activated first one multiplies.</param>
/// <param name="Bias">Whether the products add a bias.</param>
/// <param name="Dropout">Probability of dropping an activated element.</param>
internal sealed record DenseFeedForwardSpec(int IntermediateSize, ActivationSpec Activation, bool Gated, bool Bias, float Dropout) : FeedForwardSpec;

/// <summary>An activation, a built-in one or an own.</summary>
/// <param name="Name">Its name in emitted code, such as <c>GeluTanh</c>.</param>
/// <param name="ConfigurationName">What a config.json calls it.</param>
/// <param name="Formula">What it computes of <see cref="Operand.X"/>.</param>
internal sealed record ActivationSpec(string Name, string ConfigurationName, Expression Formula)
{
    /// <summary>Whether the declaration names a method.</summary>
    public bool IsOwn { get; init; }
}

/// <summary>Normalization before attention, feed-forward network and head.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Bias">Whether a bias follows the gain.</param>
internal sealed record NormalizationSpec(NormalizationKind Kind, float Epsilon, bool Bias);

/// <summary>How positions enter.</summary>
/// <param name="Kind">Which encoding.</param>
/// <param name="RotaryTheta">θ of rotary positions.</param>
/// <param name="Layout">Which columns rotary positions turn together.</param>
internal sealed record PositionEncodingSpec(PositionEncodingKind Kind, float RotaryTheta, RotaryLayout Layout);

/// <summary>The token embedding.</summary>
/// <param name="TieWordEmbeddings">Whether the head uses it.</param>
/// <param name="Dropout">Probability of dropping an element of the embedded input.</param>
internal sealed record EmbeddingSpec(bool TieWordEmbeddings, float Dropout);

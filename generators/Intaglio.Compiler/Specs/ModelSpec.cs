namespace Intaglio.Compiler;

/// <summary>
/// A legal model declaration, defaults filled in. Cached by value between runs of the generator: immutable, equatable, and free of symbols and syntax.
/// </summary>
internal sealed record ModelSpec
{
    /// <summary>The class that carries the attributes.</summary>
    public required DeclarationSpec Declaration { get; init; }

    /// <summary>What the file that declares the model calls its architecture (<c>model_type</c>); empty where no file does. Files that are saved keep it.</summary>
    public string ModelType { get; init; } = "";

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>The longest sequence.</summary>
    public required int ContextLength { get; init; }

    /// <summary>How many tokens there are.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Probability of dropping an element of what a block adds to the residual stream.</summary>
    public required float ResidualDropout { get; init; }

    /// <summary>The stack that reads the source; null in a decoder-only model. Alone it is an encoder-only model.</summary>
    public StackSpec? Encoder { get; init; }

    /// <summary>The stack that writes; null in an encoder-only model.</summary>
    public StackSpec? Decoder { get; init; }

    /// <summary>Every norm.</summary>
    public required NormalizationSpec Normalization { get; init; }

    /// <summary>How positions enter.</summary>
    public required PositionEncodingSpec PositionEncoding { get; init; }

    /// <summary>The token embedding.</summary>
    public required EmbeddingSpec Embedding { get; init; }

    /// <summary>What is made of the last hidden state.</summary>
    public required HeadSpec Head { get; init; }

    /// <summary>What it is trained to predict; null where the declaration does not say.</summary>
    public ObjectiveSpec? Objective { get; init; }

    /// <summary>Storage of the weights. Only FP32 trains.</summary>
    public required NumberFormat Format { get; init; }

    /// <summary>Whether forward and backward passes of training are emitted: weights are FP32, and there is a loss.</summary>
    public bool Trains => Format == NumberFormat.FP32 && Head is not SentenceEmbeddingHeadSpec;

    /// <summary>The stack whose result the head takes.</summary>
    public StackSpec Main => Decoder ?? Encoder!;

    /// <summary>The stacks, in the order in which they run.</summary>
    public IEnumerable<StackSpec> Stacks => new[] { Encoder, Decoder }.OfType<StackSpec>();

    /// <summary>The activations that are methods of the class.</summary>
    public IEnumerable<ActivationSpec> OwnActivations => Stacks
        .SelectMany(stack => stack.Block.Functions().Append(((DenseFeedForwardSpec)stack.FeedForward).Activation))
        .Where(activation => activation.IsOwn);

    /// <summary>Whether there are two stacks.</summary>
    public bool IsEncoderDecoder => Encoder is not null && Decoder is not null;

    /// <summary>Whether tokens are generated, one after another.</summary>
    public bool Generates => Decoder is not null && Head is LanguageModelingHeadSpec;

    /// <summary>The contract that it has.</summary>
    public ModelKind Kind => !Generates ? ModelKind.Encoder : IsEncoderDecoder ? ModelKind.SequenceToSequence : ModelKind.LanguageModel;
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

/// <summary>Multi-head attention.</summary>
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

    /// <summary>Every how many-th layer has another window; 0 where all have the same.</summary>
    public int EveryNthLayer { get; init; }

    /// <summary>The window of every n-th layer; 0 for all positions.</summary>
    public int EveryNthWindow { get; init; }

    /// <summary>Whether each head of queries and keys is normalized (Henry et al., arXiv:2010.04245).</summary>
    public bool QueryKeyNorm { get; init; }

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

/// <summary>Normalization of what blocks read or write, and of what the head reads.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Placement">Where in a block.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Bias">Whether a bias follows the gain.</param>
/// <param name="UnitOffset">Whether the factor is 1 + gain, as in Gemma, rather than the gain.</param>
internal sealed record NormalizationSpec(NormalizationKind Kind, NormalizationPlacement Placement, float Epsilon, bool Bias, bool UnitOffset);

/// <summary>How positions enter.</summary>
/// <param name="Kind">Which encoding.</param>
internal sealed record PositionEncodingSpec(PositionEncodingKind Kind)
{
    /// <summary>θ of rotary positions.</summary>
    public float RotaryTheta { get; init; }

    /// <summary>The part of each head that turns.</summary>
    public float RotaryFraction { get; init; } = 1;

    /// <summary>Which columns rotary positions turn together.</summary>
    public RotaryLayout Layout { get; init; }

    /// <summary>How the angles are changed for sequences longer than those of pre-training; null where they are not.</summary>
    public RotaryScalingSpec? Scaling { get; init; }

    /// <summary>Rows of the table of learned positions before position 0.</summary>
    public int Offset { get; init; }

    /// <summary>Buckets of relative positions.</summary>
    public int Buckets { get; init; }

    /// <summary>The distance from which on all share the last bucket.</summary>
    public int MaxDistance { get; init; }

    /// <summary>Columns of a head that turn.</summary>
    public int RotatedSize(int headSize) => (int)(headSize * RotaryFraction) / 2 * 2;
}

/// <summary>Changed angles of rotary positions; which of the numbers mean something depends on the kind.</summary>
internal sealed record RotaryScalingSpec(RotaryScalingKind Kind, float Factor)
{
    /// <summary>The context of pre-training.</summary>
    public int OriginalContext { get; init; }

    /// <summary>Llama 3: up to this many turns in the original context, an angle is divided by the factor.</summary>
    public float LowFrequencyFactor { get; init; }

    /// <summary>Llama 3: from this many turns in the original context on, an angle stays.</summary>
    public float HighFrequencyFactor { get; init; }
}

/// <summary>The token embedding.</summary>
/// <param name="TieWordEmbeddings">Whether the head uses it.</param>
/// <param name="Dropout">Probability of dropping an element of the embedded input.</param>
internal sealed record EmbeddingSpec(bool TieWordEmbeddings, float Dropout)
{
    /// <summary>Factor of the token's vector.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether the embedded input is normalized.</summary>
    public bool Normalize { get; init; }

    /// <summary>Kinds of tokens, each with a vector that is added; 0 for none.</summary>
    public int TokenTypes { get; init; }

    /// <summary>The token whose vector gets no gradient where it is looked up; -1 for none.</summary>
    public int PaddingToken { get; init; } = -1;
}

namespace Intaglio;

/// <summary>Sizes of a transformer, shared by its stacks. Optional: a stack attribute such as <see cref="DecoderAttribute"/> alone declares a model.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TransformerAttribute : Attribute
{
    /// <summary>Width of the residual stream (<c>n_embd</c>, <c>hidden_size</c>). Default 384.</summary>
    public int HiddenSize { get; set; }

    /// <summary>The longest sequence, in tokens (<c>n_positions</c>). Default 256.</summary>
    public int ContextLength { get; set; }

    /// <summary>How many different tokens there are. Default 256, one for each byte.</summary>
    public int VocabularySize { get; set; }

    /// <summary>Probability of dropping an element of what attention or feed-forward adds to the residual stream, while training (<c>resid_pdrop</c>). Default 0.</summary>
    public float Dropout { get; set; }
}

/// <summary>A stack of decoder layers: causal self-attention, then a feed-forward network. Alone on a class it is a decoder-only language model.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DecoderAttribute : Attribute
{
    /// <summary>How many layers (<c>n_layer</c>). Default 6.</summary>
    public int Layers { get; set; }
}

/// <summary>Multi-head attention (Vaswani et al., arXiv:1706.03762).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AttentionAttribute : Attribute
{
    /// <summary>How many heads; they share HiddenSize evenly. Default: heads of 64, or one head where 64 does not divide HiddenSize.</summary>
    public int Heads { get; set; }

    /// <summary>Whether the query, key and value projections add a bias. Default true.</summary>
    public bool QueryKeyValueBias { get; set; }

    /// <summary>Whether the output projection adds a bias. Default true.</summary>
    public bool OutputBias { get; set; }

    /// <summary>Probability of dropping an attention weight while training (<c>attn_pdrop</c>). Default 0.</summary>
    public float Dropout { get; set; }
}

/// <summary>The feed-forward network of each layer: a product up, an activation, a product down.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FeedForwardAttribute : Attribute
{
    /// <summary>Width between the two products (<c>n_inner</c>). Default 4 · HiddenSize.</summary>
    public int IntermediateSize { get; set; }

    /// <summary>The activation. Default <see cref="Intaglio.Activation.GeluTanh"/>.</summary>
    public Activation Activation { get; set; }

    /// <summary>Whether the two products add a bias. Default true.</summary>
    public bool Bias { get; set; }

    /// <summary>Probability of dropping an activated element while training. Default 0.</summary>
    public float Dropout { get; set; }
}

/// <summary>Normalization before each attention, each feed-forward network and the head.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NormalizationAttribute(NormalizationKind kind = NormalizationKind.LayerNorm) : Attribute
{
    /// <summary>Which normalization.</summary>
    public NormalizationKind Kind { get; } = kind;

    /// <summary>Added to the variance under the root. Default 1e-5.</summary>
    public float Epsilon { get; set; }

    /// <summary>Whether a bias is added after the gain. Default true.</summary>
    public bool Bias { get; set; }
}

/// <summary>How positions enter the model.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PositionEncodingAttribute(PositionEncodingKind kind) : Attribute
{
    /// <summary>Which encoding.</summary>
    public PositionEncodingKind Kind { get; } = kind;
}

/// <summary>The token embedding and its relation to the head.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EmbeddingAttribute : Attribute
{
    /// <summary>Whether the head's product uses the token embedding (Press and Wolf, arXiv:1608.05859). Default true.</summary>
    public bool TieWordEmbeddings { get; set; }

    /// <summary>Probability of dropping an element of the embedded input while training (<c>embd_pdrop</c>). Default 0.</summary>
    public float Dropout { get; set; }
}

/// <summary>How weights are stored. FP32 trains; BF16 halves the memory of a model that only generates.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PrecisionAttribute(NumberFormat format) : Attribute
{
    /// <summary>The storage format of the weights.</summary>
    public NumberFormat Format { get; } = format;
}

/// <summary>Declares a model as another one with changes: whatever this class's own attributes leave unset is taken from <typeparamref name="TModel"/>.</summary>
/// <typeparam name="TModel">A class that is itself declared as a model.</typeparam>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BasedOnAttribute<TModel> : Attribute
    where TModel : class;

namespace Intaglio;

/// <summary>Sizes of a transformer, shared by its stacks. Optional: a stack attribute such as <see cref="DecoderAttribute"/> alone declares a model.</summary>
/// <example>
/// <code>
/// [Transformer(HiddenSize = 768, ContextLength = 1024, VocabularySize = 50257, Dropout = 0.1f)]
/// [Decoder(Layers = 12)]
/// public sealed partial class Gpt2;
/// </code>
/// </example>
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

    /// <summary>
    /// Whether attention and feed-forward network read the same input, each through a norm of its own, and are added to it together, as in GPT-NeoX
    /// (<c>use_parallel_residual</c>; Black et al., arXiv:2204.06745). Default false.
    /// </summary>
    public bool ParallelResidual { get; set; }
}

/// <summary>
/// A stack of encoder layers: self-attention that sees both sides, then a feed-forward network. Alone on a class it is an encoder-only model, as BERT is; beside a
/// <see cref="DecoderAttribute"/> an encoder-decoder, whose decoder also attends to the encoder's result.
/// </summary>
/// <example>
/// <code>
/// [Transformer(HiddenSize = 768, ContextLength = 512, VocabularySize = 30522)]
/// [Encoder(Layers = 12), Attention(Heads = 12), Normalization(NormalizationKind.LayerNorm, Placement = NormalizationPlacement.Post, Epsilon = 1e-12f)]
/// public sealed partial class Bert;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EncoderAttribute : Attribute
{
    /// <summary>How many layers (<c>num_hidden_layers</c>). Default 6.</summary>
    public int Layers { get; set; }
}

/// <summary>A stack of decoder layers: causal self-attention, then a feed-forward network. Alone on a class it is a decoder-only language model.</summary>
/// <example>
/// <code>
/// [Decoder]
/// public sealed partial class Smallest;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DecoderAttribute : Attribute
{
    /// <summary>How many layers (<c>n_layer</c>). Default 6.</summary>
    public int Layers { get; set; }
}

/// <summary>Multi-head attention (Vaswani et al., arXiv:1706.03762).</summary>
/// <example>
/// <code>
/// [Transformer(HiddenSize = 2048), Decoder(Layers = 22)]
/// [Attention(Heads = 32, KeyValueHeads = 4, QueryKeyValueBias = false, OutputBias = false)]
/// public sealed partial class Grouped;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class AttentionAttribute : Attribute
{
    /// <summary>Which attention the arguments are of; what one attribute sets for a part stands above what another sets for all. Default: all.</summary>
    public AppliesTo AppliesTo { get; set; }

    /// <summary>
    /// n, where this attribute is about every n-th layer alone: the layers whose number, counted from 1, is a multiple of n. Only <see cref="SlidingWindow"/> can
    /// differ there; 0 is for all positions. Gemma 2's full attention in every second layer is <c>[Attention(SlidingWindow = 4096), Attention(EveryNthLayer = 2, SlidingWindow = 0)]</c>.
    /// </summary>
    public int EveryNthLayer { get; set; }

    /// <summary>How many heads; they share HiddenSize evenly unless HeadSize is set. Default: heads of 64, or one head where 64 does not divide HiddenSize.</summary>
    public int Heads { get; set; }

    /// <summary>
    /// How many heads of keys and values; each serves Heads / KeyValueHeads query heads (<c>num_key_value_heads</c>; grouped-query attention, Ainslie et al.,
    /// arXiv:2305.13245; 1 is multi-query attention, Shazeer, arXiv:1911.02150). Default: as many as Heads.
    /// </summary>
    public int KeyValueHeads { get; set; }

    /// <summary>Width of one head (<c>head_dim</c>). Default HiddenSize / Heads.</summary>
    public int HeadSize { get; set; }

    /// <summary>Factor of query · key. Default 1 / √HeadSize.</summary>
    public float Scale { get; set; }

    /// <summary>How many positions a token sees, its own included (<c>sliding_window</c>; Beltagy et al., arXiv:2004.05150). Default: all before it.</summary>
    public int SlidingWindow { get; set; }

    /// <summary>Whether each head of queries and keys is normalized before they meet (Henry et al., arXiv:2010.04245). Default false.</summary>
    public bool QueryKeyNorm { get; set; }

    /// <summary>c, which bounds scores to ±c by c · tanh(score / c) (<c>attn_logit_softcapping</c>; Gemma 2, arXiv:2408.00118). Default: no bound.</summary>
    public float LogitSoftCap { get; set; }

    /// <summary>Whether the query, key and value projections add a bias. Default true.</summary>
    public bool QueryKeyValueBias { get; set; }

    /// <summary>Whether the output projection adds a bias. Default true.</summary>
    public bool OutputBias { get; set; }

    /// <summary>Probability of dropping an attention weight while training (<c>attn_pdrop</c>). Default 0.</summary>
    public float Dropout { get; set; }
}

/// <summary>The feed-forward network of each layer: a product up, an activation, a product down.</summary>
/// <example>
/// <code>
/// [Transformer(HiddenSize = 288), Decoder]
/// [FeedForward(IntermediateSize = 768, Activation = Activation.Silu, Gated = true, Bias = false)]
/// public sealed partial class SwiGlu;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class FeedForwardAttribute : Attribute
{
    /// <summary>Which networks the arguments are of; what one attribute sets for a part stands above what another sets for all. Default: all.</summary>
    public AppliesTo AppliesTo { get; set; }

    /// <summary>Width between the two products (<c>n_inner</c>). Default 4 · HiddenSize.</summary>
    public int IntermediateSize { get; set; }

    /// <summary>The activation. Default <see cref="Intaglio.Activation.GeluTanh"/>.</summary>
    public Activation Activation { get; set; }

    /// <summary>An activation of one's own in place of <see cref="Activation"/>: the name of a <see cref="PointwiseAttribute"/> method of the class, <c>nameof(Mish)</c>.</summary>
    public string? ActivationMethod { get; set; }

    /// <summary>Whether the product up has two halves, one of which, activated, multiplies the other (Shazeer, "GLU variants improve transformer", arXiv:2002.05202). Default false.</summary>
    public bool Gated { get; set; }

    /// <summary>Whether the products add a bias. Default true.</summary>
    public bool Bias { get; set; }

    /// <summary>Probability of dropping an activated element while training. Default 0.</summary>
    public float Dropout { get; set; }
}

/// <summary>Normalization of what each attention and feed-forward network reads or writes, and of what the head reads.</summary>
/// <example>
/// <code>
/// [Decoder, Normalization(NormalizationKind.RmsNorm, Epsilon = 1e-6f)]
/// public sealed partial class RootMeanSquare;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NormalizationAttribute(NormalizationKind kind = NormalizationKind.LayerNorm) : Attribute
{
    /// <summary>Which normalization.</summary>
    public NormalizationKind Kind { get; } = kind;

    /// <summary>Where it stands. Default <see cref="NormalizationPlacement.Pre"/>.</summary>
    public NormalizationPlacement Placement { get; set; }

    /// <summary>Whether the factor is 1 + gain, the gain beginning at 0, as in Gemma. Default false.</summary>
    public bool UnitOffset { get; set; }

    /// <summary>Added to the variance under the root. Default 1e-5.</summary>
    public float Epsilon { get; set; }

    /// <summary>Whether a bias is added after the gain. Default true for LayerNorm; RmsNorm has none.</summary>
    public bool Bias { get; set; }
}

/// <summary>How positions enter the model.</summary>
/// <example>
/// <code>
/// [Decoder, PositionEncoding(PositionEncodingKind.Rotary, RotaryTheta = 500_000)]
/// public sealed partial class Turning;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PositionEncodingAttribute(PositionEncodingKind kind) : Attribute
{
    /// <summary>Which encoding.</summary>
    public PositionEncodingKind Kind { get; } = kind;

    /// <summary>θ of rotary positions (<c>rope_theta</c>): columns pair i turns by position · θ^(-2i / HeadSize). Default 10,000.</summary>
    public float RotaryTheta { get; set; }

    /// <summary>The part of each head that turns, its first columns (<c>partial_rotary_factor</c>). Default 1.</summary>
    public float RotaryFraction { get; set; }

    /// <summary>
    /// Which columns of a head rotary positions turn together; of sinusoidal positions, whether sines and cosines take turns or all sines come first. Default
    /// <see cref="RotaryLayout.HalfSplit"/>.
    /// </summary>
    public RotaryLayout Layout { get; set; }

    /// <summary>How rotary angles are changed for sequences longer than those of pre-training (<c>rope_scaling</c>). Default: not at all.</summary>
    public RotaryScalingKind Scaling { get; set; }

    /// <summary>By how much (<c>factor</c>). Default 1.</summary>
    public float ScalingFactor { get; set; }

    /// <summary>The context of pre-training (<c>original_max_position_embeddings</c>). Default: the model's.</summary>
    public int OriginalContextLength { get; set; }

    /// <summary>Of Llama 3's scaling: pairs that turn less often than this in the original context are slowed by the whole factor. Default 1.</summary>
    public float LowFrequencyFactor { get; set; }

    /// <summary>Of Llama 3's scaling: pairs that turn more often than this in the original context stay. Default 4.</summary>
    public float HighFrequencyFactor { get; set; }

    /// <summary>Rows of the table of learned positions that come before position 0: 2 in BART, one more than the padding token in RoBERTa. Default 0.</summary>
    public int Offset { get; set; }

    /// <summary>Ranges of distances that share a number, of <see cref="PositionEncodingKind.RelativeBuckets"/> (<c>relative_attention_num_buckets</c>). Default 32.</summary>
    public int Buckets { get; set; }

    /// <summary>The distance from which on all share the last bucket (<c>relative_attention_max_distance</c>). Default 128.</summary>
    public int MaxDistance { get; set; }
}

/// <summary>
/// A static method of floats, written in scalar C#. One of a single float can be an activation: <c>[FeedForward(ActivationMethod = nameof(Mish))]</c>. Its
/// body is differentiated, simplified and fused when the model is compiled; it may use arithmetic, MathF and Math, conditionals, comparisons, locals,
/// constants, other such methods, and those of <see cref="Activations"/>.
/// </summary>
/// <example>
/// <code>
/// [Decoder, FeedForward(ActivationMethod = nameof(Mish))]
/// public sealed partial class Misher
/// {
///     [Pointwise]
///     private static float Mish(float x) =&gt; x * MathF.Tanh(MathF.Log(1 + MathF.Exp(x)));
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class PointwiseAttribute : Attribute;

/// <summary>The token embedding and its relation to the head.</summary>
/// <example>
/// <code>
/// [Decoder, Embedding(TieWordEmbeddings = false, Dropout = 0.1f)]
/// public sealed partial class Untied;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EmbeddingAttribute : Attribute
{
    /// <summary>Whether the head's product uses the token embedding (Press and Wolf, arXiv:1608.05859). Default true.</summary>
    public bool TieWordEmbeddings { get; set; }

    /// <summary>Factor of the token's vector, such as √HiddenSize in Gemma. Default 1.</summary>
    public float Scale { get; set; }

    /// <summary>Whether the embedded input is normalized, as in BERT, BART and BLOOM. Default false.</summary>
    public bool Normalize { get; set; }

    /// <summary>How many types of tokens there are, each with a vector that is added (<c>type_vocab_size</c>). Default 0.</summary>
    public int TokenTypes { get; set; }

    /// <summary>The token that stands for padding: its vector gets no gradient where it is looked up (<c>padding_idx</c>). Default: none.</summary>
    public int PaddingToken { get; set; }

    /// <summary>Probability of dropping an element of the embedded input while training (<c>embd_pdrop</c>). Default 0.</summary>
    public float Dropout { get; set; }
}

/// <summary>How weights are stored. FP32 trains; BF16 halves the memory of a model that only generates.</summary>
/// <example>
/// <code>
/// [Decoder]
/// public sealed partial class Story;
///
/// [BasedOn&lt;Story&gt;, Precision(BF16)]
/// public sealed partial class StoryForServing;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PrecisionAttribute(NumberFormat format) : Attribute
{
    /// <summary>The storage format of the weights.</summary>
    public NumberFormat Format { get; } = format;
}

/// <summary>Declares a model as another one with changes: whatever this class's own attributes leave unset is taken from <typeparamref name="TModel"/>.</summary>
/// <typeparam name="TModel">A class that is itself declared as a model.</typeparam>
/// <example>
/// <code>
/// [Decoder(Layers = 6)]
/// public sealed partial class Story;
///
/// [BasedOn&lt;Story&gt;, Decoder(Layers = 12)]
/// public sealed partial class DeeperStory;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BasedOnAttribute<TModel> : Attribute
    where TModel : class;

namespace Intaglio;

/// <summary>A logit for each token of the vocabulary: which comes next. What a model with a decoder has unless another head is declared.</summary>
/// <example>
/// <code>
/// [Decoder, LanguageModelingHead(LogitSoftCap = 30)]
/// public sealed partial class Bounded;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class LanguageModelingHeadAttribute : Attribute
{
    /// <summary>Whether a bias is added to the logits. Default false.</summary>
    public bool Bias { get; set; }

    /// <summary>c, which bounds logits to ±c by c · tanh(logit / c) (<c>final_logit_softcapping</c>; Gemma 2, arXiv:2408.00118). Default: no bound.</summary>
    public float LogitSoftCap { get; set; }

    /// <summary>Factor of the hidden state before the logits' product: 1 / √HiddenSize in T5 with tied embeddings. Default 1.</summary>
    public float Scale { get; set; }
}

/// <summary>
/// A product, an activation, a norm, then a logit for each token of the vocabulary: which was masked (Devlin et al., arXiv:1810.04805). What a model without a decoder has
/// unless another head is declared.
/// </summary>
/// <example>
/// <code>
/// [Encoder, MaskedLanguageModelingHead(Activation = Activation.Gelu)]
/// public sealed partial class Masked;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MaskedLanguageModelingHeadAttribute : Attribute
{
    /// <summary>Whether a bias is added to the logits. Default true.</summary>
    public bool Bias { get; set; }

    /// <summary>The activation between product and norm. Default: the feed-forward networks'.</summary>
    public Activation Activation { get; set; }
}

/// <summary>A logit for each label of a sequence: sentiment, intent, topic.</summary>
/// <example>
/// <code>
/// [Encoder, SequenceClassification(3)]
/// public sealed partial class Sentiment;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public class SequenceClassificationAttribute(int labels) : Attribute
{
    /// <summary>How many labels there are.</summary>
    public int Labels { get; } = labels;

    /// <summary>Which hidden states stand for the sequence. Default: the last token's where there is a decoder, else the first token's.</summary>
    public Pooling Pooling { get; set; }

    /// <summary>Whether a product and a tanh come before the labels' product, as BERT's pooler does. Default: where there is no decoder.</summary>
    public bool Pooler { get; set; }

    /// <summary>Whether a bias is added to the logits. Default: where there is no decoder.</summary>
    public bool Bias { get; set; }

    /// <summary>Probability of dropping an element of what the labels' product reads, while training. Default 0.</summary>
    public float Dropout { get; set; }
}

/// <summary>A logit for each label of a sequence, the labels being the members of an enum, in the order in which they are declared.</summary>
/// <typeparam name="TLabel">The enum.</typeparam>
/// <example>
/// <code>
/// public enum Mood { Negative, Positive }
///
/// [Encoder, SequenceClassification&lt;Mood&gt;]
/// public sealed partial class Reviews;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SequenceClassificationAttribute<TLabel>() : SequenceClassificationAttribute(Enum.GetNames<TLabel>().Length)
    where TLabel : struct, Enum;

/// <summary>A logit for each label of a token: named entities, parts of speech.</summary>
/// <example>
/// <code>
/// [Encoder, TokenClassification(9)]
/// public sealed partial class Entities;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public class TokenClassificationAttribute(int labels) : Attribute
{
    /// <summary>How many labels there are.</summary>
    public int Labels { get; } = labels;

    /// <summary>Probability of dropping an element of what the labels' product reads, while training. Default 0.</summary>
    public float Dropout { get; set; }
}

/// <summary>A logit for each label of a token, the labels being the members of an enum, in the order in which they are declared.</summary>
/// <typeparam name="TLabel">The enum.</typeparam>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TokenClassificationAttribute<TLabel>() : TokenClassificationAttribute(Enum.GetNames<TLabel>().Length)
    where TLabel : struct, Enum;

/// <summary>Two logits for each token: whether the answer to a question starts there, and whether it ends there (Rajpurkar et al., arXiv:1606.05250).</summary>
/// <example>
/// <code>
/// [Encoder, QuestionAnswering]
/// public sealed partial class Reader;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class QuestionAnsweringAttribute : Attribute;

/// <summary>One vector for a sequence, for retrieval and comparison (Reimers and Gurevych, arXiv:1908.10084).</summary>
/// <example>
/// <code>
/// [Encoder, SentenceEmbedding]
/// public sealed partial class Retriever;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SentenceEmbeddingAttribute : Attribute
{
    /// <summary>Which hidden states it is made of. Default: the mean of all.</summary>
    public Pooling Pooling { get; set; }

    /// <summary>Whether a product and a tanh follow, as BERT's pooler does. Default false.</summary>
    public bool Pooler { get; set; }

    /// <summary>Whether its length is 1, so that products are cosines. Default true.</summary>
    public bool Normalize { get; set; }
}

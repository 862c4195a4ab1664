namespace Intaglio.Compiler;

/// <summary>What is made of the last hidden state: a union.</summary>
internal abstract record HeadSpec;

/// <summary>A logit for each token: which comes next.</summary>
/// <param name="Bias">Whether a bias is added to the logits.</param>
/// <param name="LogitSoftCap">Logits are bounded to plus and minus this; 0 for no bound.</param>
/// <param name="Scale">Factor of the hidden state.</param>
internal sealed record LanguageModelingHeadSpec(bool Bias, float LogitSoftCap, double Scale) : HeadSpec;

/// <summary>A product, an activation, a norm, then a logit for each token: which was masked.</summary>
/// <param name="Bias">Whether a bias is added to the logits.</param>
/// <param name="Activation">The activation between.</param>
internal sealed record MaskedLanguageModelingHeadSpec(bool Bias, ActivationSpec Activation) : HeadSpec;

/// <summary>A logit for each label of a sequence.</summary>
/// <param name="Labels">The labels' names.</param>
/// <param name="Pooling">Which hidden states are looked at.</param>
/// <param name="Pooler">Whether a product and a tanh come before the labels' product.</param>
/// <param name="Bias">Whether a bias is added to the logits.</param>
/// <param name="Dropout">Probability of dropping an element of what the labels' product reads.</param>
internal sealed record SequenceClassificationHeadSpec(EquatableArray<string> Labels, Pooling Pooling, bool Pooler, bool Bias, float Dropout) : HeadSpec;

/// <summary>A logit for each label of a token.</summary>
/// <param name="Labels">The labels' names.</param>
/// <param name="Dropout">Probability of dropping an element of what the labels' product reads.</param>
internal sealed record TokenClassificationHeadSpec(EquatableArray<string> Labels, float Dropout) : HeadSpec;

/// <summary>Two logits for each token: whether the answer starts or ends there.</summary>
internal sealed record QuestionAnsweringHeadSpec : HeadSpec;

/// <summary>One vector for a sequence.</summary>
/// <param name="Pooling">Which hidden states it is made of.</param>
/// <param name="Pooler">Whether a product and a tanh follow, as BERT's pooler does.</param>
/// <param name="Normalize">Whether its length is 1.</param>
internal sealed record SentenceEmbeddingHeadSpec(Pooling Pooling, bool Pooler, bool Normalize) : HeadSpec;

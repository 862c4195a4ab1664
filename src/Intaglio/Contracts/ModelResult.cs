namespace Intaglio;

/// <summary>What a model without generation gives.</summary>
public enum ResultKind
{
    /// <summary>A logit for each token of the vocabulary, for each row.</summary>
    Tokens,

    /// <summary>A logit for each label, for each row.</summary>
    TokenLabels,

    /// <summary>A logit for each label, for each sequence.</summary>
    SequenceLabels,

    /// <summary>Two logits for each row: whether the answer starts there, whether it ends there.</summary>
    Span,

    /// <summary>A vector for each sequence.</summary>
    Sentence,
}

/// <summary>What a model without generation gives: a row of <paramref name="Width"/> numbers for each token or sequence.</summary>
/// <param name="Kind">What the numbers are.</param>
/// <param name="Width">How many.</param>
public sealed record ModelResult(ResultKind Kind, int Width)
{
    /// <summary>The labels' names; empty where there are none.</summary>
    public string[] Labels { get; init; } = [];

    /// <summary>Which tokens stand for a sequence, where something does.</summary>
    public Pooling Pooling { get; init; }

    /// <summary>Whether there is one row a sequence rather than one a token.</summary>
    public bool IsOfSequences => Kind is ResultKind.SequenceLabels or ResultKind.Sentence;
}

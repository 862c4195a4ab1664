namespace Intaglio.Compiler;

/// <summary>What the model is trained to predict.</summary>
internal enum ObjectiveKind
{
    /// <summary>The next token.</summary>
    CausalLanguageModeling,

    /// <summary>Masked tokens.</summary>
    MaskedLanguageModeling,

    /// <summary>Spans that sentinels stand for.</summary>
    SpanCorruption,

    /// <summary>A text from a noisy one.</summary>
    Denoising,
}

/// <summary>An objective as it is declared.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Options">The options that are set, as C#: <c>MaskToken = 103</c>.</param>
internal sealed record ObjectiveSpec(ObjectiveKind Kind, EquatableArray<string> Options);

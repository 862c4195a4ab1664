namespace Intaglio.Objectives;

/// <summary>One row of a <see cref="TrainingBatch"/>.</summary>
public readonly ref struct TrainingRow
{
    /// <summary>Tokens of the stack that has the loss, [<see cref="Objective.Length"/>].</summary>
    public Span<int> Tokens { get; init; }

    /// <summary>The token to predict at each of <see cref="Tokens"/>.</summary>
    public Span<int> Targets { get; init; }

    /// <summary>What the encoder of an encoder-decoder reads, [<see cref="Objective.SourceLength"/>].</summary>
    public Span<int> SourceTokens { get; init; }

    internal Span<int> Bounds { get; init; }

    internal Span<int> SourceBounds { get; init; }

    /// <summary>Says that the first tokens are the row's, and pads the others.</summary>
    /// <param name="length">How many are the row's.</param>
    /// <param name="padToken">Fills the rest.</param>
    public void EndTokens(int length, int padToken) => End(Tokens, Bounds, length, padToken);

    /// <summary>Says that the first source tokens are the row's, and pads the others.</summary>
    /// <param name="length">How many are the row's.</param>
    /// <param name="padToken">Fills the rest.</param>
    public void EndSource(int length, int padToken) => End(SourceTokens, SourceBounds, length, padToken);

    /// <summary>Says that the first targets are the row's, lets the others be ignored, and makes <see cref="Tokens"/> of them by <see cref="Labels.ShiftRight"/>.</summary>
    /// <param name="length">How many are the row's.</param>
    /// <param name="startToken">The decoder's first token.</param>
    /// <param name="padToken">Fills the rest.</param>
    public void EndLabels(int length, int startToken, int padToken)
    {
        Targets[length..].Fill(Labels.Ignored);
        Labels.ShiftRight(Targets, startToken, padToken, Tokens);
        SetBounds(Bounds, length);
    }

    private static void End(Span<int> tokens, Span<int> bounds, int length, int padToken)
    {
        tokens[length..].Fill(padToken);
        SetBounds(bounds, length);
    }

    private static void SetBounds(Span<int> bounds, int length)
    {
        if (!bounds.IsEmpty)
            (bounds[0], bounds[1]) = (0, length);
    }
}

using Intaglio.Objectives;

namespace Intaglio.Runtime.Tests.Training;

/// <summary>A batch's arrays, which unlike the batch can be changed one by one; tokens and targets of two sequences of four.</summary>
internal sealed record Given
{
    public int Rows { get; init; } = 2;

    public int[] Tokens { get; init; } = Sequences.Random(8);

    public int[] Targets { get; init; } = Sequences.Random(8, 1);

    public int[] EndTargets { get; init; } = [];

    public int[] TokenTypes { get; init; } = [];

    public int[] Bounds { get; init; } = [];

    public int[] SourceTokens { get; init; } = [];

    public int[] SourceBounds { get; init; } = [];

    public TrainingBatch Batch => new(Rows, Tokens, Targets)
    {
        EndTargets = EndTargets, TokenTypes = TokenTypes, Bounds = Bounds, SourceTokens = SourceTokens, SourceBounds = SourceBounds,
    };
}

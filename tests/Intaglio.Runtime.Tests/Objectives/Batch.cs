using Intaglio.Objectives;

namespace Intaglio.Runtime.Tests.Objectives;

/// <summary>A batch in arrays, every value set before it is filled, so that one that is left out shows.</summary>
internal sealed class Batch
{
    private const int Unset = int.MinValue;

    private readonly Objective _objective;

    public Batch(Objective objective, int rows)
    {
        _objective = objective;
        Rows = rows;
        (Tokens, Targets, Bounds) = (Buffer(objective.Length), Buffer(objective.Length), Buffer(2));
        (SourceTokens, SourceBounds) = (Buffer(objective.SourceLength), Buffer(objective.SourceLength > 0 ? 2 : 0));

        int[] Buffer(int width) => [.. Enumerable.Repeat(Unset, rows * width)];
    }

    public int Rows { get; }

    public int[] Tokens { get; }

    public int[] Targets { get; }

    public int[] Bounds { get; }

    public int[] SourceTokens { get; }

    public int[] SourceBounds { get; }

    public static Batch Of(Objective objective, ulong seed = 1, ulong step = 0, int rows = 1)
    {
        var batch = new Batch(objective, rows);
        batch.Counted = batch.Fill(seed, step);
        return batch;
    }

    public int Counted { get; private set; }

    public int Fill(ulong seed, ulong step) => _objective.Fill(
        seed, step, new(Rows, Tokens, Targets) { Bounds = Bounds, SourceTokens = SourceTokens, SourceBounds = SourceBounds });

    public int[] TokensOf(int row) => Row(Tokens, row, _objective.Length);

    public int[] TargetsOf(int row) => Row(Targets, row, _objective.Length);

    /// <summary>The source's tokens within its bounds; none where there is no source.</summary>
    public int[] SourceOf(int row) => _objective.SourceLength == 0 ? [] : Row(SourceTokens, row, _objective.SourceLength)[SourceBounds[2 * row]..SourceBounds[(2 * row) + 1]];

    /// <summary>Everything, for comparisons.</summary>
    public int[] All => [.. Tokens, .. Targets, .. Bounds, .. SourceTokens, .. SourceBounds];

    private static int[] Row(int[] values, int row, int width) => values[(row * width)..((row + 1) * width)];
}

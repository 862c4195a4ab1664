namespace Intaglio.Numerics.Cpu;

/// <summary>The rows of each sequence that count: those of a text, not its padding.</summary>
/// <param name="bounds">First row and the row after the last of each sequence; null where whole sequences count.</param>
/// <param name="time">Rows of a sequence.</param>
internal readonly unsafe struct SequenceBounds(int* bounds, int time)
{
    /// <summary>The bounds of a sequence; as many rows as lie between, or none.</summary>
    public (int First, int End) this[int sequence] => bounds is null ? (0, time) : (Checked(bounds[2 * sequence]), Checked(bounds[(2 * sequence) + 1]));

    private int Checked(int bound) => (uint)bound <= (uint)time
        ? bound
        : throw new ArgumentOutOfRangeException(nameof(bounds), bound, $"The sequences have {time} rows.");
}

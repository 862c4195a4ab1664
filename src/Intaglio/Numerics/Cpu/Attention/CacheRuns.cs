namespace Intaglio.Numerics.Cpu;

/// <summary>Divides the rows of a pass into those that follow one another in one slot, such as a prompt's, and those that stand for themselves.</summary>
internal static unsafe class CacheRuns
{
    // As many rows as a tile has: fewer are not worth packing keys for.
    private const int ShortestSequence = AttentionTiles.Rows;

    /// <summary>How many rows from one on are of one kind.</summary>
    /// <param name="positions">Each row's position.</param>
    /// <param name="slots">Each row's slot.</param>
    /// <param name="row">The first row.</param>
    /// <param name="rows">Rows in all.</param>
    /// <param name="isSequence">Whether they follow one another in one slot.</param>
    public static int Length(int* positions, int* slots, int row, int rows, out bool isSequence)
    {
        var length = Following(positions, slots, row, rows);
        isSequence = length >= ShortestSequence;
        if (isSequence)
            return length;

        while (row + length < rows)
        {
            var next = Following(positions, slots, row + length, rows);
            if (next >= ShortestSequence)
                break;

            length += next;
        }

        return length;
    }

    private static int Following(int* positions, int* slots, int row, int rows)
    {
        var end = row + 1;
        while (end < rows && slots[end] == slots[row] && positions[end] == positions[end - 1] + 1)
            end++;

        return end - row;
    }
}

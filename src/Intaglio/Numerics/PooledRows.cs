namespace Intaglio.Numerics;

/// <summary>Which row of a batch stands for each sequence.</summary>
internal static class PooledRows
{
    /// <summary>Sends one row for each sequence.</summary>
    /// <param name="batch">The batch region.</param>
    /// <param name="column">Where they go.</param>
    /// <param name="scratch">Has room for them.</param>
    /// <param name="bounds">The first token of each sequence and the one after its last.</param>
    /// <param name="time">Rows of a sequence.</param>
    /// <param name="pooling">Which token it is; of a mean there is none.</param>
    public static void Write(DeviceBuffer batch, Place column, int[] scratch, ReadOnlySpan<int> bounds, int time, Pooling pooling)
    {
        if (pooling == Pooling.Mean)
            return;

        var sequences = bounds.Length / 2;
        for (var sequence = 0; sequence < sequences; sequence++)
            scratch[sequence] = (sequence * time) + (pooling == Pooling.First ? bounds[2 * sequence] : bounds[(2 * sequence) + 1] - 1);

        batch.Write<int>(scratch.AsSpan(0, sequences), column.Offset);
    }
}

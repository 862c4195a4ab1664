namespace Intaglio.Numerics.Cpu;

/// <summary>Stores rows' keys and values in their slots of a layer's cache, [slot][keys, values][KeyValueHeads][capacity][HeadSize].</summary>
internal readonly unsafe struct StoreKeys<TShape>(float* key, float* value, int* positions, int* slots, float* cache, int capacity, int rows) : IWork
    where TShape : struct, IAttentionShape
{
    // So few rows are copied before a sleeping thread is awake.
    private const int FewRows = 16;

    private static int BlockRows => Math.Max(FewRows, RowBlocks.RowsOf(2 * TShape.KeyValueHeads * TShape.HeadSize));

    public int Items => RowBlocks.Items(rows, BlockRows);

    public void Invoke(int item, int thread)
    {
        var end = Math.Min(rows, (item + 1) * BlockRows);
        for (var row = item * BlockRows; row < end; row++)
        {
            if ((uint)positions[row] >= (uint)capacity)
                throw new ArgumentOutOfRangeException(nameof(positions), positions[row], $"The cache holds {capacity} positions a slot.");

            for (var head = 0; head < TShape.KeyValueHeads; head++)
            {
                var column = head * TShape.HeadStride;
                var keys = cache + ((((((nint)slots[row] * 2 * TShape.KeyValueHeads) + head) * capacity) + positions[row]) * TShape.HeadSize);
                var values = keys + ((nint)TShape.KeyValueHeads * capacity * TShape.HeadSize);
                new ReadOnlySpan<float>(key + ((nint)row * TShape.KeyStride) + column, TShape.HeadSize).CopyTo(new(keys, TShape.HeadSize));
                new ReadOnlySpan<float>(value + ((nint)row * TShape.ValueStride) + column, TShape.HeadSize).CopyTo(new(values, TShape.HeadSize));
            }
        }
    }
}

namespace Intaglio.Numerics.Cpu;

/// <summary>Stores rows' keys and values in their slots of a layer's cache, [slot][keys, values][capacity][width].</summary>
internal readonly unsafe struct StoreKeys(float* key, float* value, int rowStride, int* positions, int* slots, float* cache, int capacity, int width, int rows) : IWork
{
    public int Items => RowBlocks.Items(rows, RowBlocks.RowsOf(2 * width));

    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(2 * width);
        var end = Math.Min(rows, (item + 1) * block);
        for (var row = item * block; row < end; row++)
        {
            if ((uint)positions[row] >= (uint)capacity)
                throw new ArgumentOutOfRangeException(nameof(positions), positions[row], $"The cache holds {capacity} positions a slot.");

            var keys = cache + ((((nint)slots[row] * 2 * capacity) + positions[row]) * width);
            new ReadOnlySpan<float>(key + ((nint)row * rowStride), width).CopyTo(new(keys, width));
            new ReadOnlySpan<float>(value + ((nint)row * rowStride), width).CopyTo(new(keys + ((nint)capacity * width), width));
        }
    }
}

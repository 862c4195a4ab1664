namespace Intaglio.Numerics.Cpu;

/// <summary>Packs all rows of a product's left factor as tiles of [depth][rows], for all threads to read.</summary>
/// <param name="factors">The product.</param>
/// <param name="tiles">Where they go.</param>
internal readonly unsafe struct PackLeft<TTile>(Factors factors, float* tiles) : IWork
    where TTile : struct, ITile
{
    private const int CacheLineFloats = 16;

    // Of a factor that is stored transposed, an item reads whole rows.
    private const int ItemDepth = 64;

    public int Items => factors.LeftTransposed ? RowBlocks.Items(factors.Depth, ItemDepth) : RowBlocks.Items(factors.Rows, TTile.Rows);

    /// <summary>
    /// Floats from one tile to the next: packing six rows as eight writes two more than it keeps. Without a line between them, tiles would be powers of two apart, and
    /// what is written to all of them in turn would meet in the same lines of the cache.
    /// </summary>
    public static nint Stride(int depth) => RowBlocks.Items((depth * TTile.Rows) + 2, CacheLineFloats) * CacheLineFloats;

    public void Invoke(int item, int thread)
    {
        if (factors.LeftTransposed)
        {
            var start = item * ItemDepth;
            Packing.TilesOfColumns<TTile>(
                factors.Left + (start * factors.LeftStride), factors.LeftStride, factors.Rows, Math.Min(ItemDepth, factors.Depth - start), tiles + ((nint)start * TTile.Rows), Stride(factors.Depth));
            return;
        }

        var row = item * TTile.Rows;
        Packing.TileRows<TTile>(factors.Left + (row * factors.LeftStride), factors.LeftStride, factors.Rows - row, factors.Depth, tiles + (item * Stride(factors.Depth)));
    }
}

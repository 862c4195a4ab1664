namespace Intaglio.Numerics.Cpu;

/// <summary>Packs all rows of a product's left factor as tiles of [depth][rows], for all threads to read.</summary>
/// <param name="factors">The product; its left factor stands as it is.</param>
/// <param name="tiles">Where they go.</param>
internal readonly unsafe struct PackLeft<TTile>(Factors factors, float* tiles) : IWork
    where TTile : struct, ITile
{
    private const int CacheLineFloats = 16;

    public int Items => RowBlocks.Items(factors.Rows, TTile.Rows);

    /// <summary>Floats from one tile to the next: packing six rows as eight writes two more than it keeps.</summary>
    public static nint Stride(int depth) => RowBlocks.Items((depth * TTile.Rows) + 2, CacheLineFloats) * CacheLineFloats;

    public void Invoke(int item, int thread)
    {
        var row = item * TTile.Rows;
        Packing.TileRows<TTile>(factors.Left + (row * factors.LeftStride), factors.LeftStride, factors.Rows - row, factors.Depth, tiles + (item * Stride(factors.Depth)));
    }
}

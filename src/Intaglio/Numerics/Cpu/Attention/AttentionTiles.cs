using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>Products of eight rows by a multiple of two vectors, on whatever registers there are.</summary>
internal static unsafe class AttentionTiles
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 8;

    /// <summary>
    /// c = a · b (or c += a · b) for eight rows and as much of one panel of b as <paramref name="columns"/> reach into: its first vector, beyond which nothing is read or
    /// written, or both. The other parameters are as in <see cref="IStridedTile.Multiply{T}"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<T>(float* a, nint rowStride, nint depthStride, float* b, nint bStride, int depth, float* c, nint cStride, bool adds, int columns)
        where T : struct, IVectorLane<T>
    {
        if (columns <= T.Count)
        {
            StridedTile8x1.Multiply<T>(a, rowStride, depthStride, b, bStride, depth, c, cStride, adds);
            return;
        }

        if (Tiles.HasManyRegisters)
        {
            StridedTile8x2.Multiply<T>(a, rowStride, depthStride, b, bStride, depth, c, cStride, adds);
            return;
        }

        StridedTile4x2.Multiply<T>(a, rowStride, depthStride, b, bStride, depth, c, cStride, adds);
        StridedTile4x2.Multiply<T>(a + (4 * rowStride), rowStride, depthStride, b, bStride, depth, c + (4 * cStride), cStride, adds);
    }

    /// <summary><paramref name="count"/> rounded up to whole panels of two vectors.</summary>
    public static int WholePanels<T>(int count)
        where T : struct, IVectorLane<T>
        => (count + (2 * T.Count) - 1) / (2 * T.Count) * (2 * T.Count);

    /// <summary><paramref name="count"/> rounded up to whole vectors.</summary>
    public static int WholeVectors<T>(int count)
        where T : struct, IVectorLane<T>
        => (count + T.Count - 1) / T.Count * T.Count;

    /// <summary>Packs rows of a head transposed, as [panel][HeadSize][2 · T.Count]: the right factor of scores.</summary>
    public static void PackTransposed<T>(float* source, int rowStride, int rows, int headSize, float* panels)
        where T : struct, IWideLane<T>
    {
        var width = 2 * T.Count;
        for (var row = 0; row < rows; row += width)
        {
            for (var next = row + width; next < Math.Min(rows, row + (2 * width)); next++)
                HeadRows.Prefetch(source + ((nint)next * rowStride), headSize);
            Packing.Rows<T, Float32>(source, (nint)row * rowStride, rowStride, rows - row, headSize, panels + ((nint)row * headSize), width);
        }
    }

    /// <summary>Packs rows of a head as they stand, as [panel][panelRows][2 · T.Count]: the right factor of weighted sums.</summary>
    public static void Pack<T>(float* source, int rowStride, int rows, int headSize, float* panels, int panelRows)
        where T : struct, IVectorLane<T>
    {
        var width = 2 * T.Count;
        Packing.Columns<T, Float32>(source, 0, rowStride, headSize, rows, panels, width, (nint)width * panelRows);
    }
}

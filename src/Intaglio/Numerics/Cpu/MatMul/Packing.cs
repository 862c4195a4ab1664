using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Intaglio.Numerics.Cpu;

/// <summary>Copies blocks of matrices into the order in which tiles read them, padded with zeros.</summary>
internal static unsafe class Packing
{
    private const int PrefetchedRows = 16;
    private const int CacheLineFloats = 16;

    /// <summary>Packs columns of a row-major matrix as panels of [depth][width], the last padded with zeros.</summary>
    /// <param name="source">The matrix.</param>
    /// <param name="start">Index of the block's first element.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="columns">Columns that exist.</param>
    /// <param name="depth">Rows.</param>
    /// <param name="panels">Where they go.</param>
    /// <param name="width">Columns of a panel, a multiple of the lane's count.</param>
    /// <param name="panelStride">Floats from one panel to the next.</param>
    [MethodImpl(Jit.HotLoop)]
    public static void Columns<T, TWeight>(void* source, nint start, nint stride, int columns, int depth, float* panels, int width, nint panelStride)
        where T : struct, IVectorLane<T>
        where TWeight : struct, IStorage
    {
        // Row by row, as the processor reads ahead; it does not where rows are parts of far longer ones.
        for (; depth > 0; depth--)
        {
            if (columns * 2 < stride && TWeight.Format == NumberFormat.FP32)
                Prefetch((float*)source + start + (Math.Min(PrefetchedRows, depth - 1) * stride), columns);

            var panel = panels;
            var column = 0;
            for (; column <= columns - width; column += width)
            {
                for (var index = 0; index < width; index += T.Count)
                    T.Store(panel + index, TWeight.Load<T>(source, start + column + index));
                panel += panelStride;
            }

            if (column < columns)
                PaddedRow<T, TWeight>(source, start + column, columns - column, panel, width);

            start += stride;
            panels += width;
        }
    }

    /// <summary>Packs rows of a row-major matrix, transposed, as [depth][width].</summary>
    /// <param name="source">The matrix.</param>
    /// <param name="start">Index of the block's first element.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">Rows that exist.</param>
    /// <param name="depth">Columns.</param>
    /// <param name="panel">Where they go.</param>
    /// <param name="width">Rows of the panel, a multiple of the lane's count.</param>
    public static void Rows<T, TWeight>(void* source, nint start, nint stride, int rows, int depth, float* panel, int width)
        where T : struct, IWideLane<T>
        where TWeight : struct, IStorage
    {
        var row = 0;
        for (; row <= Math.Min(rows, width) - T.Count; row += T.Count)
            RowGroup<T, TWeight>(source, start + (row * stride), stride, depth, panel + row, width);
        for (; row < width; row++)
            Row<TWeight>(source, start + (row * stride), row < rows, depth, panel + row, width);
    }

    /// <summary>Packs a tile's rows of a row-major matrix as [depth][TTile.Rows].</summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="rows">Rows from here to the matrix's end, perhaps more than the tile has.</param>
    /// <param name="depth">Columns.</param>
    /// <param name="tile">Where they go; a little beyond the tile may be overwritten.</param>
    public static void TileRows<TTile>(float* source, nint stride, int rows, int depth, float* tile)
        where TTile : struct, ITile
    {
        // A tile of six rows is written as eight, each of which covers the excess of the one before.
        if (TTile.Rows > F4.Count && rows >= F8.Count)
            RowGroup<F8, Float32>(source, 0, stride, depth, tile, TTile.Rows);
        else if (TTile.Rows == F4.Count && rows >= F4.Count)
            RowGroup<F4, Float32>(source, 0, stride, depth, tile, TTile.Rows);
        else
            Rows<F4, Float32>(source, 0, stride, rows, depth, tile, TTile.Rows);
    }

    /// <summary>Packs columns of a row-major matrix as tiles of [depth][TTile.Rows]: the matrix is the transpose of the product's left factor.</summary>
    /// <param name="source">The first column.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="columns">How many columns; they end where the matrix does or fill the tiles.</param>
    /// <param name="depth">Rows.</param>
    /// <param name="tiles">Where they go.</param>
    /// <param name="tileStride">Floats from one tile to the next.</param>
    [MethodImpl(Jit.HotLoop)]
    public static void TilesOfColumns<TTile>(float* source, nint stride, int columns, int depth, float* tiles, nint tileStride)
        where TTile : struct, ITile
    {
        for (; depth > 0; depth--, source += stride, tiles += TTile.Rows)
        {
            // Rows are too far apart for the processor to see a stream.
            Prefetch(source + (Math.Min(PrefetchedRows, depth - 1) * stride), columns);
            var tile = tiles;
            var column = 0;
            for (; column <= columns - TTile.Rows; column += TTile.Rows, tile += tileStride)
                Copy<TTile>(source + column, tile);
            if (column == columns)
                continue;

            for (var row = 0; row < TTile.Rows; row++)
                tile[row] = column + row < columns ? source[column + row] : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PaddedRow<T, TWeight>(void* source, nint start, int columns, float* panel, int width)
        where T : struct, IVectorLane<T>
        where TWeight : struct, IStorage
    {
        var column = 0;
        for (; column <= columns - T.Count; column += T.Count)
            T.Store(panel + column, TWeight.Load<T>(source, start + column));
        for (; column < columns; column++)
            F1.Store(panel + column, TWeight.Load<F1>(source, start + column));
        for (; column < width; column++)
            panel[column] = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* row, int count)
    {
        if (!Sse.IsSupported)
            return;

        for (var index = 0; index < count; index += CacheLineFloats)
            Sse.Prefetch0(row + index);
    }

    // One row of a tile, of four, six or eight floats.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<TTile>(float* source, float* destination)
        where TTile : struct, ITile
    {
        if (TTile.Rows == F8.Count)
        {
            F8.Store(destination, F8.Load(source));
            return;
        }

        F4.Store(destination, F4.Load(source));
        if (TTile.Rows > F4.Count)
            *(double*)(destination + F4.Count) = *(double*)(source + F4.Count);
    }

    [MethodImpl(Jit.HotLoop)]
    private static void RowGroup<T, TWeight>(void* source, nint start, nint stride, int depth, float* panel, nint width)
        where T : struct, IWideLane<T>
        where TWeight : struct, IStorage
    {
        for (; depth >= 4; depth -= 4)
        {
            var a = LoadQuads<T, TWeight>(source, start, stride);
            var b = LoadQuads<T, TWeight>(source, start + stride, stride);
            var c = LoadQuads<T, TWeight>(source, start + (2 * stride), stride);
            var d = LoadQuads<T, TWeight>(source, start + (3 * stride), stride);
            T.TransposeQuads(ref a, ref b, ref c, ref d);
            T.Store(panel, a);
            T.Store(panel + width, b);
            T.Store(panel + (2 * width), c);
            T.Store(panel + (3 * width), d);
            start += 4;
            panel += 4 * width;
        }

        for (; depth > 0; depth--, start++, panel += width)
        {
            for (var row = 0; row < T.Count; row++)
                F1.Store(panel + row, TWeight.Load<F1>(source, start + (row * stride)));
        }
    }

    private static void Row<TWeight>(void* source, nint start, bool exists, int depth, float* panel, nint width)
        where TWeight : struct, IStorage
    {
        for (var index = 0; index < depth; index++)
            F1.Store(panel + (index * width), exists ? TWeight.Load<F1>(source, start + index) : F1.Of(0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LoadQuads<T, TWeight>(void* source, nint index, nint stride)
        where T : struct, IWideLane<T>
        where TWeight : struct, IStorage
        => TWeight.Format == NumberFormat.BF16
            ? T.LoadQuadsBFloat16((ushort*)source + index, stride)
            : T.LoadQuads((float*)source + index, stride);
}

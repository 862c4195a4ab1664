using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// A product with few rows, as in generation: nothing is packed, the right factor passes through the caches once and the time is that of reading it.
/// </summary>
/// <param name="factors">The product; its left factor is not transposed.</param>
/// <param name="fusion">What follows it.</param>
/// <param name="workspace">Each thread's part holds the sums of an item.</param>
internal readonly unsafe struct FewRows<T, TFusion, TWeight>(Factors factors, FusionOperands<TFusion, TWeight> fusion, CpuWorkspace workspace) : IWork
    where T : struct, IWideLane<T>
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    // With more rows, packing pays: later where each column of the right factor lies in one piece.
    private const int MostOfRowMajor = 8;
    private const int MostOfTransposed = 16;

    private const int ItemColumns = 64;

    // So many rows of the right factor stay in the caches for the other rows of the left one.
    private const int ItemDepth = 512;

    private const int PrefetchedRows = 8;
    private const int CacheLine = 64;

    /// <summary>Whether a product has few rows.</summary>
    public static bool Suit(in Factors factors) => !factors.LeftTransposed && factors.Rows <= (factors.RightTransposed ? MostOfTransposed : MostOfRowMajor);

    public int Items => (factors.Columns + ItemColumns - 1) / ItemColumns;

    public void Invoke(int item, int thread)
    {
        var sums = workspace.Thread(thread);
        var column = item * ItemColumns;
        var columns = Math.Min(ItemColumns, factors.Columns - column);
        for (var row = 0; row < factors.Rows; row += MostOfTransposed)
        {
            var rows = Math.Min(MostOfTransposed, factors.Rows - row);
            if (factors.RightTransposed)
                Dots(sums, row, rows, column, columns);
            else
                Sums(sums, row, rows, column, columns);

            Finish(sums, row, rows, column, columns);
        }
    }

    [MethodImpl(Jit.HotLoop)]
    private void Finish(float* sums, int row, int rows, int column, int columns)
    {
        for (var index = 0; index < rows; index++)
            fusion.StoreRow<T>(sums + (index * ItemColumns), row + index, column, columns);
    }

    private void Sums(float* sums, int row, int rows, int column, int columns)
    {
        new Span<float>(sums, rows * ItemColumns).Clear();
        for (var start = 0; start < factors.Depth; start += ItemDepth)
        {
            var depth = Math.Min(ItemDepth, factors.Depth - start);
            var index = 0;
            for (; index <= rows - 4; index += 4)
                AddFourRows(Left(row + index) + start, (start * factors.RightStride) + column, depth, sums + (index * ItemColumns), columns);
            for (; index < rows; index++)
                AddRow(Left(row + index) + start, (start * factors.RightStride) + column, depth, sums + (index * ItemColumns), columns);
        }
    }

    // sums += x · right, for one row.
    [MethodImpl(Jit.HotLoop)]
    private void AddRow(float* x, nint start, int depth, float* sums, int columns)
    {
        var column = 0;
        for (; column <= columns - (4 * T.Count); column += 4 * T.Count)
        {
            var at = start + column;
            var c0 = T.Load(sums + column);
            var c1 = T.Load(sums + column + T.Count);
            var c2 = T.Load(sums + column + (2 * T.Count));
            var c3 = T.Load(sums + column + (3 * T.Count));
            for (var index = 0; index < depth; index++)
            {
                var value = T.Of(x[index]);
                Prefetch(at + (PrefetchedRows * factors.RightStride));
                c0 = T.MultiplyAdd(value, TWeight.Load<T>(factors.Right, at), c0);
                c1 = T.MultiplyAdd(value, TWeight.Load<T>(factors.Right, at + T.Count), c1);
                c2 = T.MultiplyAdd(value, TWeight.Load<T>(factors.Right, at + (2 * T.Count)), c2);
                c3 = T.MultiplyAdd(value, TWeight.Load<T>(factors.Right, at + (3 * T.Count)), c3);
                at += factors.RightStride;
            }

            T.Store(sums + column, c0);
            T.Store(sums + column + T.Count, c1);
            T.Store(sums + column + (2 * T.Count), c2);
            T.Store(sums + column + (3 * T.Count), c3);
        }

        for (; column <= columns - T.Count; column += T.Count)
            AddColumn<T>(x, start + column, depth, sums + column);
        for (; column < columns; column++)
            AddColumn<F1>(x, start + column, depth, sums + column);
    }

    // The same for four rows, which share what is loaded.
    [MethodImpl(Jit.HotLoop)]
    private void AddFourRows(float* x, nint start, int depth, float* sums, int columns)
    {
        var x1 = x + factors.LeftStride;
        var x2 = x1 + factors.LeftStride;
        var x3 = x2 + factors.LeftStride;
        var column = 0;
        for (; column <= columns - (2 * T.Count); column += 2 * T.Count)
        {
            var at = start + column;
            Load(sums + column, out var c00, out var c01);
            Load(sums + column + ItemColumns, out var c10, out var c11);
            Load(sums + column + (2 * ItemColumns), out var c20, out var c21);
            Load(sums + column + (3 * ItemColumns), out var c30, out var c31);
            for (var index = 0; index < depth; index++)
            {
                var w0 = TWeight.Load<T>(factors.Right, at);
                var w1 = TWeight.Load<T>(factors.Right, at + T.Count);
                var value = T.Of(x[index]);
                c00 = T.MultiplyAdd(value, w0, c00);
                c01 = T.MultiplyAdd(value, w1, c01);
                value = T.Of(x1[index]);
                c10 = T.MultiplyAdd(value, w0, c10);
                c11 = T.MultiplyAdd(value, w1, c11);
                value = T.Of(x2[index]);
                c20 = T.MultiplyAdd(value, w0, c20);
                c21 = T.MultiplyAdd(value, w1, c21);
                value = T.Of(x3[index]);
                c30 = T.MultiplyAdd(value, w0, c30);
                c31 = T.MultiplyAdd(value, w1, c31);
                at += factors.RightStride;
            }

            Store(sums + column, c00, c01);
            Store(sums + column + ItemColumns, c10, c11);
            Store(sums + column + (2 * ItemColumns), c20, c21);
            Store(sums + column + (3 * ItemColumns), c30, c31);
        }

        for (; column < columns; column++)
        {
            AddColumn<F1>(x, start + column, depth, sums + column);
            AddColumn<F1>(x1, start + column, depth, sums + column + ItemColumns);
            AddColumn<F1>(x2, start + column, depth, sums + column + (2 * ItemColumns));
            AddColumn<F1>(x3, start + column, depth, sums + column + (3 * ItemColumns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* source, out T v0, out T v1)
    {
        v0 = T.Load(source);
        v1 = T.Load(source + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* destination, T v0, T v1)
    {
        T.Store(destination, v0);
        T.Store(destination + T.Count, v1);
    }

    private float* Left(int row) => factors.Left + (row * factors.LeftStride);

    // Rows of the right factor are too far apart for the processor to see a stream; an address beyond the matrix does no harm.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(nint at)
    {
        if (!Sse.IsSupported)
            return;

        var line = (byte*)factors.Right + (at * TWeight.Bytes);
        for (var offset = 0; offset < 4 * T.Count * TWeight.Bytes; offset += CacheLine)
            Sse.Prefetch0(line + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddColumn<TLane>(float* x, nint at, int depth, float* sums)
        where TLane : struct, IVectorLane<TLane>
    {
        var sum = TLane.Load(sums);
        for (var index = 0; index < depth; index++, at += factors.RightStride)
            sum = TLane.MultiplyAdd(TLane.Of(x[index]), TWeight.Load<TLane>(factors.Right, at), sum);
        TLane.Store(sums, sum);
    }

    // The right factor's rows are the columns of the result: four of them at a time, for one row of the left factor or for two.
    [MethodImpl(Jit.HotLoop)]
    private void Dots(float* sums, int row, int rows, int column, int columns)
    {
        var step = factors.RightStride * TWeight.Bytes;
        var last = (byte*)factors.Right + ((column + columns - 1) * step);
        for (var first = 0; first < columns; first += 4)
        {
            // Beyond the last column the last is computed again: the sums' row is a multiple of four long.
            var w0 = (byte*)factors.Right + ((column + first) * step);
            var w1 = w0 < last ? w0 + step : last;
            var w2 = w1 < last ? w1 + step : last;
            var w3 = w2 < last ? w2 + step : last;
            var index = 0;
            for (; index <= rows - 2; index += 2)
                FourDots<T, TWeight>.OfTwoRows(Left(row + index), factors.LeftStride, w0, w1, w2, w3, factors.Depth, sums + (index * ItemColumns) + first, ItemColumns, index == 0);
            if (index < rows)
                FourDots<T, TWeight>.OfRow(Left(row + index), w0, w1, w2, w3, factors.Depth, sums + (index * ItemColumns) + first, index == 0);
        }
    }
}

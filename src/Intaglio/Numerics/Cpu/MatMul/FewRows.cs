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
    // With more rows than this, packing pays.
    public const int MostRows = 8;

    private const int ItemColumns = 64;

    // So many rows of the right factor stay in the caches for the other rows of the left one.
    private const int ItemDepth = 512;

    private const int PrefetchedRows = 8;
    private const int CacheLine = 64;

    public int Items => (factors.Columns + ItemColumns - 1) / ItemColumns;

    public void Invoke(int item, int thread)
    {
        var sums = workspace.Thread(thread);
        var column = item * ItemColumns;
        var columns = Math.Min(ItemColumns, factors.Columns - column);
        for (var row = 0; row < factors.Rows; row += MostRows)
        {
            var rows = Math.Min(MostRows, factors.Rows - row);
            if (factors.RightTransposed)
                Dots(sums, row, rows, column, columns);
            else
                Sums(sums, row, rows, column, columns);

            Finish(sums, row, rows, column, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    // The right factor's rows are the columns of the result: four scalar products at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dots(float* sums, int row, int rows, int column, int columns)
    {
        for (var first = 0; first < columns; first += 4)
        {
            // Beyond the last column the last is computed again.
            var at0 = (column + first) * factors.RightStride;
            var at1 = (column + Math.Min(first + 1, columns - 1)) * factors.RightStride;
            var at2 = (column + Math.Min(first + 2, columns - 1)) * factors.RightStride;
            var at3 = (column + Math.Min(first + 3, columns - 1)) * factors.RightStride;
            for (var index = 0; index < rows; index++)
            {
                var x = factors.Left + ((row + index) * factors.LeftStride);
                T c0 = T.Of(0), c1 = T.Of(0), c2 = T.Of(0), c3 = T.Of(0);
                var k = 0;
                for (; k <= factors.Depth - T.Count; k += T.Count)
                {
                    var value = T.Load(x + k);
                    c0 = T.MultiplyAdd(value, TWeight.Load<T>(factors.Right, at0 + k), c0);
                    c1 = T.MultiplyAdd(value, TWeight.Load<T>(factors.Right, at1 + k), c1);
                    c2 = T.MultiplyAdd(value, TWeight.Load<T>(factors.Right, at2 + k), c2);
                    c3 = T.MultiplyAdd(value, TWeight.Load<T>(factors.Right, at3 + k), c3);
                }

                F1 d0 = F1.Of(T.Sum(c0)), d1 = F1.Of(T.Sum(c1)), d2 = F1.Of(T.Sum(c2)), d3 = F1.Of(T.Sum(c3));
                for (; k < factors.Depth; k++)
                {
                    var value = F1.Load(x + k);
                    d0 = F1.MultiplyAdd(value, TWeight.Load<F1>(factors.Right, at0 + k), d0);
                    d1 = F1.MultiplyAdd(value, TWeight.Load<F1>(factors.Right, at1 + k), d1);
                    d2 = F1.MultiplyAdd(value, TWeight.Load<F1>(factors.Right, at2 + k), d2);
                    d3 = F1.MultiplyAdd(value, TWeight.Load<F1>(factors.Right, at3 + k), d3);
                }

                // The sums' row is a multiple of four long, so that repeated columns do no harm.
                var destination = sums + (index * ItemColumns) + first;
                F1.Store(destination, d0);
                F1.Store(destination + 1, d1);
                F1.Store(destination + 2, d2);
                F1.Store(destination + 3, d3);
            }
        }
    }
}

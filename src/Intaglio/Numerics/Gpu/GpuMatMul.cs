using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>
/// Products. A thread computes a tile of 8 × 8 results in registers, without shared memory; 8 × 8 neighbouring tiles are neighbouring threads, so that
/// what they load in common is still in a cache. All operands have strides, so the same kernel serves both layouts of a weight and its gradient.
/// </summary>
public static class GpuMatMul
{
    private const int Side = GpuRow.Length;
    private const int BlockTiles = 8;

    /// <summary>output = fusion(x · W).</summary>
    public static void Run<TFusion, TStorage, TElement>(MatMulArguments<TElement> at)
        where TFusion : struct, IFusion
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        var tile = LocalMemory.Allocate<float>(Side * Side);
        var tileColumns = (at.Columns + Side - 1) / Side;
        var blockColumns = (tileColumns + BlockTiles - 1) / BlockTiles;
        var count = Threads(at.Rows, at.Columns);
        for (var index = GpuGrid.First; index < count; index += GpuGrid.Stride)
        {
            var block = index / (BlockTiles * BlockTiles);
            var inBlock = index % (BlockTiles * BlockTiles);
            var row = ((block / blockColumns * BlockTiles) + (inBlock % BlockTiles)) * Side;
            var column = ((block % blockColumns * BlockTiles) + (inBlock / BlockTiles)) * Side;
            if (row >= at.Rows || column >= at.Columns)
                continue;

            var rows = at.Rows - row;
            rows = rows < Side ? rows : Side;
            var columns = at.Columns - column;
            columns = columns < Side ? columns : Side;

            if (rows == 1)
                SingleRow<TStorage, TElement>(at, tile, row, column, columns);
            else
                Tile<TStorage, TElement>(at, tile, row, rows, column, columns);

            for (var r = 0; r < rows; r++)
            {
                for (var c = 0; c < columns; c++)
                {
                    GpuFusion.Store<TFusion, TStorage, TElement>(
                        tile[(r * Side) + c], at.Row, column + c, at.Full, at.Output, at.Saved, ((row + r) * at.Columns) + column + c, at.Dropout);
                }
            }
        }
    }

    /// <summary>How many threads have work.</summary>
    internal static int Threads(int rows, int columns)
    {
        const int side = Side * BlockTiles;
        return (rows + side - 1) / side * ((columns + side - 1) / side) * BlockTiles * BlockTiles;
    }

    // Rows of x past the last repeat it, and columns of W likewise: their results are not stored.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TStorage, TElement>(MatMulArguments<TElement> at, ArrayView<float> tile, int row, int rows, int column, int columns)
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        var x0 = row * at.RowStride;
        var x1 = x0 + (rows > 1 ? at.RowStride : 0);
        var x2 = x1 + (rows > 2 ? at.RowStride : 0);
        var x3 = x2 + (rows > 3 ? at.RowStride : 0);
        var x4 = x3 + (rows > 4 ? at.RowStride : 0);
        var x5 = x4 + (rows > 5 ? at.RowStride : 0);
        var x6 = x5 + (rows > 6 ? at.RowStride : 0);
        var x7 = x6 + (rows > 7 ? at.RowStride : 0);
        GpuRow sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default, sum6 = default, sum7 = default;

        if (at.ColumnStride == 1 && columns == Side)
        {
            // The stride is written as the constant 1: only then are the loads seen to be neighbours.
            var x = 0;
            for (var w = column; w < column + (at.Inner * at.InnerStride); w += at.InnerStride)
            {
                var weights = GpuRow.Load<TStorage, TElement>(at.Weight, w, 1);
                sum0 = sum0.Add(at.X[x0 + x], weights);
                sum1 = sum1.Add(at.X[x1 + x], weights);
                sum2 = sum2.Add(at.X[x2 + x], weights);
                sum3 = sum3.Add(at.X[x3 + x], weights);
                sum4 = sum4.Add(at.X[x4 + x], weights);
                sum5 = sum5.Add(at.X[x5 + x], weights);
                sum6 = sum6.Add(at.X[x6 + x], weights);
                sum7 = sum7.Add(at.X[x7 + x], weights);
                x += at.XInnerStride;
            }
        }
        else
        {
            var w0 = column * at.ColumnStride;
            var w1 = w0 + (columns > 1 ? at.ColumnStride : 0);
            var w2 = w1 + (columns > 2 ? at.ColumnStride : 0);
            var w3 = w2 + (columns > 3 ? at.ColumnStride : 0);
            var w4 = w3 + (columns > 4 ? at.ColumnStride : 0);
            var w5 = w4 + (columns > 5 ? at.ColumnStride : 0);
            var w6 = w5 + (columns > 6 ? at.ColumnStride : 0);
            var w7 = w6 + (columns > 7 ? at.ColumnStride : 0);
            var x = 0;
            for (var w = 0; w < at.Inner * at.InnerStride; w += at.InnerStride)
            {
                var weights = new GpuRow
                {
                    Value0 = TStorage.Widen(at.Weight[w + w0]),
                    Value1 = TStorage.Widen(at.Weight[w + w1]),
                    Value2 = TStorage.Widen(at.Weight[w + w2]),
                    Value3 = TStorage.Widen(at.Weight[w + w3]),
                    Value4 = TStorage.Widen(at.Weight[w + w4]),
                    Value5 = TStorage.Widen(at.Weight[w + w5]),
                    Value6 = TStorage.Widen(at.Weight[w + w6]),
                    Value7 = TStorage.Widen(at.Weight[w + w7]),
                };
                sum0 = sum0.Add(at.X[x0 + x], weights);
                sum1 = sum1.Add(at.X[x1 + x], weights);
                sum2 = sum2.Add(at.X[x2 + x], weights);
                sum3 = sum3.Add(at.X[x3 + x], weights);
                sum4 = sum4.Add(at.X[x4 + x], weights);
                sum5 = sum5.Add(at.X[x5 + x], weights);
                sum6 = sum6.Add(at.X[x6 + x], weights);
                sum7 = sum7.Add(at.X[x7 + x], weights);
                x += at.XInnerStride;
            }
        }

        sum0.Store(tile, 0);
        sum1.Store(tile, Side);
        sum2.Store(tile, 2 * Side);
        sum3.Store(tile, 3 * Side);
        sum4.Store(tile, 4 * Side);
        sum5.Store(tile, 5 * Side);
        sum6.Store(tile, 6 * Side);
        sum7.Store(tile, 7 * Side);
    }

    // One row, as a decoded token is: bound by the reading of W.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SingleRow<TStorage, TElement>(MatMulArguments<TElement> at, ArrayView<float> tile, int row, int column, int columns)
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        var x = row * at.RowStride;
        if (at.ColumnStride == 1 && columns == Side)
        {
            GpuRow even = default, odd = default;
            var k = 0;
            for (; k < at.Inner - 1; k += 2)
            {
                even = even.Add(at.X[x + (k * at.XInnerStride)], GpuRow.Load<TStorage, TElement>(at.Weight, (k * at.InnerStride) + column, 1));
                odd = odd.Add(at.X[x + ((k + 1) * at.XInnerStride)], GpuRow.Load<TStorage, TElement>(at.Weight, ((k + 1) * at.InnerStride) + column, 1));
            }

            if (k < at.Inner)
                even = even.Add(at.X[x + (k * at.XInnerStride)], GpuRow.Load<TStorage, TElement>(at.Weight, (k * at.InnerStride) + column, 1));
            even.Add(1f, odd).Store(tile, 0);
            return;
        }

        for (var c = 0; c < columns; c++)
        {
            GpuRow sums = default;
            var start = (column + c) * at.ColumnStride;
            var k = 0;
            if (at.InnerStride == 1 && at.XInnerStride == 1)
            {
                for (; k <= at.Inner - Side; k += Side)
                    sums = sums.Add(GpuRow.Load<GpuFloat32, float>(at.X, x + k, 1), GpuRow.Load<TStorage, TElement>(at.Weight, start + k, 1));
            }

            var sum = sums.Sum();
            for (; k < at.Inner; k++)
                sum += at.X[x + (k * at.XInnerStride)] * TStorage.Widen(at.Weight[start + (k * at.InnerStride)]);
            tile[c] = sum;
        }
    }
}

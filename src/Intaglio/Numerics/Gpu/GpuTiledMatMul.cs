using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Intaglio.Numerics.Gpu;

/// <summary>
/// Products on GPUs: a group of 256 threads computes a tile of 64 × 64 results, each thread 4 × 4 in registers. Pieces of both operands, 16 deep, are
/// brought to the group's shared memory, by four neighbours at a time where they are aligned, so that each is read from global memory once a tile.
/// </summary>
public static class GpuTiledMatMul
{
    /// <summary>Threads of a group.</summary>
    internal const int GroupSize = ThreadSide * ThreadSide;

    private const int Side = 64;
    private const int Depth = 16;
    private const int ThreadSide = Side / GpuQuad.Length;
    private const int DepthQuads = Depth / GpuQuad.Length;

    /// <summary>output = fusion(x · W), as <see cref="GpuMatMul.Run"/> computes it.</summary>
    public static void Run<TFusion, TStorage, TElement>(MatMulArguments<TElement> at)
        where TFusion : struct, IFusion
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        var left = SharedMemory.Allocate<float>(Depth * Side);
        var right = SharedMemory.Allocate<float>(Depth * Side);
        var threadRow = Group.IdxX / ThreadSide * GpuQuad.Length;
        var threadColumn = Group.IdxX % ThreadSide * GpuQuad.Length;
        var tileColumns = (at.Columns + Side - 1) / Side;
        for (var tile = Grid.IdxX; tile < Groups(at.Rows, at.Columns); tile += Grid.DimX)
        {
            var row = tile / tileColumns * Side;
            var column = tile % tileColumns * Side;
            GpuQuad sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (var k = 0; k < at.Inner; k += Depth)
            {
                Bring<GpuFloat32, float>(at.X, row, at.Rows, at.RowStride, k, at.Inner, at.XInnerStride, left);
                Bring<TStorage, TElement>(at.Weight, column, at.Columns, at.ColumnStride, k, at.Inner, at.InnerStride, right);
                Group.Barrier();

                for (var depth = 0; depth < Depth; depth++)
                {
                    var x = Load(left, (depth * Side) + threadRow);
                    var w = Load(right, (depth * Side) + threadColumn);
                    sum0 = sum0.Add(x.Value0, w);
                    sum1 = sum1.Add(x.Value1, w);
                    sum2 = sum2.Add(x.Value2, w);
                    sum3 = sum3.Add(x.Value3, w);
                }

                // What was brought is read before more is.
                Group.Barrier();
            }

            Store<TFusion, TStorage, TElement>(at, sum0, row + threadRow, column + threadColumn);
            Store<TFusion, TStorage, TElement>(at, sum1, row + threadRow + 1, column + threadColumn);
            Store<TFusion, TStorage, TElement>(at, sum2, row + threadRow + 2, column + threadColumn);
            Store<TFusion, TStorage, TElement>(at, sum3, row + threadRow + 3, column + threadColumn);
        }
    }

    /// <summary>Groups that have work.</summary>
    internal static int Groups(int rows, int columns) => (rows + Side - 1) / Side * ((columns + Side - 1) / Side);

    // tile[k, i] = source[first + i, start + k], zero beyond the operand: four elements a thread, along whichever dimension they are neighbours.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bring<TStorage, TElement>(ArrayView<TElement> source, int first, int count, int stride, int start, int inner, int innerStride, ArrayView<float> tile)
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        if (innerStride == 1)
        {
            var i = Group.IdxX / DepthQuads;
            var k = Group.IdxX % DepthQuads * GpuQuad.Length;
            var at = ((first + i) * stride) + start + k;
            GpuQuad quad = default;
            if (TStorage.IsFloat && stride % GpuQuad.Length == 0 && first + i < count && start + k + GpuQuad.Length <= inner)
            {
                quad = LoadAligned(source, at);
            }
            else if (first + i < count)
            {
                if (start + k < inner)
                    quad.Value0 = TStorage.Widen(source[at]);
                if (start + k + 1 < inner)
                    quad.Value1 = TStorage.Widen(source[at + 1]);
                if (start + k + 2 < inner)
                    quad.Value2 = TStorage.Widen(source[at + 2]);
                if (start + k + 3 < inner)
                    quad.Value3 = TStorage.Widen(source[at + 3]);
            }

            var slot = (k * Side) + i;
            tile[slot] = quad.Value0;
            tile[slot + Side] = quad.Value1;
            tile[slot + (2 * Side)] = quad.Value2;
            tile[slot + (3 * Side)] = quad.Value3;
        }
        else
        {
            var k = Group.IdxX / ThreadSide;
            var i = Group.IdxX % ThreadSide * GpuQuad.Length;
            var at = ((first + i) * stride) + ((start + k) * innerStride);
            GpuQuad quad = default;
            if (TStorage.IsFloat && stride == 1 && innerStride % GpuQuad.Length == 0 && start + k < inner && first + i + GpuQuad.Length <= count)
            {
                quad = LoadAligned(source, at);
            }
            else if (start + k < inner)
            {
                if (first + i < count)
                    quad.Value0 = TStorage.Widen(source[at]);
                if (first + i + 1 < count)
                    quad.Value1 = TStorage.Widen(source[at + stride]);
                if (first + i + 2 < count)
                    quad.Value2 = TStorage.Widen(source[at + (2 * stride)]);
                if (first + i + 3 < count)
                    quad.Value3 = TStorage.Widen(source[at + (3 * stride)]);
            }

            var slot = (k * Side) + i;
            tile[slot] = quad.Value0;
            tile[slot + 1] = quad.Value1;
            tile[slot + 2] = quad.Value2;
            tile[slot + 3] = quad.Value3;
        }
    }

    // Operands begin at multiples of 64 bytes (see ParameterTable and the memory plan), so that indices alone decide.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static GpuQuad LoadAligned<TElement>(ArrayView<TElement> source, int index)
        where TElement : unmanaged => source.Cast<GpuQuad>().AsAligned(16)[index / GpuQuad.Length];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static GpuQuad Load(ArrayView<float> tile, int index) => tile.Cast<GpuQuad>().AsAligned(16)[index / GpuQuad.Length];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TFusion, TStorage, TElement>(MatMulArguments<TElement> at, GpuQuad sums, int row, int column)
        where TFusion : struct, IFusion
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        if (row >= at.Rows)
            return;

        Store<TFusion, TStorage, TElement>(at, sums.Value0, row, column);
        Store<TFusion, TStorage, TElement>(at, sums.Value1, row, column + 1);
        Store<TFusion, TStorage, TElement>(at, sums.Value2, row, column + 2);
        Store<TFusion, TStorage, TElement>(at, sums.Value3, row, column + 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TFusion, TStorage, TElement>(MatMulArguments<TElement> at, float sum, int row, int column)
        where TFusion : struct, IFusion
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        if (column < at.Columns)
            GpuFusion.Store<TFusion, TStorage, TElement>(sum, at.Row, column, at.Full, at.Output, at.Saved, (row * at.Columns) + column, at.Dropout);
    }
}

using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>output = fusion(x), by blocks of rows.</summary>
internal readonly unsafe struct MapRows<T, TFusion>(float* x, FusionOperands<TFusion, Float32> fusion, int width, int rows) : IWork
    where T : struct, IVectorLane<T>
    where TFusion : struct, IFusion
{
    public int Items => RowBlocks.Items(rows, RowBlocks.RowsOf(width));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(width);
        var end = Math.Min(rows, (item + 1) * block);
        for (var row = item * block; row < end; row++)
            fusion.StoreRow<T>(x + ((nint)row * width), row, 0, width);
    }
}

using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>output = fusion(gate(x[:, ..Width], x[:, Width..])), by blocks of rows.</summary>
internal readonly unsafe struct GateRows<T, TShape, TGate, TFusion>(float* x, FusionOperands<TFusion, Float32> fusion, int rows) : IWork
    where T : struct, IVectorLane<T>
    where TShape : struct, IGateShape
    where TGate : struct, IGate
    where TFusion : struct, IFusion
{
    public int Items => RowBlocks.Items(rows, RowBlocks.RowsOf(2 * TShape.Width));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(2 * TShape.Width);
        var end = Math.Min(rows, (item + 1) * block);
        for (var row = item * block; row < end; row++)
        {
            var gate = x + ((nint)row * 2 * TShape.Width);
            var column = 0;
            for (; column <= TShape.Width - T.Count; column += T.Count)
                fusion.Store(TGate.Invoke(T.Load(gate + column), T.Load(gate + TShape.Width + column)), row, column);
            for (; column < TShape.Width; column++)
                fusion.Store(TGate.Invoke(F1.Load(gate + column), F1.Load(gate + TShape.Width + column)), row, column);
        }
    }
}

using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>The gradients of gate and value, side by side, by blocks of rows.</summary>
internal readonly unsafe struct GateRowsBackward<T, TShape, TGate>(float* x, float* outputGradient, float* inputGradient, int rows) : IWork
    where T : struct, IVectorLane<T>
    where TShape : struct, IGateShape
    where TGate : struct, IGate
{
    public int Items => RowBlocks.Items(rows, RowBlocks.RowsOf(2 * TShape.Width));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(2 * TShape.Width);
        var end = Math.Min(rows, (item + 1) * block);
        for (var row = item * block; row < end; row++)
        {
            var start = (nint)row * 2 * TShape.Width;
            var gradient = outputGradient + ((nint)row * TShape.Width);
            var column = 0;
            for (; column <= TShape.Width - T.Count; column += T.Count)
                Store<T>(start, gradient, column);
            for (; column < TShape.Width; column++)
                Store<F1>(start, gradient, column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<TLane>(nint start, float* gradient, int column)
        where TLane : struct, IVectorLane<TLane>
    {
        var gate = start + column;
        var value = gate + TShape.Width;
        TLane.Store(inputGradient + gate, TGate.Gradient(TLane.Load(x + gate), TLane.Load(x + value), TLane.Load(gradient + column), out var valueGradient));
        TLane.Store(inputGradient + value, valueGradient);
    }
}

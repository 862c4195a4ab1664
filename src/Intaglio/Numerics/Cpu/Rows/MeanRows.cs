using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>output[s] = the mean of the rows within the bounds of sequence s, by blocks of columns, each from the first row to the last.</summary>
internal readonly unsafe struct MeanRows<T>(float* x, SequenceBounds bounds, float* output, int width, int batch, int time) : IWork
    where T : struct, IVectorLane<T>
{
    private int Blocks => RowBlocks.Items(width, RowBlocks.ItemColumns);

    public int Items => batch * Blocks;

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var sequence = item / Blocks;
        var (first, end) = bounds[sequence];
        var source = x + ((((nint)sequence * time) + first) * width);
        var destination = output + ((nint)sequence * width);
        var column = item % Blocks * RowBlocks.ItemColumns;
        var columns = Math.Min(width, column + RowBlocks.ItemColumns);
        for (; column <= columns - T.Count; column += T.Count)
            Store<T>(source + column, end - first, destination + column);
        for (; column < columns; column++)
            Store<F1>(source + column, end - first, destination + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<TLane>(float* source, int count, float* destination)
        where TLane : struct, IVectorLane<TLane>
    {
        var sum = TLane.Of(0);
        for (var row = 0; row < count; row++, source += width)
            sum += TLane.Load(source);
        TLane.Store(destination, count > 0 ? sum * TLane.Of(1f / count) : sum);
    }
}

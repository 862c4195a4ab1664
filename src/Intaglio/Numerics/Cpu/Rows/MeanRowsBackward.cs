using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>inputGradient = outputGradient[s] / count for the rows within the bounds of sequence s, 0 for the others; by blocks of rows.</summary>
internal readonly unsafe struct MeanRowsBackward<T>(float* outputGradient, SequenceBounds bounds, float* inputGradient, int width, int batch, int time) : IWork
    where T : struct, IVectorLane<T>
{
    public int Items => RowBlocks.Items(batch * time, RowBlocks.RowsOf(width));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(width);
        var endRow = Math.Min(batch * time, (item + 1) * block);
        for (var row = item * block; row < endRow; row++)
        {
            var (first, end) = bounds[row / time];
            var destination = inputGradient + ((nint)row * width);
            if (row % time < first || row % time >= end)
            {
                new Span<float>(destination, width).Clear();
                continue;
            }

            var source = outputGradient + ((nint)(row / time) * width);
            var scale = 1f / (end - first);
            var column = 0;
            for (; column <= width - T.Count; column += T.Count)
                T.Store(destination + column, T.Load(source + column) * T.Of(scale));
            for (; column < width; column++)
                destination[column] = source[column] * scale;
        }
    }
}

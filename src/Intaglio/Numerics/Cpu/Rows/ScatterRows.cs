using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>tableGradient[indices[r]] += outputGradient[r], by blocks of columns, each from the first row to the last.</summary>
internal readonly unsafe struct ScatterRows<T>(int* indices, float* outputGradient, float* tableGradient, int width, int rows) : IWork
    where T : struct, IVectorLane<T>
{
    public int Items => RowBlocks.Items(width, RowBlocks.ItemColumns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke(int item, int thread)
    {
        var first = item * RowBlocks.ItemColumns;
        var end = Math.Min(width, first + RowBlocks.ItemColumns);
        for (var row = 0; row < rows; row++)
        {
            var source = outputGradient + ((nint)row * width);
            var destination = tableGradient + ((nint)indices[row] * width);
            var column = first;
            for (; column <= end - T.Count; column += T.Count)
                T.Store(destination + column, T.Load(destination + column) + T.Load(source + column));
            for (; column < end; column++)
                destination[column] += source[column];
        }
    }
}

using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>sum[indices[r]] += x[r], by blocks of columns, each from the first row to the last, without the rows whose index is <c>skipped</c>.</summary>
internal readonly unsafe struct ScatterRows<T>(float* x, int* indices, float* sum, int width, int rows, int skipped) : IWork
    where T : struct, IVectorLane<T>
{
    public int Items => RowBlocks.Items(width, RowBlocks.ItemColumns);

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var first = item * RowBlocks.ItemColumns;
        var end = Math.Min(width, first + RowBlocks.ItemColumns);
        for (var row = 0; row < rows; row++)
        {
            if (indices[row] == skipped)
                continue;

            var source = x + ((nint)row * width);
            var destination = sum + ((nint)indices[row] * width);
            var column = first;
            for (; column <= end - T.Count; column += T.Count)
                T.Store(destination + column, T.Load(destination + column) + T.Load(source + column));
            for (; column < end; column++)
                destination[column] += source[column];
        }
    }
}

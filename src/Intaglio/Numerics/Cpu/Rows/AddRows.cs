using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>sum += Σ x over the rows, by blocks of columns, each from the first row to the last.</summary>
internal readonly unsafe struct AddRows<T>(float* x, nint stride, float* sum, int width, int rows) : IWork
    where T : struct, IVectorLane<T>
{
    public int Items => RowBlocks.Items(width, RowBlocks.ItemColumns);

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var column = item * RowBlocks.ItemColumns;
        var end = Math.Min(width, column + RowBlocks.ItemColumns);
        for (; column <= end - (4 * T.Count); column += 4 * T.Count)
        {
            T s0 = T.Of(0), s1 = T.Of(0), s2 = T.Of(0), s3 = T.Of(0);
            var source = x + column;
            for (var row = 0; row < rows; row++, source += stride)
            {
                s0 += T.Load(source);
                s1 += T.Load(source + T.Count);
                s2 += T.Load(source + (2 * T.Count));
                s3 += T.Load(source + (3 * T.Count));
            }

            Add(sum + column, s0);
            Add(sum + column + T.Count, s1);
            Add(sum + column + (2 * T.Count), s2);
            Add(sum + column + (3 * T.Count), s3);
        }

        for (; column <= end - T.Count; column += T.Count)
            AddColumn<T>(column);
        for (; column < end; column++)
            AddColumn<F1>(column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddColumn<TLane>(int column)
        where TLane : struct, IVectorLane<TLane>
    {
        var total = TLane.Of(0);
        var source = x + column;
        for (var row = 0; row < rows; row++, source += stride)
            total += TLane.Load(source);
        Add(sum + column, total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLane>(float* destination, TLane value)
        where TLane : struct, IVectorLane<TLane>
        => TLane.Store(destination, TLane.Load(destination) + value);
}

namespace Intaglio.Numerics.Cpu;

/// <summary>output = 0.</summary>
internal readonly unsafe struct ClearRows(float* output, int width, int rows) : IWork
{
    public int Items => RowBlocks.Items(rows, RowBlocks.RowsOf(width));

    public void Invoke(int item, int thread)
    {
        var first = item * RowBlocks.RowsOf(width);
        var end = Math.Min(rows, first + RowBlocks.RowsOf(width));
        new Span<float>(output + ((nint)first * width), (end - first) * width).Clear();
    }
}

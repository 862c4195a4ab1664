namespace Intaglio.Numerics.Cpu;

/// <summary>output[i] = x[indices[i]].</summary>
internal readonly unsafe struct CopyRows(float* x, int* indices, float* output, int width, int count) : IWork
{
    public int Items => RowBlocks.Items(count, RowBlocks.RowsOf(width));

    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(width);
        var end = Math.Min(count, (item + 1) * block);
        for (var row = item * block; row < end; row++)
            new ReadOnlySpan<float>(x + ((nint)indices[row] * width), width).CopyTo(new(output + ((nint)row * width), width));
    }
}

using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Sums and selections of rows.</summary>
internal static class GpuRows
{
    /// <summary>gradient += Σ x over the rows, a thread for each column.</summary>
    public static void Sum(SumRowsArguments at)
    {
        for (var column = GpuGrid.First; column < at.Width; column += GpuGrid.Stride)
        {
            var sum = 0f;
            for (var row = 0; row < at.Rows; row++)
                sum += at.X[(row * at.Width) + column];
            at.Gradient[column] += sum;
        }
    }

    /// <summary>output[i] = x[indices[i]], a thread for each element.</summary>
    public static void Gather(GatherRowsArguments at)
    {
        for (var index = GpuGrid.First; index < at.Count * at.Width; index += GpuGrid.Stride)
            at.Output[index] = at.X[(at.Indices[index / at.Width] * at.Width) + (index % at.Width)];
    }
}

using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Sums, means and selections of rows.</summary>
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

    /// <summary>output = 0, a thread for each element.</summary>
    public static void Clear(ClearArguments at)
    {
        for (var index = GpuGrid.First; index < at.Count; index += GpuGrid.Stride)
            at.Output[index] = 0f;
    }

    /// <summary>output[indices[i]] += x[i]; a thread owns a column and adds the rows in order.</summary>
    public static void Scatter(ScatterRowsArguments at)
    {
        for (var column = GpuGrid.First; column < at.Width; column += GpuGrid.Stride)
        {
            for (var i = 0; i < at.Count; i++)
                at.Output[(at.Indices[i] * at.Width) + column] += at.X[(i * at.Width) + column];
        }
    }

    /// <summary>means[s] = the mean of the rows within the bounds of sequence s, 0 where there are none; a thread for each element of the result.</summary>
    public static void Mean(MeanRowsArguments at)
    {
        for (var index = GpuGrid.First; index < at.Batch * at.Width; index += GpuGrid.Stride)
        {
            var sequence = index / at.Width;
            var first = at.Bounds.First(sequence);
            var end = at.Bounds.End(sequence);
            var sum = 0f;
            for (var row = first; row < end; row++)
                sum += at.Rows[(((sequence * at.Time) + row) * at.Width) + (index % at.Width)];
            at.Means[index] = end > first ? sum / (end - first) : 0f;
        }
    }

    /// <summary>rows = means[s] / count within the bounds of sequence s, 0 outside, of the gradients; a thread for each element of the result.</summary>
    public static void MeanBackward(MeanRowsArguments at)
    {
        for (var index = GpuGrid.First; index < at.Batch * at.Time * at.Width; index += GpuGrid.Stride)
        {
            var row = index / at.Width % at.Time;
            var sequence = index / at.Width / at.Time;
            var first = at.Bounds.First(sequence);
            var end = at.Bounds.End(sequence);
            at.Rows[index] = row >= first && row < end ? at.Means[(sequence * at.Width) + (index % at.Width)] / (end - first) : 0f;
        }
    }
}

namespace Intaglio.Numerics.Gpu;

/// <summary>Rows divided by their lengths, and the gradient.</summary>
internal static class GpuNormalizeLength
{
    // PyTorch's F.normalize divides shorter rows by this.
    private const float Shortest = 1e-12f;

    /// <summary>norms[r] = ‖x[r]‖₂ and output = x / max(norm, 1e-12), a thread for each row.</summary>
    public static void Run(NormalizeLengthArguments at)
    {
        for (var row = GpuGrid.First; row < at.Rows; row += GpuGrid.Stride)
        {
            var start = row * at.Width;
            var norm = MathF.Sqrt(GpuVector.SumOfSquares(at.X, start, at.Width, 0f));
            at.Norms[row] = norm;

            var length = norm < Shortest ? Shortest : norm;
            for (var column = 0; column < at.Width; column++)
                at.Output[start + column] = at.X[start + column] / length;
        }
    }

    /// <summary>inputGradient = (g - output · Σ g · output) / norm, and g / 1e-12 where the norm is smaller; a thread for each row.</summary>
    public static void RunBackward(NormalizeLengthArguments at)
    {
        for (var row = GpuGrid.First; row < at.Rows; row += GpuGrid.Stride)
        {
            var start = row * at.Width;
            var isShort = at.Norms[row] < Shortest;
            var length = isShort ? Shortest : at.Norms[row];
            var product = isShort ? 0f : GpuVector.Dot(at.OutputGradient, start, at.Output, start, at.Width);
            for (var column = 0; column < at.Width; column++)
                at.InputGradient[start + column] = (at.OutputGradient[start + column] - (at.Output[start + column] * product)) / length;
        }
    }
}

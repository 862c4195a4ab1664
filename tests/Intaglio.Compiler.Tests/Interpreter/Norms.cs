namespace Intaglio.Compiler.Tests;

/// <summary>LayerNorm, RMSNorm and their gradients, by row.</summary>
internal static class Norms
{
    public static (Tensor Y, Tensor Statistics) Normalize(Tensor x, Tensor gain, Tensor? bias, NormalizationKind kind, double epsilon)
    {
        var (y, statistics) = (new Tensor(x.Rows, x.Width), new Tensor(x.Rows, 2));
        for (var row = 0; row < x.Rows; row++)
        {
            var mean = kind == NormalizationKind.LayerNorm ? Columns(x).Average(column => x[row, column]) : 0;
            var variance = Columns(x).Average(column => Math.Pow(x[row, column] - mean, 2));
            var rstd = 1 / Math.Sqrt(variance + epsilon);
            (statistics[row, 0], statistics[row, 1]) = (mean, rstd);
            foreach (var column in Columns(x))
                y[row, column] = ((x[row, column] - mean) * rstd * gain.Values[column]) + (bias?.Values[column] ?? 0);
        }

        return (y, statistics);
    }

    /// <summary>
    /// y depends on xᵢ directly, through the mean and through rstd. With x̂ = (x - mean) · rstd, ∂mean/∂xᵢ = 1/n and ∂rstd/∂xᵢ = -rstd² · x̂ᵢ / n; the three parts are summed
    /// as they stand. In RMSNorm the mean is no function of x.
    /// </summary>
    public static (Tensor X, Tensor Gain, Tensor Bias) NormalizeGradient(Tensor dy, Tensor x, Tensor gain, Tensor statistics, NormalizationKind kind)
    {
        var (dx, dgain, dbias) = (new Tensor(x.Rows, x.Width), new Tensor([x.Width]), new Tensor([x.Width]));
        for (var row = 0; row < x.Rows; row++)
        {
            var (mean, rstd) = (statistics[row, 0], statistics[row, 1]);
            var byMean = kind == NormalizationKind.LayerNorm ? Columns(x).Sum(column => dy[row, column] * gain.Values[column] * -rstd) : 0;
            var byRstd = Columns(x).Sum(column => dy[row, column] * gain.Values[column] * (x[row, column] - mean));
            foreach (var column in Columns(x))
            {
                var normalized = (x[row, column] - mean) * rstd;
                dx[row, column] = (dy[row, column] * gain.Values[column] * rstd) + (byMean / x.Width) + (byRstd * -(rstd * rstd * normalized) / x.Width);
                dgain.Values[column] += dy[row, column] * normalized;
                dbias.Values[column] += dy[row, column];
            }
        }

        return (dx, dgain, dbias);
    }

    private static IEnumerable<int> Columns(Tensor x) => Enumerable.Range(0, x.Width);
}

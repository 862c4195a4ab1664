namespace Intaglio.Compiler.Tests;

/// <summary>LayerNorm, RMSNorm and their gradients, by row and group of columns.</summary>
internal sealed class Norms(Normalize norm)
{
    private bool HasMean => norm.Kind == NormalizationKind.LayerNorm;

    /// <summary>The result, and mean and 1 / deviation of each group.</summary>
    public (Tensor Y, Tensor Statistics) Normalize(Tensor x, Tensor gain, Tensor? bias)
    {
        var (y, statistics) = (new Tensor(x.Rows, x.Width), new Tensor(x.Rows, 2 * norm.Groups));
        ForEachGroup(x, (row, group, columns) =>
        {
            var mean = HasMean ? columns.Average(column => x[row, column]) : 0;
            var variance = columns.Average(column => Math.Pow(x[row, column] - mean, 2));
            var rstd = 1 / Math.Sqrt(variance + norm.Epsilon);
            (statistics[row, 2 * group], statistics[row, (2 * group) + 1]) = (mean, rstd);
            foreach (var column in columns)
                y[row, column] = ((x[row, column] - mean) * rstd * Factor(gain, column)) + (bias?.Values[column % gain.Values.Length] ?? 0);
        });
        return (y, statistics);
    }

    /// <summary>
    /// y depends on xᵢ directly, through the mean and through rstd. With x̂ = (x - mean) · rstd, ∂mean/∂xᵢ = 1/n and ∂rstd/∂xᵢ = -rstd² · x̂ᵢ / n; the three parts are summed
    /// as they stand. In RMSNorm the mean is no function of x.
    /// </summary>
    public (Tensor X, Tensor Gain, Tensor Bias) NormalizeGradient(Tensor dy, Tensor x, Tensor gain, Tensor statistics)
    {
        var (dx, dgain, dbias) = (new Tensor(x.Rows, x.Width), new Tensor(gain.Sides), new Tensor(gain.Sides));
        ForEachGroup(x, (row, group, columns) =>
        {
            var (mean, rstd) = (statistics[row, 2 * group], statistics[row, (2 * group) + 1]);
            var byMean = HasMean ? columns.Sum(column => dy[row, column] * Factor(gain, column) * -rstd) : 0;
            var byRstd = columns.Sum(column => dy[row, column] * Factor(gain, column) * (x[row, column] - mean));
            foreach (var column in columns)
            {
                var normalized = (x[row, column] - mean) * rstd;
                dx[row, column] = (dy[row, column] * Factor(gain, column) * rstd) + (byMean / columns.Length) + (byRstd * -(rstd * rstd * normalized) / columns.Length);
                dgain.Values[column % gain.Values.Length] += dy[row, column] * normalized;
                dbias.Values[column % gain.Values.Length] += dy[row, column];
            }
        });
        return (dx, dgain, dbias);
    }

    /// <summary>x / max(‖x‖, 1e-12), and ‖x‖.</summary>
    public static (Tensor Y, Tensor Lengths) NormalizeLength(Tensor x)
    {
        var lengths = Tensor.Filled([x.Rows, 1], row => Math.Sqrt(Enumerable.Range(0, x.Width).Sum(column => x[row, column] * x[row, column])));
        return (Tensor.Filled(x.Sides, i => x.Values[i] / Math.Max(lengths.Values[i / x.Width], 1e-12)), lengths);
    }

    private double Factor(Tensor gain, int column) => gain.Values[column % gain.Values.Length] + (norm.UnitOffset ? 1 : 0);

    private void ForEachGroup(Tensor x, Action<int, int, int[]> action)
    {
        var width = x.Width / norm.Groups;
        for (var row = 0; row < x.Rows; row++)
        {
            for (var group = 0; group < norm.Groups; group++)
                action(row, group, [.. Enumerable.Range(group * width, width)]);
        }
    }
}

namespace Intaglio.Benchmarks;

/// <summary>One head of attention by its definition, in double precision: P = softmax(scale · Q Kᵀ), O = P V.</summary>
internal sealed class AttentionHead
{
    private readonly double[][] _query;
    private readonly double[][] _key;
    private readonly double[][] _value;
    private readonly double[][] _probabilities;
    private readonly double _scale;

    /// <param name="query">[time, size].</param>
    /// <param name="key">[time, size].</param>
    /// <param name="value">[time, size].</param>
    /// <param name="ends">Of each query, one past the last key that it sees.</param>
    /// <param name="scale">Of scores.</param>
    public AttentionHead(double[][] query, double[][] key, double[][] value, int[] ends, double scale)
    {
        (_query, _key, _value, _scale) = (query, key, value, scale);
        _probabilities = [.. query.Select((row, index) => Softmax([.. key.Take(ends[index]).Select(other => scale * Dot(row, other))], key.Length))];
    }

    /// <summary>O.</summary>
    public double[][] Output => [.. _probabilities.Select(weights => Sum(weights, _value))];

    /// <summary>dV = Pᵀ dO; with dP = dO Vᵀ and dS = P (dP - Σ P dP), dQ = scale · dS K and dK = scale · dSᵀ Q.</summary>
    public (double[][] Query, double[][] Key, double[][] Value) Gradients(double[][] outputGradient)
    {
        var slopes = _probabilities.Select((weights, index) =>
        {
            var gradients = _value.Select(value => Dot(outputGradient[index], value)).ToArray();
            var mean = Dot(weights, gradients);
            return weights.Select((weight, key) => _scale * weight * (gradients[key] - mean)).ToArray();
        }).ToArray();
        return ([.. slopes.Select(row => Sum(row, _key))], [.. Columns(slopes).Select(column => Sum(column, _query))], [.. Columns(_probabilities).Select(column => Sum(column, outputGradient))]);
    }

    private static double[] Softmax(double[] scores, int length)
    {
        var exponentials = scores.Select(Math.Exp).ToArray();
        var sum = exponentials.Sum();
        return [.. exponentials.Select(value => value / sum), .. new double[length - scores.Length]];
    }

    private static double Dot(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var index = 0; index < x.Length; index++)
            sum += x[index] * y[index];
        return sum;
    }

    private static double[] Sum(double[] weights, double[][] rows)
    {
        var sum = new double[rows[0].Length];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var index = 0; index < sum.Length; index++)
                sum[index] += weights[row] * rows[row][index];
        }

        return sum;
    }

    private static IEnumerable<double[]> Columns(double[][] matrix) => Enumerable.Range(0, matrix[0].Length).Select(column => matrix.Select(row => row[column]).ToArray());
}

using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>What kernels should compute, as plain loops in double precision.</summary>
internal static class Reference
{
    /// <summary>x · W, [rows, inner] · [inner, columns].</summary>
    public static double[] Product(float[] x, float[] weight, int rows, int inner, int columns, bool transposed)
    {
        var result = new double[rows * columns];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                for (var k = 0; k < inner; k++)
                    result[(r * columns) + c] += (double)x[(r * inner) + k] * weight[transposed ? (c * inner) + k : (k * columns) + c];
            }
        }

        return result;
    }

    /// <summary>The fusion of each element, dropout included.</summary>
    public static (double[] Output, double[] Saved) Fuse<TFusion>(double[] x, float[] row, float[] full, int columns, RandomStep random, uint site)
        where TFusion : struct, IFusion
    {
        var stream = RandomStream.For(random.Seed, random.Step, site);
        var output = new double[x.Length];
        var saved = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            output[i] = TFusion.Invoke<D1>(new(x[i]), new(row[i % columns]), new(full[i]), new(Keep(stream, (uint)i, TFusion.DropoutRate, random)), out var second).Value;
            saved[i] = second.Value;
        }

        return (output, saved);
    }

    /// <summary>What dropout multiplies an element by.</summary>
    public static double Keep(RandomStream stream, uint element, float rate, RandomStep random) =>
        rate == 0 || !random.IsTraining ? 1 : stream[element] < RandomStream.DropThreshold(rate) ? 0 : 1 / (1 - (double)rate);

    /// <summary>Each group of a norm's input, one behind another.</summary>
    public static T[] Groups<TShape, T>(T[] x)
        where TShape : struct, INormShape =>
        [
            .. from row in Enumerable.Range(0, x.Length / TShape.InputStride)
               from g in Enumerable.Range(0, TShape.Groups)
               from value in x.AsSpan((row * TShape.InputStride) + (g * TShape.GroupStride), TShape.Width).ToArray()
               select value,
        ];

    /// <summary>Mean, 0 where the norm takes it for that, and reciprocal standard deviation of each group.</summary>
    public static double[] Statistics<TShape>(double[] groups)
        where TShape : struct, INormShape =>
        [
            .. groups.Chunk(TShape.Width).SelectMany(group =>
            {
                var mean = TShape.Centers ? group.Average() : 0;
                return new[] { mean, 1 / Math.Sqrt(group.Average(value => (value - mean) * (value - mean)) + TShape.Epsilon) };
            }),
        ];

    /// <summary>The groups normalized, times gain, plus bias where there is one.</summary>
    public static double[] Normalize<TShape>(double[] groups, double[] gain, double[] bias)
        where TShape : struct, INormShape
    {
        var statistics = Statistics<TShape>(groups);
        return
        [
            .. groups.Select((value, i) =>
            {
                var (g, c) = (i / TShape.Width, i % TShape.Width);
                return ((value - statistics[2 * g]) * statistics[(2 * g) + 1] * (TShape.GainOffset + gain[c])) + (TShape.HasBias ? bias[c] : 0);
            }),
        ];
    }

    /// <summary>The gradient of f by each element, as central differences: off by the third derivative times 2e-9, and by f times 1e-12 since doubles are rounded.</summary>
    public static double[] Slopes(Func<double[], double> f, double[] at)
    {
        const double step = 1e-4;
        var slopes = new double[at.Length];
        for (var i = 0; i < at.Length; i++)
        {
            var value = at[i];
            at[i] = value + step;
            var above = f(at);
            at[i] = value - step;
            slopes[i] = (above - f(at)) / (2 * step);
            at[i] = value;
        }

        return slopes;
    }

    /// <summary>x + y: a gradient on top of what was there.</summary>
    public static double[] Sum(float[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];

    /// <summary>Σ x · y.</summary>
    public static double Dot(double[] x, float[] y) => x.Zip(y, (a, b) => a * b).Sum();

    public static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}

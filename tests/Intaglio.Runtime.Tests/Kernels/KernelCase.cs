using Xunit;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>An algorithm with sizes and operands, whatever the target.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Observed">How far from the reference the results of any target were when it was measured: what rounding to single precision costs.</param>
/// <param name="Error">Runs it and says how far they are.</param>
internal sealed record KernelCase(string Name, double Observed, Func<Device, double> Error)
{
    /// <summary>How far results may be: ten times what was seen, since other hardware may add in another order or round products and sums together.</summary>
    public double Tolerance => 10 * Observed;
}

/// <summary>How far results are from references.</summary>
internal static class Distance
{
    /// <summary>The largest |actual - expected| / max(1, |expected|); infinite where a result is no number.</summary>
    public static double Between(float[] actual, double[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 0.0;
        for (var i = 0; i < actual.Length; i++)
        {
            var distance = Math.Abs(actual[i] - expected[i]) / Math.Max(1, Math.Abs(expected[i]));
            largest = double.IsNaN(distance) ? double.PositiveInfinity : Math.Max(largest, distance);
        }

        return largest;
    }
}

/// <summary>Results that have gaps, such as heads in wider rows: filled with NaN before, and expected to be NaN still where nothing is to be written.</summary>
internal static class Gaps
{
    /// <summary>What was to be written, once it is sure that nothing else was.</summary>
    public static (float[] Actual, double[] Expected) Without(float[] actual, double[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        var written = Enumerable.Range(0, expected.Length).ToLookup(index => !double.IsNaN(expected[index]));
        Assert.All(written[false], index => Assert.Equal(float.NaN, actual[index]));
        return ([.. written[true].Select(index => actual[index])], [.. written[true].Select(index => expected[index])]);
    }
}

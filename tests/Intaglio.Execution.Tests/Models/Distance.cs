using Xunit;

namespace Intaglio.ExecutionTests;

using Tensor = Compiler.Tests.Tensor;

/// <summary>How far results are from references.</summary>
internal static class Distance
{
    // Below this norm a gradient is zero in exact arithmetic, such as a key's bias, which a softmax does not see.
    private const double Zero = 1e-6;

    /// <summary>max |actual - expected|; infinite where a result is no number.</summary>
    public static double Largest(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 0.0;
        for (var i = 0; i < actual.Length; i++)
            largest = float.IsFinite(actual[i]) ? Math.Max(largest, Math.Abs(actual[i] - expected[i])) : double.PositiveInfinity;

        return largest;
    }

    /// <summary>‖actual - expected‖ / ‖expected‖, or ‖actual - expected‖ where a reference is zero in exact arithmetic.</summary>
    public static double Relative(float[] actual, Tensor expected)
    {
        Assert.Equal(expected.Values.Length, actual.Length);
        var difference = Math.Sqrt(actual.Zip(expected.Values, (a, b) => (a - b) * (a - b)).Sum());
        var norm = expected.Norm();
        return norm > Zero ? difference / norm : difference;
    }
}

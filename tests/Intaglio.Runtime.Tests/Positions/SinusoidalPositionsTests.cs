using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Positions;

public sealed class SinusoidalPositionsTests
{
    // Each is a float rounded from a double: two roundings of values up to 1 may differ by one unit.
    private const float Rounding = 6e-8f;

    [Fact]
    public void Interleaved_rows_alternate_sine_and_cosine() =>
        Same(Row(SinusoidalLayout.Interleaved), [Math.Sin(2), Math.Cos(2), Math.Sin(0.2), Math.Cos(0.2), Math.Sin(0.02), Math.Cos(0.02), Math.Sin(0.002), Math.Cos(0.002)]);

    [Fact]
    public void Halves_have_the_same_values_sines_first() =>
        Same(Row(SinusoidalLayout.Halves), [Math.Sin(2), Math.Sin(0.2), Math.Sin(0.02), Math.Sin(0.002), Math.Cos(2), Math.Cos(0.2), Math.Cos(0.02), Math.Cos(0.002)]);

    // 10,000^(-i / 3).
    [Fact]
    public void Frequencies_of_tensor2tensor_end_at_one_over_theta() => Same(
        Row(SinusoidalLayout.TensorToTensor),
        [Math.Sin(2), Math.Sin(2 * 0.046415888336127788), Math.Sin(2 * 0.0021544346900318838), Math.Sin(2e-4), Math.Cos(2), Math.Cos(2 * 0.046415888336127788), Math.Cos(2 * 0.0021544346900318838), Math.Cos(2e-4)]);

    [Theory]
    [InlineData(SinusoidalLayout.Interleaved)]
    [InlineData(SinusoidalLayout.Halves)]
    [InlineData(SinusoidalLayout.TensorToTensor)]
    public void A_single_pair_turns_by_one_a_position(SinusoidalLayout layout) =>
        Same(SinusoidalPositions.Table(3, 2, layout), [0, 1, Math.Sin(1), Math.Cos(1), Math.Sin(2), Math.Cos(2)]);

    [Fact]
    public void Impossible_sizes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SinusoidalPositions.Table(0, 8, SinusoidalLayout.Halves));
        Assert.Throws<ArgumentOutOfRangeException>(() => SinusoidalPositions.Table(3, 0, SinusoidalLayout.Halves));
        Assert.Contains("use an even one such as 8", Assert.Throws<ArgumentException>(() => SinusoidalPositions.Table(3, 7, SinusoidalLayout.Halves)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SinusoidalPositions.Table(3, 8, SinusoidalLayout.Halves, theta: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SinusoidalPositions.Table(3, 8, (SinusoidalLayout)3));
    }

    private static float[] Row(SinusoidalLayout layout) => SinusoidalPositions.Table(3, 8, layout)[16..];

    private static void Same(float[] actual, double[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var at = 0; at < expected.Length; at++)
            Assert.Equal((float)expected[at], actual[at], Rounding);
    }
}

using Intaglio.Numerics.Gpu;
using Intaglio.Runtime.Tests.Kernels;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.Runtime.Tests.Gpu;

/// <summary>The functions of the scalar lane, on the host: kernels run the same code. Bounds are those that <see cref="Numerics.ILane{T}"/> promises.</summary>
public sealed class GpuMathTests(ITestOutputHelper output)
{
    [Fact]
    public void Exp_is_within_2e_7_of_the_value() =>
        Assert.InRange(Relative(x => G1.Exp(new(x)).Value, Math.Exp, Range(-87, 88)), 0, 2e-7);

    [Fact]
    public void Exp_is_zero_below_and_infinite_above_what_a_float_holds()
    {
        Assert.Equal(0f, G1.Exp(new(-88)).Value);
        Assert.Equal(0f, G1.Exp(new(float.NegativeInfinity)).Value);
        Assert.Equal(float.PositiveInfinity, G1.Exp(new(89)).Value);
        Assert.Equal(float.PositiveInfinity, G1.Exp(new(float.PositiveInfinity)).Value);
        Assert.Equal(1f, G1.Exp(new(0)).Value);
        Assert.True(float.IsFinite(G1.Exp(new(88.7f)).Value));
        Assert.True(float.IsNaN(G1.Exp(new(float.NaN)).Value));
    }

    [Fact]
    public void Log_is_within_3e_7_of_the_value() =>
        Assert.InRange(Relative(x => G1.Log(new(x)).Value, Math.Log, Range(-80, 80).Select(MathF.Exp).Concat(Range(0.5f, 2))), 0, 3e-7);

    [Fact]
    public void Softplus_is_within_3e_7_of_the_value() =>
        Assert.InRange(Relative(x => G1.Softplus(new(x)).Value, x => D1.Softplus(new(x)).Value, Range(-87, 88).Concat(Range(-3, 3))), 0, 3e-7);

    [Fact]
    public void Tanh_is_within_3e_7_of_the_value() =>
        Assert.InRange(Absolute(x => G1.Tanh(new(x)).Value, Math.Tanh, Range(-20, 20)), 0, 3e-7);

    [Fact]
    public void Erf_is_within_3e_7_of_the_value() =>
        Assert.InRange(Absolute(x => G1.Erf(new(x)).Value, x => D1.Erf(new(x)).Value, Range(-7, 7)), 0, 3e-7);

    [Fact]
    public void Sine_cosine_and_arctangent_are_within_3e_7_of_the_value()
    {
        Assert.InRange(Absolute(x => G1.Sin(new(x)).Value, Math.Sin, Range(-10, 10).Concat(Range(-30_000, 30_000))), 0, 3e-7);
        Assert.InRange(Absolute(x => G1.Cos(new(x)).Value, Math.Cos, Range(-10, 10).Concat(Range(-30_000, 30_000))), 0, 3e-7);
        Assert.InRange(Absolute(x => G1.Atan(new(x)).Value, Math.Atan, Range(-20, 20)), 0, 3e-7);
        Assert.InRange(G1.Sin(new(1e30f)).Value, -1, 1);
        Assert.True(float.IsNaN(G1.Cos(new(float.NaN)).Value));
    }

    [Fact]
    public void Widening_bfloat16_is_what_the_format_says()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
            Assert.Equal(BitConverter.SingleToInt32Bits(Numerics.BFloat16.Widen((ushort)bits)), BitConverter.SingleToInt32Bits(GpuBFloat16.Widen((ushort)bits)));
    }

    private static IEnumerable<float> Range(float from, float to)
    {
        const int count = 200_000;
        for (var i = 0; i <= count; i++)
            yield return from + ((to - from) * i / count);
    }

    // Relative to the value, but near its zero to the spacing of floats there.
    private double Relative(Func<float, float> function, Func<double, double> reference, IEnumerable<float> points) => Report(points.Max(x =>
    {
        var expected = reference(x);
        return Math.Abs(function(x) - expected) / Math.Max(Math.Abs(expected), 1e-30);
    }));

    private double Absolute(Func<float, float> function, Func<double, double> reference, IEnumerable<float> points) =>
        Report(points.Max(x => Math.Abs(function(x) - reference(x))));

    private double Report(double error)
    {
        output.WriteLine($"largest error {error:0.00e+0}");
        return error;
    }
}

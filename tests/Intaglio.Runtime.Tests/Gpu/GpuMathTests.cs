using Intaglio.Numerics.Gpu;
using Intaglio.Runtime.Tests.Kernels;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.Runtime.Tests.Gpu;

/// <summary>The functions of the scalar lane, on the host: kernels run the same code. Bounds are those that <see cref="Numerics.ILane{T}"/> promises.</summary>
public sealed class GpuMathTests(ITestOutputHelper output)
{
    public static TheoryData<string> Functions => [.. LaneFunction.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Function_is_as_accurate_as_documented(string name)
    {
        var function = LaneFunction.All.Single(function => function.Name == name);
        var lane = function.Of<G1>();

        var worst = function.Worst(x => lane(new(x)).Value);

        output.WriteLine($"largest error {worst:0.00} of what is allowed");
        Assert.InRange(worst, 0, 1);
    }

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
    public void Sine_and_cosine_of_what_has_none_are_in_range_or_no_number()
    {
        Assert.InRange(G1.Sin(new(1e30f)).Value, -1, 1);
        Assert.True(float.IsNaN(G1.Cos(new(float.NaN)).Value));
    }

    [Fact]
    public void Widening_bfloat16_is_what_the_format_says()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
            Assert.Equal(BitConverter.SingleToInt32Bits(Numerics.BFloat16.Widen((ushort)bits)), BitConverter.SingleToInt32Bits(GpuBFloat16.Widen((ushort)bits)));
    }
}

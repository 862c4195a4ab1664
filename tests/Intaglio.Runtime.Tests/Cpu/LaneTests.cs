using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;
using Intaglio.Runtime.Tests.Kernels;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

public sealed unsafe class LaneTests
{
    public static TheoryData<Type> Lanes => [typeof(F1), typeof(F4), typeof(F8), typeof(F16)];

    public static TheoryData<Type> WideLanes => [typeof(F4), typeof(F8), typeof(F16)];

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Functions_are_as_accurate_as_documented(Type lane) => CpuHarness.Call(this, nameof(Accuracy), [lane]);

    [Fact]
    public void Every_function_of_lanes_is_held_to_its_bound() => Assert.Equal(LaneFunction.Promised.Order(), LaneFunction.All.Select(function => function.Name).Order());

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Functions_treat_the_ends_of_their_range_as_documented(Type lane) => CpuHarness.Call(this, nameof(Ends), [lane]);

    [Theory]
    [MemberData(nameof(WideLanes))]
    public void Vectors_agree_with_the_scalar_tail_in_every_bit(Type lane) => CpuHarness.Call(this, nameof(Agreement), [lane]);

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Dropout_keeps_what_the_stream_says(Type lane) => CpuHarness.Call(this, nameof(KeepsAsTheStreamSays), [lane]);

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Loads_sums_and_extremes_take_every_element(Type lane) => CpuHarness.Call(this, nameof(Elements), [lane]);

    [Theory]
    [MemberData(nameof(WideLanes))]
    public void Quads_are_transposed(Type lane) => CpuHarness.Call(this, nameof(Quads), [lane]);

    private void Accuracy<T>()
        where T : struct, ICpuLane<T>
    {
        foreach (var function in LaneFunction.All)
        {
            var lane = function.Of<T>();
            var worst = function.Worst(x => First(lane(T.Of(x))));
            Assert.True(worst <= 1, $"{function}'s error is {worst} of what is allowed");
        }
    }

    private void Ends<T>()
        where T : struct, ICpuLane<T>
    {
        Assert.Equal(0, First(T.Exp(T.Of(-88))));
        Assert.Equal(0, First(T.Exp(T.Of(-1e10f))));
        Assert.Equal(0, First(T.Exp(T.Of(float.NegativeInfinity))));
        Assert.Equal(1, First(T.Exp(T.Of(0))));
        Assert.Equal(float.PositiveInfinity, First(T.Exp(T.Of(89))));
        Assert.Equal(float.PositiveInfinity, First(T.Exp(T.Of(float.PositiveInfinity))));
        Assert.Equal(float.NaN, First(T.Exp(T.Of(float.NaN))));

        Assert.Equal(0, First(T.Log(T.Of(1))));
        Assert.Equal(Math.Log(1e-42f), First(T.Log(T.Of(1e-42f))), 4);
        Assert.Equal(float.NegativeInfinity, First(T.Log(T.Of(0))));
        Assert.Equal(float.PositiveInfinity, First(T.Log(T.Of(float.PositiveInfinity))));
        Assert.Equal(float.NaN, First(T.Log(T.Of(-1))));
        Assert.Equal(float.NaN, First(T.Log(T.Of(float.NaN))));

        Assert.Equal(0, First(T.Softplus(T.Of(float.NegativeInfinity))));
        Assert.Equal(1e30f, First(T.Softplus(T.Of(1e30f))));
        Assert.Equal(float.PositiveInfinity, First(T.Softplus(T.Of(float.PositiveInfinity))));
        Assert.Equal(float.NaN, First(T.Softplus(T.Of(float.NaN))));

        Assert.Equal(1, First(T.Tanh(T.Of(1e30f))));
        Assert.Equal(-1, First(T.Tanh(T.Of(-1e30f))));
        Assert.Equal(0, First(T.Tanh(T.Of(0))));
        Assert.Equal(float.NaN, First(T.Tanh(T.Of(float.NaN))));

        Assert.Equal(1, First(T.Erf(T.Of(float.PositiveInfinity))));
        Assert.Equal(-1, First(T.Erf(T.Of(-1e30f))));
        Assert.Equal(0, First(T.Erf(T.Of(0))));
        Assert.Equal(float.NaN, First(T.Erf(T.Of(float.NaN))));

        Assert.Equal(float.NaN, First(T.Max(T.Of(float.NaN), T.Of(0))));
        Assert.Equal(float.NaN, First(T.Max(T.Of(0), T.Of(float.NaN))));
        Assert.Equal(float.NaN, First(T.Min(T.Of(float.NaN), T.Of(0))));
        foreach (var x in new[] { 1, 2, 3, float.NaN, float.PositiveInfinity })
        {
            Assert.Equal(x > 2 ? 5 : 7, First(T.WhereGreater(T.Of(x), T.Of(2), T.Of(5), T.Of(7))));
            Assert.Equal(x >= 2 ? 5 : 7, First(T.WhereAtLeast(T.Of(x), T.Of(2), T.Of(5), T.Of(7))));
            Assert.Equal(x == 2 ? 5 : 7, First(T.WhereEqual(T.Of(x), T.Of(2), T.Of(5), T.Of(7))));
        }

        foreach (var x in new[] { 1e6f, -1e10f, 1e30f })
        {
            Assert.InRange(First(T.Sin(T.Of(x))), -1, 1);
            Assert.InRange(First(T.Cos(T.Of(x))), -1, 1);
        }

        Assert.Equal(0, First(T.Sin(T.Of(0))));
        Assert.Equal(1, First(T.Cos(T.Of(0))));
        Assert.Equal(float.NaN, First(T.Sin(T.Of(float.PositiveInfinity))));
        Assert.Equal(float.NaN, First(T.Cos(T.Of(float.NaN))));
        Assert.Equal(MathF.PI / 2, First(T.Atan(T.Of(float.PositiveInfinity))));
        Assert.Equal(-MathF.PI / 2, First(T.Atan(T.Of(-1e30f))));
        Assert.Equal(0, First(T.Atan(T.Of(0))));
        Assert.Equal(float.NaN, First(T.Atan(T.Of(float.NaN))));
    }

    private void Agreement<T>()
        where T : struct, ICpuLane<T>
    {
        var x = CpuHarness.Random(4096, 1, scale: 100);
        var y = CpuHarness.Random(4096, 2, scale: 3);
        Same<T>(x, y, (a, b) => a + b, (a, b) => a + b);
        Same<T>(x, y, (a, b) => a - b, (a, b) => a - b);
        Same<T>(x, y, (a, b) => a * b, (a, b) => a * b);
        Same<T>(x, y, (a, b) => a / b, (a, b) => a / b);
        Same<T>(x, y, (a, b) => -a, (a, b) => -a);
        Same<T>(x, y, (a, b) => T.MultiplyAdd(a, b, a), (a, b) => F1.MultiplyAdd(a, b, a));
        Same<T>(x, y, T.Min, F1.Min);
        Same<T>(x, y, T.Max, F1.Max);
        Same<T>(x, y, (a, b) => T.WhereGreater(a, b, b, a), (a, b) => F1.WhereGreater(a, b, b, a));
        Same<T>(x, y, (a, b) => T.WhereAtLeast(a, b, b, a), (a, b) => F1.WhereAtLeast(a, b, b, a));
        Same<T>(x, y, (a, b) => T.WhereEqual(a, b, b, a), (a, b) => F1.WhereEqual(a, b, b, a));
        Same<T>(x, y, (a, b) => T.Sqrt(T.Abs(a)), (a, b) => F1.Sqrt(F1.Abs(a)));
        foreach (var function in LaneFunction.All)
        {
            var (vector, scalar) = (function.Of<T>(), function.Of<F1>());
            Same<T>(x, y, (a, b) => vector(a), (a, b) => scalar(a));
            Same<T>(x, y, (a, b) => vector(b), (a, b) => scalar(b));
        }
    }

    private void KeepsAsTheStreamSays<T>()
        where T : struct, ICpuLane<T>
    {
        var stream = RandomStream.For(seed: 7, step: 3, site: 5);
        var threshold = RandomStream.DropThreshold(0.3f);
        var values = stackalloc float[T.Count];

        // The last start wraps around.
        foreach (var start in new[] { 0u, 1u, 12_345u, uint.MaxValue - 2 })
        {
            T.Store(values, T.Keep(stream, start, threshold, 1.5f));
            for (var index = 0u; index < T.Count; index++)
                Assert.Equal(stream[start + index] < threshold ? 0 : 1.5f, values[index]);
        }
    }

    private void Elements<T>()
        where T : struct, ICpuLane<T>
    {
        var source = stackalloc float[T.Count];
        var bits = stackalloc ushort[T.Count];
        var loaded = stackalloc float[T.Count];
        for (var largest = 0; largest < T.Count; largest++)
        {
            for (var index = 0; index < T.Count; index++)
            {
                source[index] = index == largest ? 1000 : -index;
                bits[index] = BFloat16.Narrow(source[index]);
            }

            Assert.Equal(1000, T.Largest(T.Load(source)));
            Assert.Equal(1000 + largest - (T.Count * (T.Count - 1) / 2), T.Sum(T.Load(source)));
            T.Store(loaded, T.LoadBFloat16(bits));
            Assert.Equal(new ReadOnlySpan<float>(source, T.Count), new ReadOnlySpan<float>(loaded, T.Count));
        }
    }

    private void Quads<T>()
        where T : struct, IWideLane<T>
    {
        // A matrix of Count rows, each of stride columns; element (row, column) is row · 100 + column, which bfloat16 holds for these.
        const int Stride = 6;
        var floats = stackalloc float[T.Count * Stride];
        var bits = stackalloc ushort[T.Count * Stride];
        for (var index = 0; index < T.Count * Stride; index++)
        {
            floats[index] = (index / Stride * 8) + (index % Stride);
            bits[index] = BFloat16.Narrow(floats[index]);
        }

        var columns = stackalloc float[4 * T.Count];
        foreach (var narrow in new[] { false, true })
        {
            var a = narrow ? T.LoadQuadsBFloat16(bits, Stride) : T.LoadQuads(floats, Stride);
            var b = narrow ? T.LoadQuadsBFloat16(bits + Stride, Stride) : T.LoadQuads(floats + Stride, Stride);
            var c = narrow ? T.LoadQuadsBFloat16(bits + (2 * Stride), Stride) : T.LoadQuads(floats + (2 * Stride), Stride);
            var d = narrow ? T.LoadQuadsBFloat16(bits + (3 * Stride), Stride) : T.LoadQuads(floats + (3 * Stride), Stride);
            T.TransposeQuads(ref a, ref b, ref c, ref d);

            T.Store(columns, a);
            T.Store(columns + T.Count, b);
            T.Store(columns + (2 * T.Count), c);
            T.Store(columns + (3 * T.Count), d);
            for (var column = 0; column < 4; column++)
            {
                for (var row = 0; row < T.Count; row++)
                    Assert.Equal((row * 8) + column, columns[(column * T.Count) + row]);
            }
        }
    }

    private static void Same<T>(float[] x, float[] y, Func<T, T, T> vector, Func<F1, F1, F1> scalar)
        where T : struct, ICpuLane<T>
    {
        var values = stackalloc float[T.Count];
        fixed (float* px = x, py = y)
        {
            for (var index = 0; index <= x.Length - T.Count; index += T.Count)
            {
                T.Store(values, vector(T.Load(px + index), T.Load(py + index)));
                for (var element = 0; element < T.Count; element++)
                {
                    var expected = F1.Sum(scalar(F1.Load(px + index + element), F1.Load(py + index + element)));
                    Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(values[element]));
                }
            }
        }
    }

    private static float First<T>(T value)
        where T : struct, ICpuLane<T>
    {
        var values = stackalloc float[T.Count];
        T.Store(values, value);
        for (var index = 1; index < T.Count; index++)
            Assert.Equal(values[0], values[index]);
        return values[0];
    }
}

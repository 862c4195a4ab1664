using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

[Collection(CpuCollection.Name)]
public sealed class CpuMatMulTests : IDisposable
{
    private const uint Site = 4;
    private readonly CpuHarness _harness = new();

    // Few rows and many; sums that end within a vector, and beyond what is packed at once; columns of one, of part and of several panels, of one more than panels hold, and of so many
    // that each thread packs its own; so few rows that columns which fill panels are not packed;
    // gradients whose sums are taken in halves, of an odd length; rows enough for each thread to have a part.
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 33, 130 }, { 3, 7, 5 }, { 8, 600, 70 }, { 9, 1, 1 }, { 9, 5, 17 }, { 16, 16, 48 }, { 17, 3, 64 }, { 31, 65, 65 },
        { 33, 129, 50 }, { 130, 20, 97 }, { 64, 1500, 33 }, { 129, 64, 193 }, { 75, 40, 770 }, { 130, 33, 830 }, { 2, 16_500, 3 }, { 10, 16_500, 20 }, { 12, 2050, 700 }, { 16, 41, 30 }, { 65, 150, 96 }, { 30, 140, 128 }, { 300, 33, 192 }, { 40, 200, 98 }, { 160, 201, 192 }, { 270, 33, 300 },
    };

    public void Dispose() => _harness.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_of_any_shape_layout_format_and_width_are_right(int rows, int inner, int columns)
    {
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var format in CpuHarness.Formats)
                CpuHarness.Call(this, nameof(Plain), [lane, format], rows, inner, columns);
        }
    }

    [Theory]
    [InlineData(3, 20, 37)]
    [InlineData(21, 20, 101)]
    [InlineData(70, 150, 97)]
    [InlineData(70, 150, 96)]
    public void Every_combination_of_operands_is_fused(int rows, int inner, int columns)
    {
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var format in CpuHarness.Formats)
            {
                foreach (var fusion in Fused.Types())
                    CpuHarness.Call(this, nameof(WithFusion), [lane, fusion, format], rows, inner, columns);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Weight_gradients_are_added_in_either_layout(int inner, int rows, int columns)
    {
        foreach (var lane in CpuHarness.Lanes)
            CpuHarness.Call(this, nameof(Gradient), [lane], rows, inner, columns);
    }

    private void Plain<T, TWeight>(int rows, int inner, int columns)
        where T : struct, IWideLane<T>
        where TWeight : struct, IStorage
    {
        _harness.Clear();
        var x = CpuHarness.Random(rows * inner, 1);
        var weight = CpuHarness.RandomWeights<TWeight>(inner * columns, 2);
        var xAt = _harness.Put(x);
        var weightAt = _harness.PutWeights<TWeight>(weight);
        foreach (var transposed in new[] { false, true })
        {
            Set(inner, columns, transposed);
            var output = _harness.Room(rows * columns);
            new OnCpu<T>(_harness.Execution).MatMul<MatMulShape, Identity, TWeight>(xAt, weightAt, Place.None, Place.None, output, Place.None, rows);
            Expect.Close(Reference(x, weight, rows, inner, columns, transposed), _harness.Read(output, rows * columns), Tolerance(inner), $"{typeof(T).Name} {transposed}");
        }
    }

    private void WithFusion<T, TFusion, TWeight>(int rows, int inner, int columns)
        where T : struct, IWideLane<T>
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        _harness.Clear();
        var x = CpuHarness.Random(rows * inner, 1);
        var weight = CpuHarness.RandomWeights<TWeight>(inner * columns, 2);
        var row = CpuHarness.RandomWeights<TWeight>(columns, 3);
        var full = CpuHarness.Random(rows * columns, 4);
        var xAt = _harness.Put(x);
        var weightAt = _harness.PutWeights<TWeight>(weight);
        var rowAt = _harness.PutWeights<TWeight>(row);
        foreach (var (isTraining, transposed) in new[] { (true, false), (false, false), (true, true) })
        {
            Set(inner, columns, transposed);
            var products = Reference(x, weight, rows, inner, columns, transposed);

            // The output is the full operand itself where there is one, as in a residual in place.
            _harness.Execution.Random = new(Seed: 5, Step: 6, isTraining);
            var output = TFusion.HasFull ? _harness.Put(full) : _harness.Room(rows * columns);
            var saved = _harness.Room(rows * columns);
            new OnCpu<T>(_harness.Execution).MatMul<MatMulShape, TFusion, TWeight>(xAt, weightAt, rowAt, output, output, saved, rows, Site);

            var expected = Enumerable.Range(0, rows * columns)
                .Select(index => Fused.Of<TFusion>(products[index], row[index % columns], full[index], Keep<TFusion>(isTraining, index))).ToArray();
            Expect.Close(expected.Select(pair => pair.Output).ToArray(), _harness.Read(output, rows * columns), Tolerance(inner), typeof(TFusion).ToString());
            if (TFusion.Saves)
                Expect.Close(expected.Select(pair => pair.Saved).ToArray(), _harness.Read(saved, rows * columns), Tolerance(inner), typeof(TFusion).ToString());
        }
    }

    private void Gradient<T>(int rows, int inner, int columns)
        where T : struct, IWideLane<T>
    {
        _harness.Clear();
        var x = CpuHarness.Random(rows * inner, 1);
        var dy = CpuHarness.Random(rows * columns, 2);
        var before = CpuHarness.Random(inner * columns, 3);
        var beforeBias = CpuHarness.Random(columns, 4);
        var xAt = _harness.Put(x);
        var dyAt = _harness.Put(dy);
        foreach (var transposed in new[] { false, true })
        {
            Set(inner, columns, transposed);
            var gradient = _harness.Put(before, Region.Gradients);
            var bias = _harness.Put(beforeBias, Region.Gradients);
            new OnCpu<T>(_harness.Execution).WeightGradient<MatMulShape>(xAt, dyAt, gradient, transposed ? null : bias, rows);

            var expected = before.Select(value => (double)value).ToArray();
            var expectedBias = beforeBias.Select(value => (double)value).ToArray();
            for (var r = 0; r < rows; r++)
            {
                for (var c = 0; c < columns; c++)
                {
                    expectedBias[c] += transposed ? 0 : dy[(r * columns) + c];
                    for (var i = 0; i < inner; i++)
                        expected[transposed ? (c * inner) + i : (i * columns) + c] += (double)x[(r * inner) + i] * dy[(r * columns) + c];
                }
            }

            Expect.Close(expected, _harness.Read(gradient, inner * columns), Tolerance(rows), $"{typeof(T).Name} {transposed}");
            Expect.Close(expectedBias, _harness.Read(bias, columns), Tolerance(rows), "bias");
        }
    }

    // A sum of n products of values up to 1, each rounded at up to the size of a random walk, √n: n · √n roundings of 2⁻²⁴ at worst, √n · √n in the mean.
    private static double Tolerance(int length) => 4e-7 * (4 + length);

    private static void Set(int inner, int columns, bool transposed)
    {
        MatMulShape.Inner = inner;
        MatMulShape.Columns = columns;
        MatMulShape.Transposed = transposed;
    }

    private static float Keep<TFusion>(bool isTraining, int index)
        where TFusion : IFusion
        => !isTraining || TFusion.DropoutRate == 0 ? 1
            : RandomStream.For(5, 6, Site)[(uint)index] < RandomStream.DropThreshold(TFusion.DropoutRate) ? 0 : 1 / (1 - TFusion.DropoutRate);

    private static double[] Reference(float[] x, float[] weight, int rows, int inner, int columns, bool transposed)
    {
        var result = new double[rows * columns];
        for (var r = 0; r < rows; r++)
        {
            for (var i = 0; i < inner; i++)
            {
                for (var c = 0; c < columns; c++)
                    result[(r * columns) + c] += (double)x[(r * inner) + i] * weight[transposed ? (c * inner) + i : (i * columns) + c];
            }
        }

        return result;
    }
}

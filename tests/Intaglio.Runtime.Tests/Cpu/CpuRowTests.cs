using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;
using Intaglio.Runtime.Tests.Kernels;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

/// <summary>Launches over rows: maps, norms, embeddings, losses and the optimizer.</summary>
[Collection(CpuCollection.Name)]
public sealed class CpuRowTests : IDisposable
{
    private const uint Site = 3;
    private readonly CpuHarness _harness = new();

    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 5, 3 }, { 1, 100 }, { 40, 17 }, { 67, 65 }, { 33, 384 }, { 300, 130 } };

    public void Dispose() => _harness.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Maps_fuse_every_combination(int rows, int width)
    {
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var fusion in Fused.Types())
                CpuHarness.Call(this, nameof(Map), [lane, fusion], rows, width);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Norms_and_their_gradients_are_those_of_the_definition(int rows, int width)
    {
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var format in CpuHarness.Formats)
            {
                foreach (var fusion in Fused.Types())
                    CpuHarness.Call(this, nameof(Norm), [lane, fusion, format], rows, width);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Embeddings_are_looked_up_and_their_gradients_added(int rows, int width)
    {
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var format in CpuHarness.Formats)
                CpuHarness.Call(this, nameof(Embedding), [lane, format], rows, width);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Losses_and_their_gradients_are_those_of_the_definition(int rows, int vocabulary)
    {
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var format in CpuHarness.Formats)
                CpuHarness.Call(this, nameof(Loss), [lane, format], rows, vocabulary);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rows_are_summed_and_gathered(int rows, int width)
    {
        foreach (var lane in CpuHarness.Lanes)
            CpuHarness.Call(this, nameof(SumAndGather), [lane], rows, width);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rows_are_averaged_scaled_to_length_1_and_scattered(int rows, int width)
    {
        foreach (var lane in CpuHarness.Lanes)
            CpuHarness.Call(this, nameof(Pool), [lane], rows, width);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(77)]
    [InlineData(40_001)]
    public void AdamW_is_the_published_step(int count)
    {
        foreach (var lane in CpuHarness.Lanes)
            CpuHarness.Call(this, nameof(Step), [lane], count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_003)]
    public void Squares_are_summed_in_double_precision(int count)
    {
        var values = CpuHarness.Random(count, 1, scale: 1000);
        _harness.Put(values, Region.Gradients);
        var expected = values.Sum(value => (double)value * value);
        Assert.Equal(expected, _harness.Execution.SumOfSquares(Region.Gradients, count), expected * 1e-13);
    }

    [Fact]
    public void A_token_outside_the_table_is_an_argument_error()
    {
        SetEmbedding(width: 4, vocabulary: 10, positions: 0);
        var tokens = _harness.Put(new[] { 10 });
        var table = _harness.Put(new float[40], Region.Weights);
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new OnCpu<F4>(_harness.Execution).Embed<EmbeddingShape, Identity, Float32>(tokens, Place.None, table, Place.None, _harness.Room(4), 1));
        Assert.Equal("tokens", error.ParamName);
    }

    [Fact]
    public void An_index_outside_the_result_is_an_argument_error()
    {
        MapShape.Width = 4;
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new OnCpu<F4>(_harness.Execution).ScatterRows<MapShape>(_harness.Put(new float[8]), _harness.Put(new[] { 0, 3 }), _harness.Room(12), count: 2, rows: 3));
        Assert.Equal("indices", error.ParamName);
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(0, 4)]
    public void Bounds_outside_the_sequence_are_an_argument_error(int first, int end)
    {
        MapShape.Width = 4;
        var (x, bounds) = (_harness.Put(new float[12]), _harness.Put(new[] { first, end }));
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new OnCpu<F4>(_harness.Execution).MeanRows<MapShape>(x, bounds, _harness.Room(4), batch: 1, time: 3));
        Assert.Equal("bounds", error.ParamName);
    }

    [Fact]
    public void A_bucket_outside_the_table_is_an_argument_error()
    {
        var table = _harness.Put(new float[15], Region.Weights);
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new OnCpu<F4>(_harness.Execution).ExpandBias<ThreeHeadsOf5Buckets, Float32>(table, _harness.Put(new[] { 4, 5 }), _harness.Room(6), distances: 2));
        Assert.Equal("buckets", error.ParamName);
    }

    private void Map<T, TFusion>(int rows, int width)
        where T : struct, IWideLane<T>
        where TFusion : struct, IFusion
    {
        _harness.Clear();
        MapShape.Width = width;
        _harness.Execution.Random = new(5, 6, IsTraining: true);
        var x = CpuHarness.Random(rows * width, 1);
        var row = CpuHarness.Random(width, 2);
        var full = CpuHarness.Random(rows * width, 3);
        var output = _harness.Put(full);
        var saved = _harness.Room(rows * width);
        new OnCpu<T>(_harness.Execution).Map<MapShape, TFusion>(_harness.Put(x), _harness.Put(row), output, output, saved, rows, Site);

        // A handful of roundings of values up to 3.
        var expected = Enumerable.Range(0, x.Length).Select(index => Fused.Of<TFusion>(x[index], row[index % width], full[index], Keep<TFusion>(index))).ToArray();
        Expect.Close(expected.Select(pair => pair.Output).ToArray(), _harness.Read(output, x.Length), 2e-6, typeof(TFusion).ToString());
        if (TFusion.Saves)
            Expect.Close(expected.Select(pair => pair.Saved).ToArray(), _harness.Read(saved, x.Length), 2e-6, typeof(TFusion).ToString());
    }

    private void Norm<T, TFusion, TWeight>(int rows, int width)
        where T : struct, IWideLane<T>
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        _harness.Clear();
        NormShape.Width = width;
        NormShape.HasBias = width % 2 == 1;
        _harness.Execution.Random = new(5, 6, IsTraining: true);
        var x = CpuHarness.Random(rows * width, 1, scale: 3);
        var dy = CpuHarness.Random(rows * width, 2);
        var gain = CpuHarness.RandomWeights<TWeight>(width, 3);
        var bias = CpuHarness.RandomWeights<TWeight>(width, 4);
        var row = CpuHarness.RandomWeights<TWeight>(width, 5);
        var full = CpuHarness.Random(rows * width, 6);
        var (xAt, dyAt, gainAt, biasAt) = (_harness.Put(x), _harness.Put(dy), _harness.PutWeights<TWeight>(gain), _harness.PutWeights<TWeight>(bias));
        var output = _harness.Room(rows * width);
        var statistics = _harness.Room(rows * 2);
        var dx = _harness.Put(full);
        var saved = _harness.Room(rows * width);
        var (dGain, dBias) = (_harness.Put(gain, Region.Gradients), _harness.Put(bias, Region.Gradients));
        var on = new OnCpu<T>(_harness.Execution);
        on.Normalize<NormShape, TWeight>(xAt, gainAt, biasAt, output, statistics, rows);
        on.NormalizeBackward<NormShape, TFusion, TWeight>(dyAt, xAt, gainAt, statistics, _harness.PutWeights<TWeight>(row), dx, dx, saved, dGain, dBias, rows, Site);

        var expected = new double[rows * width];
        var expectedOutput = new double[rows * width];
        var expectedSaved = new double[rows * width];
        var expectedGain = gain.Select(value => (double)value).ToArray();
        var expectedBias = bias.Select(value => (double)value).ToArray();
        for (var r = 0; r < rows; r++)
        {
            var at = r * width;
            var mean = Enumerable.Range(at, width).Average(index => (double)x[index]);
            var rstd = 1 / Math.Sqrt(Enumerable.Range(at, width).Average(index => Math.Pow(x[index] - mean, 2)) + NormShape.Epsilon);
            double Normalized(int column) => (x[at + column] - mean) * rstd;
            double Gradient(int column) => (double)dy[at + column] * gain[column];
            var meanOfGradient = Enumerable.Range(0, width).Average(Gradient);
            var meanOfProduct = Enumerable.Range(0, width).Average(column => Gradient(column) * Normalized(column));
            for (var c = 0; c < width; c++)
            {
                expectedOutput[at + c] = (Normalized(c) * gain[c]) + (NormShape.HasBias ? bias[c] : 0);
                expectedGain[c] += dy[at + c] * Normalized(c);
                expectedBias[c] += NormShape.HasBias ? dy[at + c] : 0;
                var dxValue = rstd * (Gradient(c) - meanOfGradient - (Normalized(c) * meanOfProduct));
                (expected[at + c], expectedSaved[at + c]) = Fused.Of<TFusion>(dxValue, row[c], full[at + c], Keep<TFusion>(at + c));
            }
        }

        // Rows of three columns may have a variance near zero, which magnifies roundings by rstd.
        var what = $"{typeof(T).Name} {typeof(TFusion)}";
        Expect.Close(expectedOutput, _harness.Read(output, rows * width), 1e-5, what);
        Expect.Close(expected, _harness.Read(dx, rows * width), 1e-4, what);
        if (TFusion.Saves)
            Expect.Close(expectedSaved, _harness.Read(saved, rows * width), 1e-4, what);
        Expect.Close(expectedGain, _harness.Read(dGain, width), 1e-5 * (1 + Math.Sqrt(rows)), what);
        Expect.Close(expectedBias, _harness.Read(dBias, width), 1e-5 * (1 + Math.Sqrt(rows)), what);
    }

    private void Embedding<T, TWeight>(int rows, int width)
        where T : struct, IWideLane<T>
        where TWeight : struct, IStorage
    {
        foreach (var positions in new[] { 0, 6 })
        {
            _harness.Clear();
            SetEmbedding(width, vocabulary: 9, positions);
            _harness.Execution.Random = new(5, 6, IsTraining: true);
            var tokens = Enumerable.Range(0, rows).Select(row => row * 7 % 9).ToArray();
            var places = Enumerable.Range(0, rows).Select(row => row % 6).ToArray();
            var tokenTable = CpuHarness.RandomWeights<TWeight>(9 * width, 1);
            var positionTable = CpuHarness.RandomWeights<TWeight>(6 * width, 2);
            var dy = CpuHarness.Random(rows * width, 3);
            var (tokensAt, placesAt) = (_harness.Put(tokens), _harness.Put(places));
            var output = _harness.Room(rows * width);
            var (dTokens, dPositions) = (_harness.Put(tokenTable, Region.Gradients), _harness.Put(positionTable, Region.Gradients));
            var on = new OnCpu<T>(_harness.Execution);
            on.Embed<EmbeddingShape, Combination<No, No, No, Yes>, TWeight>(
                tokensAt, placesAt, _harness.PutWeights<TWeight>(tokenTable), _harness.PutWeights<TWeight>(positionTable), output, rows, Site);
            on.EmbedBackward<EmbeddingShape>(tokensAt, placesAt, _harness.Put(dy), dTokens, dPositions, rows);

            var expected = new double[rows * width];
            var expectedTokens = tokenTable.Select(value => (double)value).ToArray();
            var expectedPositions = positionTable.Select(value => (double)value).ToArray();
            for (var index = 0; index < expected.Length; index++)
            {
                var (row, column) = (index / width, index % width);
                var sum = (double)tokenTable[(tokens[row] * width) + column] + (positions > 0 ? positionTable[(places[row] * width) + column] : 0);
                expected[index] = Fused.Of<Combination<No, No, No, Yes>>(sum, 0, 0, Keep<Combination<No, No, No, Yes>>(index)).Output;
                expectedTokens[(tokens[row] * width) + column] += dy[index];
                expectedPositions[(places[row] * width) + column] += positions > 0 ? dy[index] : 0;
            }

            // Up to 50 gradients of 1 are added in one place.
            Expect.Close(expected, _harness.Read(output, expected.Length), 2e-6, typeof(T).Name);
            Expect.Close(expectedTokens, _harness.Read(dTokens, expectedTokens.Length), 1e-5, typeof(T).Name);
            Expect.Close(expectedPositions, _harness.Read(dPositions, expectedPositions.Length), 1e-5, typeof(T).Name);
        }
    }

    private void Loss<T, TWeight>(int rows, int vocabulary)
        where T : struct, IWideLane<T>
        where TWeight : struct, IStorage
    {
        const int Width = 19;
        const float LossScale = 0.125f;
        _harness.Clear();
        HeadShape.Width = Width;
        HeadShape.Vocabulary = vocabulary;
        HeadShape.ChunkRows = 12;
        HeadShape.HasBias = vocabulary % 2 == 1;
        HeadShape.LogitSoftCap = rows % 2 == 1 ? 2 : 0;
        var x = CpuHarness.Random(rows * Width, 1);
        var weight = CpuHarness.RandomWeights<TWeight>(vocabulary * Width, 2);
        var bias = CpuHarness.RandomWeights<TWeight>(vocabulary, 4);
        var before = CpuHarness.Random(vocabulary * Width, 3);
        var targets = Enumerable.Range(0, rows).Select(row => row % 5 == 3 ? -1 : row * 11 % vocabulary).ToArray();
        var (xAt, weightAt, biasAt, targetsAt) = (_harness.Put(x), _harness.PutWeights<TWeight>(weight), _harness.PutWeights<TWeight>(bias), _harness.Put(targets));
        var logits = _harness.Room(HeadShape.ChunkRows * vocabulary);
        var losses = _harness.Room(rows);
        var on = new OnCpu<T>(_harness.Execution);
        on.CrossEntropy<HeadShape, TWeight>(xAt, weightAt, biasAt, targetsAt, logits, losses, rows);

        var expectedLosses = new double[rows];
        var expectedInput = new double[rows * Width];
        var expectedWeight = before.Select(value => (double)value).ToArray();
        var expectedBias = bias.Select(value => (double)value).ToArray();
        for (var row = 0; row < rows; row++)
        {
            if (targets[row] < 0)
                continue;

            double Product(int token) => Enumerable.Range(0, Width).Sum(column => (double)x[(row * Width) + column] * weight[(token * Width) + column]) + (HeadShape.HasBias ? bias[token] : 0);
            double Tanh(int token) => HeadShape.LogitSoftCap > 0 ? Math.Tanh(Product(token) / HeadShape.LogitSoftCap) : 0;
            var exponentials = Enumerable.Range(0, vocabulary).Select(token => Math.Exp(HeadShape.LogitSoftCap > 0 ? HeadShape.LogitSoftCap * Tanh(token) : Product(token))).ToArray();
            var sum = exponentials.Sum();
            expectedLosses[row] = Math.Log(sum) - Math.Log(exponentials[targets[row]]);
            for (var token = 0; token < vocabulary; token++)
            {
                var gradient = LossScale * ((exponentials[token] / sum) - (token == targets[row] ? 1 : 0)) * (1 - Math.Pow(Tanh(token), 2));
                expectedBias[token] += HeadShape.HasBias ? gradient : 0;
                for (var column = 0; column < Width; column++)
                {
                    expectedInput[(row * Width) + column] += gradient * weight[(token * Width) + column];
                    expectedWeight[(token * Width) + column] += gradient * x[(row * Width) + column];
                }
            }
        }

        // Logits are sums of 19 products up to 1, losses up to 10; a weight's gradient is a sum over up to 300 rows.
        Expect.Close(expectedLosses, _harness.Read(losses, rows), 5e-6, typeof(T).Name);
        if (TWeight.Format != NumberFormat.FP32)
            return;

        var (dx, dWeight, dBias) = (_harness.Room(rows * Width), _harness.Put(before, Region.Gradients), _harness.Put(bias, Region.Gradients));
        on.CrossEntropyWithGradient<HeadShape>(xAt, weightAt, biasAt, targetsAt, logits, losses, dx, dWeight, dBias, LossScale, rows);
        Expect.Close(expectedLosses, _harness.Read(losses, rows), 5e-6, typeof(T).Name);
        Expect.Close(expectedInput, _harness.Read(dx, rows * Width), 2e-6, typeof(T).Name);
        Expect.Close(expectedWeight, _harness.Read(dWeight, vocabulary * Width), 1e-5, typeof(T).Name);
        Expect.Close(expectedBias, _harness.Read(dBias, vocabulary), 1e-5, typeof(T).Name);
    }

    private void SumAndGather<T>(int rows, int width)
        where T : struct, IWideLane<T>
    {
        _harness.Clear();
        MapShape.Width = width;
        var x = CpuHarness.Random(rows * width, 1);
        var before = CpuHarness.Random(width, 2);
        var indices = Enumerable.Range(0, rows).Select(row => (row * 3) % rows).ToArray();
        var xAt = _harness.Put(x);
        var gradient = _harness.Put(before, Region.Gradients);
        var output = _harness.Room(rows * width);
        var on = new OnCpu<T>(_harness.Execution);
        on.SumRows<MapShape>(xAt, gradient, rows);
        on.GatherRows<MapShape>(xAt, _harness.Put(indices), output, rows);

        Expect.Close(Enumerable.Range(0, width).Select(column => before[column] + Enumerable.Range(0, rows).Sum(row => (double)x[(row * width) + column])).ToArray(),
            _harness.Read(gradient, width), 1e-6 * (1 + rows), typeof(T).Name);
        Assert.Equal(indices.SelectMany(index => x[(index * width)..((index + 1) * width)]), _harness.Read(output, rows * width));
    }

    private void Pool<T>(int rows, int width)
        where T : struct, IWideLane<T>
    {
        _harness.Clear();
        MapShape.Width = width;
        var x = CpuHarness.Random(rows * width, 1);
        var dy = CpuHarness.Random(rows * width, 2);
        var (first, end) = (rows / 3, rows);
        var indices = Enumerable.Range(0, rows).Select(row => row / 2).ToArray();
        var (xAt, dyAt, boundsAt) = (_harness.Put(x), _harness.Put(dy), _harness.Put(new[] { first, end }));
        var (mean, dMean, unit, norms, dx, scattered) = (
            _harness.Room(width), _harness.Room(rows * width), _harness.Room(rows * width), _harness.Room(rows), _harness.Room(rows * width), _harness.Room(rows * width));
        var on = new OnCpu<T>(_harness.Execution);
        on.MeanRows<MapShape>(xAt, boundsAt, mean, batch: 1, rows);
        on.MeanRowsBackward<MapShape>(dyAt, boundsAt, dMean, batch: 1, rows);
        on.NormalizeLength<MapShape>(xAt, unit, norms, rows);
        on.NormalizeLengthBackward<MapShape>(dyAt, unit, norms, dx, rows);
        on.ScatterRows<MapShape>(xAt, _harness.Put(indices), scattered, rows, rows);

        var (expectedMean, expectedMeanGradient) = (new double[width], new double[x.Length]);
        var (expectedNorms, expectedUnit, expectedGradient, expectedScattered) = (new double[rows], new double[x.Length], new double[x.Length], new double[x.Length]);
        for (var row = 0; row < rows; row++)
        {
            var at = row * width;
            expectedNorms[row] = Math.Sqrt(Enumerable.Range(at, width).Sum(index => (double)x[index] * x[index]));
            var product = Enumerable.Range(at, width).Sum(index => x[index] / expectedNorms[row] * dy[index]);
            for (var column = 0; column < width; column++)
            {
                expectedMean[column] += row >= first ? x[at + column] / (double)(end - first) : 0;
                expectedMeanGradient[at + column] = row >= first ? dy[column] / (double)(end - first) : 0;
                expectedUnit[at + column] = x[at + column] / expectedNorms[row];
                expectedGradient[at + column] = (dy[at + column] - (expectedUnit[at + column] * product)) / expectedNorms[row];
                expectedScattered[(indices[row] * width) + column] += x[at + column];
            }
        }

        // Sums of 300 numbers up to 1; rows of 1 and 3 columns may be short, which magnifies roundings of their gradient, here 50 times.
        var what = typeof(T).Name;
        Expect.Close(expectedMean, _harness.Read(mean, width), 1e-6, what);
        Expect.Close(expectedMeanGradient, _harness.Read(dMean, x.Length), 1e-7, what);
        Expect.Close(expectedNorms, _harness.Read(norms, rows), 2e-6, what);
        Expect.Close(expectedUnit, _harness.Read(unit, x.Length), 3e-7, what);
        Expect.Close(expectedGradient, _harness.Read(dx, x.Length), 1e-5, what);
        Expect.Close(expectedScattered, _harness.Read(scattered, x.Length), 2e-7, what);
    }

    private void Step<T>(int count)
        where T : struct, IWideLane<T>
    {
        const int Start = 5;
        _harness.Clear();
        var weights = CpuHarness.Random(count + (2 * Start), 1);
        var gradients = CpuHarness.Random(count + (2 * Start), 2);
        var first = CpuHarness.Random(count + (2 * Start), 3);
        var second = CpuHarness.Random(count + (2 * Start), 4).Select(value => value * value).ToArray();
        var w = _harness.Put(weights, Region.Weights);
        _harness.Put(gradients, Region.Gradients);
        var m = _harness.Put(first, Region.FirstMoments);
        var v = _harness.Put(second, Region.SecondMoments);
        var step = new AdamWStep(LearningRate: 0.01f, Beta1: 0.9f, Beta2: 0.99f, Epsilon: 1e-8f, WeightDecay: 0.1f, Correction1: 0.3f, Correction2: 0.04f, GradientScale: 0.5f);
        _harness.Execution.AdamW<T>(Start, count, step);

        var expected = weights.Select(value => (double)value).ToArray();
        var expectedFirst = first.Select(value => (double)value).ToArray();
        var expectedSecond = second.Select(value => (double)value).ToArray();
        for (var index = Start; index < Start + count; index++)
        {
            var g = gradients[index] * 0.5;
            expectedFirst[index] = (0.9 * first[index]) + (0.1 * g);
            expectedSecond[index] = (0.99 * second[index]) + (0.01 * g * g);
            expected[index] -= 0.01 * ((expectedFirst[index] / 0.3 / (Math.Sqrt(expectedSecond[index] / 0.04) + 1e-8)) + (0.1 * expected[index]));
        }

        // Betas as floats differ from the decimals by 1e-8; the update is at most 0.01 · 10.
        Expect.Close(expected, _harness.Read(w, weights.Length), 1e-6, typeof(T).Name);
        Expect.Close(expectedFirst, _harness.Read(m, weights.Length), 3e-7, typeof(T).Name);
        Expect.Close(expectedSecond, _harness.Read(v, weights.Length), 3e-7, typeof(T).Name);
    }

    private static void SetEmbedding(int width, int vocabulary, int positions)
    {
        EmbeddingShape.Width = width;
        EmbeddingShape.Vocabulary = vocabulary;
        EmbeddingShape.Positions = positions;
    }

    private static float Keep<TFusion>(int index)
        where TFusion : IFusion
        => TFusion.DropoutRate == 0 ? 1
            : RandomStream.For(5, 6, Site)[(uint)index] < RandomStream.DropThreshold(TFusion.DropoutRate) ? 0 : 1 / (1 - TFusion.DropoutRate);
}

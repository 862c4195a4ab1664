using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;
using Intaglio.Runtime.Tests.Kernels;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

[Collection(CpuCollection.Name)]
public sealed class CpuAttentionTests : IDisposable
{
    private const uint Site = 9;
    private readonly CpuHarness _harness = new();

    // Single rows, heads and columns; odd head sizes; shared keys; sequences of more than one block of keys, forward (512) and backward (256); heads and sequences that fill
    // panels and tiles, or vectors but no panels, which are not copied.
    public static TheoryData<int, int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 1, 1 }, { 2, 1, 1, 1, 3 }, { 1, 9, 2, 2, 16 }, { 2, 33, 4, 2, 7 }, { 1, 70, 3, 1, 33 }, { 3, 40, 2, 2, 64 },
        { 1, 100, 1, 1, 130 }, { 1, 300, 2, 1, 5 }, { 1, 600, 1, 1, 4 }, { 1, 20, 1, 1, 1000 }, { 2, 48, 2, 2, 32 }, { 1, 296, 2, 1, 64 },
        { 1, 35, 2, 1, 48 }, { 2, 24, 2, 2, 24 }, { 1, 11, 1, 1, 12 },
    };

    public void Dispose() => _harness.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Attention_and_its_gradients_are_those_of_the_definition(int batch, int time, int heads, int keyValueHeads, int headSize)
    {
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var mask in new[] { typeof(CausalMask), typeof(WindowMask) })
            {
                foreach (var score in new[] { typeof(Scaled), typeof(Capped) })
                    CpuHarness.Call(this, nameof(ForwardAndBackward), [lane, mask, score], batch, time, heads, keyValueHeads, headSize);
            }
        }
    }

    // Fewer keys than queries and more, of several blocks, some of them padding alone.
    [Theory]
    [InlineData(3, 40, 7, 2, 1, 16)]
    [InlineData(3, 9, 700, 2, 2, 5)]
    [InlineData(3, 150, 290, 2, 1, 33)]
    [InlineData(3, 20, 24, 1, 1, 1000)]
    public void Keys_of_their_own_with_padding_and_biases_are_those_of_the_definition(int batch, int time, int keyTime, int heads, int keyValueHeads, int headSize)
    {
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var mask in new[] { typeof(FullMask), typeof(CausalMask), typeof(WindowMask) })
                CpuHarness.Call(this, nameof(Across), [lane, mask, typeof(Capped)], batch, time, keyTime, heads, keyValueHeads, headSize);
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 1, 4)]
    [InlineData(7, 30, 2, 1, 17, 3)]
    [InlineData(3, 600, 4, 2, 64, 2)]
    public void Rows_attend_to_their_slot_up_to_their_position(int rows, int capacity, int heads, int keyValueHeads, int headSize, int slots)
    {
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var mask in new[] { typeof(CausalMask), typeof(WindowMask) })
            {
                CpuHarness.Call(
                    this, nameof(Cached), [lane, mask], Enumerable.Range(0, rows).Select(row => Math.Max(0, capacity - 1 - (row * 5))).ToArray(), Enumerable.Range(0, rows).Select(row => row % slots).ToArray(),
                    capacity, heads, keyValueHeads, headSize, slots);
            }
        }
    }

    // Prompts beside tokens of other slots: sequences that begin at 0 and later, of fewer rows than a tile and of many.
    [Theory]
    [InlineData(2, 1, 16)]
    [InlineData(3, 3, 7)]
    [InlineData(1, 1, 64)]
    public void Rows_that_follow_one_another_see_what_each_alone_would(int heads, int keyValueHeads, int headSize)
    {
        const int Capacity = 700;
        (int Slot, int First, int Count)[] runs = [(0, 0, 12), (1, 90, 1), (1, 5, 1), (2, 3, 8), (2, 30, 7), (3, 0, 1), (3, 1, 1), (4, 11, 600), (5, 40, 130), (5, 170, 1)];
        int[] positions = [.. runs.SelectMany(run => Enumerable.Range(run.First, run.Count))];
        int[] slots = [.. runs.SelectMany(run => Enumerable.Repeat(run.Slot, run.Count))];
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var mask in new[] { typeof(CausalMask), typeof(WindowMask), typeof(FullMask) })
                CpuHarness.Call(this, nameof(Cached), [lane, mask], positions, slots, Capacity, heads, keyValueHeads, headSize, 6);
        }
    }

    [Fact]
    public void A_sequence_that_ends_beyond_the_cache_is_an_argument_error()
    {
        Set(1, 1, 4, 0);
        var query = _harness.Put(new float[20 * 12]);
        var (positions, slots) = (_harness.Put(Enumerable.Range(3, 20).ToArray()), _harness.Put(new int[20]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnCpu<F4>(_harness.Execution).CachedAttention<AttentionShape, CausalMask, Scaled>(
            query, RelativeBias.None, positions, slots, new(Region.Cache, 0), _harness.Room(80), rows: 20, capacity: 22));
    }

    [Fact]
    public void A_position_beyond_the_cache_is_an_argument_error()
    {
        Set(1, 1, 4, 0);
        var qkv = _harness.Put(new float[12]);
        var one = _harness.Put(new[] { 5 });
        var zero = _harness.Put(new[] { 0 });
        var on = new OnCpu<F4>(_harness.Execution);
        Assert.Throws<ArgumentOutOfRangeException>(() => on.StoreKeys<AttentionShape>(qkv, qkv, one, zero, new(Region.Cache, 0), rows: 1, capacity: 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => on.CachedAttention<AttentionShape, CausalMask, Scaled>(
            qkv, RelativeBias.None, one, zero, new(Region.Cache, 0), _harness.Room(4), rows: 1, capacity: 5));
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(7, 2)]
    [InlineData(6, 0)]
    public void A_bias_without_the_distances_that_queries_see_is_an_argument_error(int stride, int origin)
    {
        // Three queries and five keys are from -2 to 4 apart.
        Set(1, 1, 4, 0);
        AttentionShape.HasBias = true;
        var rows = _harness.Put(new float[60]);
        var bias = new RelativeBias(_harness.Put(new float[stride]), stride, origin);
        var on = new OnCpu<F4>(_harness.Execution);
        Action attend = () => on.Attention<AttentionShape, FullMask, Scaled>(rows, rows, rows, bias, Place.None, _harness.Room(12), _harness.Room(3), 1, 3, 5);
        if (stride == 7)
            attend();
        else
            Assert.Contains("from -2 to 4", Assert.Throws<ArgumentException>(attend).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cached_row_without_the_distances_of_a_bias_is_an_argument_error()
    {
        Set(1, 1, 4, 0);
        AttentionShape.HasBias = true;
        var query = _harness.Put(new float[12]);
        var bias = new RelativeBias(_harness.Put(new float[3]), Stride: 3, Origin: 2);
        var on = new OnCpu<F4>(_harness.Execution);
        Attend(position: 2);
        Assert.Throws<ArgumentException>(() => Attend(position: 3));

        void Attend(int position) => on.CachedAttention<AttentionShape, CausalMask, Scaled>(
            query, bias, _harness.Put(new[] { position }), _harness.Put(new[] { 0 }), new(Region.Cache, 0), _harness.Room(4), rows: 1, capacity: 5);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void A_sequence_without_queries_or_keys_is_an_argument_error(int time, int keyTime)
    {
        Set(1, 1, 4, 0);
        var rows = _harness.Put(new float[12]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnCpu<F4>(_harness.Execution).Attention<AttentionShape, FullMask, Scaled>(
            rows, rows, rows, RelativeBias.None, Place.None, _harness.Room(4), _harness.Room(1), 1, time, keyTime));
    }

    private void ForwardAndBackward<T, TMask, TScore>(int batch, int time, int heads, int keyValueHeads, int headSize)
        where T : struct, IWideLane<T>
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        _harness.Clear();
        Set(heads, keyValueHeads, headSize, dropout: 0.2f);
        var qkv = CpuHarness.Random(batch * time * AttentionShape.QueryStride, 1);
        var (keyAt, valueAt) = (heads * headSize, (heads + keyValueHeads) * headSize);
        var problem = new AttentionProblem<AttentionShape, TMask, TScore>(qkv, qkv[keyAt..], qkv[valueAt..], batch, time, time) { Stream = Stream };

        // Query, key and value side by side, and so their gradients.
        var at = _harness.Put(qkv);
        var gradientAt = _harness.Room(qkv.Length);
        Compare<T, TMask, TScore>(
            problem, [at, at + (keyAt * sizeof(float)), at + (valueAt * sizeof(float))], RelativeBias.None, Place.None,
            [gradientAt, gradientAt + (keyAt * sizeof(float)), gradientAt + (valueAt * sizeof(float))], batch, time, time,
            gradients =>
            {
                var all = new double[qkv.Length];
                foreach (var (offset, gradient) in new[] { 0, keyAt, valueAt }.Zip(gradients))
                {
                    for (var index = 0; index < gradient.Length; index++)
                        all[offset + index] += double.IsNaN(gradient[index]) ? 0 : gradient[index];
                }

                return [(gradientAt, all)];
            });
    }

    private void Across<T, TMask, TScore>(int batch, int time, int keyTime, int heads, int keyValueHeads, int headSize)
        where T : struct, IWideLane<T>
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        _harness.Clear();
        Set(heads, keyValueHeads, headSize, dropout: 0.2f);
        AttentionShape.HasBias = true;
        var (query, key, value) = (
            CpuHarness.Random(batch * time * AttentionShape.QueryStride, 1), CpuHarness.Random(batch * keyTime * AttentionShape.KeyStride, 2), CpuHarness.Random(batch * keyTime * AttentionShape.ValueStride, 3));
        var bias = CpuHarness.Random(heads * (time + keyTime - 1), 4);
        int[] bounds = [keyTime / 2, keyTime, 1, keyTime - 2, keyTime / 3, keyTime / 3];
        var problem = new AttentionProblem<AttentionShape, TMask, TScore>(query, key, value, batch, time, keyTime) { Bias = bias, BiasOrigin = time - 1, Bounds = bounds, Stream = Stream };
        var gradients = new[] { query, key, value }.Select(part => _harness.Room(part.Length)).ToArray();
        Compare<T, TMask, TScore>(
            problem, [_harness.Put(query), _harness.Put(key), _harness.Put(value)], new(_harness.Put(bias), time + keyTime - 1, time - 1), _harness.Put(bounds, Region.Batch),
            gradients, batch, time, keyTime, expected => gradients.Zip(expected));
    }

    private void Compare<T, TMask, TScore>(
        AttentionProblem<AttentionShape, TMask, TScore> problem, Place[] qkv, RelativeBias bias, Place bounds, Place[] gradients, int batch, int time, int keyTime,
        Func<double[][], IEnumerable<(Place At, double[] Expected)>> gradientsAt)
        where T : struct, IWideLane<T>
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        _harness.Execution.Random = Workbench.Step;
        var (output, logSumExp) = problem.Forward();
        var outputGradient = CpuHarness.Random(output.Length, 5);
        var (queryGradient, keyGradient, valueGradient) = problem.Backward(outputGradient);

        var (outputAt, logSumExpAt, deltaAt) = (_harness.Room(output.Length), _harness.Room(logSumExp.Length), _harness.Room(logSumExp.Length));
        var on = new OnCpu<T>(_harness.Execution);
        on.Attention<AttentionShape, TMask, TScore>(qkv[0], qkv[1], qkv[2], bias, bounds, outputAt, logSumExpAt, batch, time, keyTime, Site);
        on.AttentionBackward<AttentionShape, TMask, TScore>(
            qkv[0], qkv[1], qkv[2], bias, bounds, outputAt, logSumExpAt, _harness.Put(outputGradient), deltaAt, gradients[0], gradients[1], gradients[2], Place.None, batch, time, keyTime, Site);

        // Outputs are means of values up to 1 (1.25 with dropout); gradients are sums over up to time · group of them, with products of headSize terms in the exponent.
        var what = $"{typeof(T).Name} {typeof(TMask).Name} {typeof(TScore).Name}";
        var scale = 1 + Math.Sqrt(AttentionShape.HeadSize);
        Expect.Close(output, _harness.Read(outputAt, output.Length), 2e-6 * scale, $"output {what}");
        Expect.Close(logSumExp, _harness.Read(logSumExpAt, logSumExp.Length), 2e-6 * scale, $"logSumExp {what}");
        foreach (var (at, expected) in gradientsAt([queryGradient, keyGradient, valueGradient]))
        {
            var (actual, written) = Gaps.Without(_harness.Read(at, expected.Length), expected);
            Expect.Close(written, actual, 1e-5 * scale, $"gradient {what}");
        }
    }

    private void Cached<T, TMask>(int[] positions, int[] slotOf, int capacity, int heads, int keyValueHeads, int headSize, int slots)
        where T : struct, IWideLane<T>
        where TMask : struct, IMask
    {
        _harness.Clear();
        Set(heads, keyValueHeads, headSize, dropout: 0);
        var rows = positions.Length;
        var width = keyValueHeads * headSize;
        var stride = AttentionShape.QueryStride;
        var qkv = CpuHarness.Random(rows * stride, 1);
        var cache = CpuHarness.Random(slots * 2 * capacity * width, 2);

        var q = _harness.Put(qkv);
        var cacheAt = _harness.Put(cache, Region.Cache);
        var output = _harness.Room(rows * heads * headSize);
        var (positionsAt, slotsAt) = (_harness.Put(positions), _harness.Put(slotOf));
        var on = new OnCpu<T>(_harness.Execution);
        on.StoreKeys<AttentionShape>(q + (heads * headSize * sizeof(float)), q + ((heads + keyValueHeads) * headSize * sizeof(float)), positionsAt, slotsAt, cacheAt, rows, capacity);
        on.CachedAttention<AttentionShape, TMask, Scaled>(q, RelativeBias.None, positionsAt, slotsAt, cacheAt, output, rows, capacity);

        // Every row's key and value is stored before any row attends.
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var at = KeysOf(slotOf[row], column / headSize) + (positions[row] * headSize) + (column % headSize);
                cache[at] = qkv[(row * stride) + (heads * headSize) + column];
                cache[at + (capacity * width)] = qkv[(row * stride) + ((heads + keyValueHeads) * headSize) + column];
            }
        }

        var expected = new double[rows * heads * headSize];
        for (var row = 0; row < rows; row++)
        {
            for (var head = 0; head < heads; head++)
            {
                var first = TMask.First(positions[row]);
                var end = TMask.End(positions[row], positions[row] + 1);
                var keys = KeysOf(slotOf[row], head * keyValueHeads / heads);
                var weights = new double[end];
                for (var key = first; key < end; key++)
                {
                    var product = 0.0;
                    for (var d = 0; d < headSize; d++)
                        product += (double)qkv[(row * stride) + (head * headSize) + d] * cache[keys + (key * headSize) + d];
                    weights[key] = Math.Exp(Scaled.Factor * product);
                }

                for (var key = first; key < end; key++)
                {
                    for (var d = 0; d < headSize; d++)
                        expected[(((row * heads) + head) * headSize) + d] += weights[key] / weights.Sum() * cache[keys + (capacity * width) + (key * headSize) + d];
                }
            }
        }

        Expect.Close(expected, _harness.Read(output, expected.Length), 2e-6 * (1 + Math.Sqrt(headSize)), typeof(T).Name);
        Assert.Equal(cache, _harness.Read(cacheAt, cache.Length));

        // The first key of a head in a slot.
        int KeysOf(int slot, int head) => ((slot * 2 * keyValueHeads) + head) * capacity * headSize;
    }

    private static void Set(int heads, int keyValueHeads, int headSize, float dropout)
    {
        AttentionShape.Heads = heads;
        AttentionShape.KeyValueHeads = keyValueHeads;
        AttentionShape.HeadSize = headSize;
        AttentionShape.DropoutRate = dropout;
        AttentionShape.HasBias = false;
    }

    private static RandomStream Stream => RandomStream.For(Workbench.Step.Seed, Workbench.Step.Step, Site);

    /// <summary>A query sees the last 21 positions up to its own.</summary>
    private readonly struct WindowMask : IMask
    {
        public static int First(int query) => Math.Max(0, query - 20);

        public static int End(int query, int keys) => Math.Min(query + 1, keys);

        public static int FirstQuery(int key) => key;

        public static int EndQuery(int key, int queries) => Math.Min(key + 21, queries);
    }

    private readonly struct Scaled : IScoreModifier
    {
        public const float Factor = 0.25f;

        public static T Invoke<T>(T product)
            where T : struct, ILane<T> => product * T.Of(Factor);

        public static T Derivative<T>(T product)
            where T : struct, ILane<T> => T.Of(Factor);
    }

    /// <summary>2 tanh(product / 2), whose value at minus infinity is finite.</summary>
    private readonly struct Capped : IScoreModifier
    {
        public static T Invoke<T>(T product)
            where T : struct, ILane<T> => T.Of(2) * T.Tanh(product * T.Of(0.5f));

        public static T Derivative<T>(T product)
            where T : struct, ILane<T>
        {
            var tanh = T.Tanh(product * T.Of(0.5f));
            return T.Of(1) - (tanh * tanh);
        }
    }
}

using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

[Collection(CpuCollection.Name)]
public sealed class CpuAttentionTests : IDisposable
{
    private const uint Site = 9;
    private readonly CpuHarness _harness = new();

    // Single rows, heads and columns; odd head sizes; shared keys; sequences of more than one block of keys, forward (512) and backward (256).
    public static TheoryData<int, int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 1, 1 }, { 2, 1, 1, 1, 3 }, { 1, 9, 2, 2, 16 }, { 2, 33, 4, 2, 7 }, { 1, 70, 3, 1, 33 }, { 3, 40, 2, 2, 64 },
        { 1, 100, 1, 1, 130 }, { 1, 300, 2, 1, 5 }, { 1, 600, 1, 1, 4 }, { 1, 20, 1, 1, 1000 },
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

    [Theory]
    [InlineData(1, 1, 1, 1, 1, 4)]
    [InlineData(7, 30, 2, 1, 17, 3)]
    [InlineData(3, 600, 4, 2, 64, 2)]
    public void Rows_attend_to_their_slot_up_to_their_position(int rows, int capacity, int heads, int keyValueHeads, int headSize, int slots)
    {
        foreach (var lane in CpuHarness.Lanes)
        {
            foreach (var mask in new[] { typeof(CausalMask), typeof(WindowMask) })
                CpuHarness.Call(this, nameof(Cached), [lane, mask], rows, capacity, heads, keyValueHeads, headSize, slots);
        }
    }

    [Fact]
    public void A_position_beyond_the_cache_is_an_argument_error()
    {
        Set(1, 1, 4, 0);
        var qkv = _harness.Put(new float[12]);
        var one = _harness.Put(new[] { 5 });
        var zero = _harness.Put(new[] { 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnCpu<F4>(_harness.Execution).CachedAttention<AttentionShape, CausalMask, Scaled>(
            qkv, qkv, qkv, one, zero, new(Region.Cache, 0), _harness.Room(4), rows: 1, capacity: 5));
    }

    private void ForwardAndBackward<T, TMask, TScore>(int batch, int time, int heads, int keyValueHeads, int headSize)
        where T : struct, IWideLane<T>
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        _harness.Clear();
        Set(heads, keyValueHeads, headSize, dropout: 0.2f);
        _harness.Execution.Random = new(Seed: 1, Step: 2, IsTraining: true);
        var rows = batch * time;
        var stride = AttentionShape.RowStride;
        var qkv = CpuHarness.Random(rows * stride, 1);
        var dOutput = CpuHarness.Random(rows * heads * headSize, 2);

        var q = _harness.Put(qkv);
        var k = q + (heads * headSize * sizeof(float));
        var v = k + (keyValueHeads * headSize * sizeof(float));
        var output = _harness.Room(rows * heads * headSize);
        var logSumExp = _harness.Room(rows * heads);
        var dOutputAt = _harness.Put(dOutput);
        var delta = _harness.Room(rows * heads);
        var dq = _harness.Room(rows * stride);
        var dk = dq + (heads * headSize * sizeof(float));
        var dv = dk + (keyValueHeads * headSize * sizeof(float));
        var on = new OnCpu<T>(_harness.Execution);
        on.Attention<AttentionShape, TMask, TScore>(q, k, v, output, logSumExp, batch, time, Site);
        on.AttentionBackward<AttentionShape, TMask, TScore>(q, k, v, output, logSumExp, dOutputAt, delta, dq, dk, dv, batch, time, Site);

        var reference = new AttentionReference(qkv, dOutput, batch, time, heads, keyValueHeads, headSize);
        reference.Run<TMask, TScore>(RandomStream.For(1, 2, Site), 0.2f);

        // Outputs are means of values up to 1 (1.25 with dropout); gradients are sums over up to time · group of them, with products of headSize terms in the exponent.
        var what = $"{typeof(T).Name} {typeof(TMask).Name} {typeof(TScore).Name}";
        var scale = 1 + Math.Sqrt(headSize);
        Expect.Close(reference.Output, _harness.Read(output, rows * heads * headSize), 2e-6 * scale, $"output {what}");
        Expect.Close(reference.LogSumExp, _harness.Read(logSumExp, rows * heads), 2e-6 * scale, $"logSumExp {what}");
        Expect.Close(reference.Gradient, _harness.Read(dq, rows * stride), 1e-5 * scale, $"gradient {what}");
    }

    private void Cached<T, TMask>(int rows, int capacity, int heads, int keyValueHeads, int headSize, int slots)
        where T : struct, IWideLane<T>
        where TMask : struct, IMask
    {
        _harness.Clear();
        Set(heads, keyValueHeads, headSize, dropout: 0);
        var width = keyValueHeads * headSize;
        var stride = AttentionShape.RowStride;
        var qkv = CpuHarness.Random(rows * stride, 1);
        var cache = CpuHarness.Random(slots * 2 * capacity * width, 2);
        var positions = Enumerable.Range(0, rows).Select(row => Math.Max(0, capacity - 1 - (row * 5))).ToArray();
        var slotOf = Enumerable.Range(0, rows).Select(row => row % slots).ToArray();

        var q = _harness.Put(qkv);
        var cacheAt = _harness.Put(cache, Region.Cache);
        var output = _harness.Room(rows * heads * headSize);
        new OnCpu<T>(_harness.Execution).CachedAttention<AttentionShape, TMask, Scaled>(
            q, q + (heads * headSize * sizeof(float)), q + ((heads + keyValueHeads) * headSize * sizeof(float)),
            _harness.Put(positions), _harness.Put(slotOf), cacheAt, output, rows, capacity);

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
    }

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

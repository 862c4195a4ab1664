using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>
/// Attention, its gradients and attention to a cache: grouped heads, masks, padding, cross-attention, biases by distance, scores, dropout, times that are no
/// multiple of a tile.
/// </summary>
internal static class AttentionCases
{
    // Padding after a sequence, before it, and nothing else; a sequence without any.
    private static readonly int[] Padding = [0, 7, 3, 11, 4, 4, 0, 11];

    public static IEnumerable<KernelCase> All =>
    [
        .. Batch<TwoHeadsOf8, CausalMask, Scaled>(batch: 2, time: 11, observed: 2.2e-7, observedBackward: 6e-7),
        .. Batch<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(batch: 2, time: 9, observed: 2.4e-7, observedBackward: 7.2e-7),
        .. Batch<ThreeHeadsOf1, Window, Scaled>(batch: 1, time: 19, observed: 1.2e-7, observedBackward: 1.3e-7),
        .. Batch<TwoHeadsOf8, CausalMask, Scaled>(batch: 1, time: 70, observed: 3.1e-7, observedBackward: 8.2e-7),
        .. Batch<TwoHeadsOf8, CausalMask, Scaled>(batch: 4, time: 11, observed: 2.2e-7, observedBackward: 5.3e-7, bounds: Padding),
        .. Batch<TwoHeadsOf8, CausalMask, Scaled>(batch: 2, time: 11, observed: 2e-7, observedBackward: 6.2e-7, keyTime: 5),
        .. Batch<TwoHeadsOf8, CausalMask, Scaled>(batch: 2, time: 5, observed: 2.1e-7, observedBackward: 6e-7, keyTime: 11),
        .. Batch<TwoHeadsOf8BothWays, FullMask, Scaled>(batch: 2, time: 11, observed: 2.1e-7, observedBackward: 5e-7),
        .. Batch<TwoHeadsOf8BothWays, FullMask, Scaled>(batch: 4, time: 11, observed: 2.3e-7, observedBackward: 4.9e-7, bounds: Padding),
        .. Batch<TwoHeadsOf8BothWays, FullMask, Scaled>(batch: 2, time: 5, observed: 1.4e-7, observedBackward: 3.9e-7, keyTime: 70, bounds: [0, 33, 34, 70]),
        .. Batch<FourHeadsOf5Across, FullMask, SoftCapped>(batch: 2, time: 9, observed: 2.5e-7, observedBackward: 3.9e-7, keyTime: 13),
        .. Batch<FourHeadsOf5Across, FullMask, SoftCapped>(batch: 2, time: 9, observed: 2.4e-7, observedBackward: 8.5e-7, keyTime: 4, bounds: [1, 4, 0, 2]),
        .. Batch<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(batch: 2, time: 11, observed: 2.8e-7, observedBackward: 7.2e-7),
        .. Batch<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(batch: 4, time: 11, observed: 2.1e-7, observedBackward: 6.7e-7, bounds: Padding),
        .. Batch<FourHeadsOf5Biased, FullMask, SoftCapped>(batch: 2, time: 9, observed: 3.6e-7, observedBackward: 4.8e-7),
        .. Batch<FourHeadsOf5Biased, FullMask, SoftCapped>(batch: 4, time: 18, observed: 2.8e-7, observedBackward: 6.4e-7, keyTime: 11, bounds: Padding),
        .. Batch<FourHeadsOf5Biased, FullMask, SoftCapped>(batch: 1, time: 6, observed: 1.9e-7, observedBackward: 3.8e-7, keyTime: 40),
        .. Batch<ThreeHeadsOf1Biased, Window, Scaled>(batch: 1, time: 40, observed: 2e-7, observedBackward: 5.1e-7),
        .. Batch<ThreeHeadsOf1Biased, Window, Scaled>(batch: 4, time: 11, observed: 1.3e-7, observedBackward: 1.8e-7, bounds: Padding),
        Cached<TwoHeadsOf8, CausalMask, Scaled>(observed: 1.8e-7),
        Cached<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(observed: 2e-7),
        Cached<ThreeHeadsOf1, Window, Scaled>(observed: 8.3e-8),
        Cached<TwoHeadsOf8BothWays, FullMask, Scaled>(observed: 1.8e-7),
        Cached<FourHeadsOf5Across, FullMask, SoftCapped>(observed: 2.5e-7),
        Cached<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(observed: 1.6e-7),
        Cached<FourHeadsOf5Biased, FullMask, SoftCapped>(observed: 2.3e-7),
        Cached<ThreeHeadsOf1Biased, Window, Scaled>(observed: 7.3e-8),
    ];

    private static KernelCase[] Batch<TShape, TMask, TScore>(int batch, int time, double observed, double observedBackward, int? keyTime = null, int[]? bounds = null)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var sizes = $"{TShape.Kernel} {batch} x {time}{(keyTime is { } keys ? $" to {keys}" : "")}{(bounds is null ? "" : ", padded")}";
        return
        [
            new($"Attention {sizes}", observed, device => ForwardError<TShape, TMask, TScore>(device, batch, time, keyTime ?? time, bounds)),
            new($"AttentionBackward {sizes}", observedBackward, device => BackwardError<TShape, TMask, TScore>(device, batch, time, keyTime ?? time, bounds)),
        ];
    }

    private static double ForwardError<TShape, TMask, TScore>(Device device, int batch, int time, int keyTime, int[]? bounds)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        const uint site = 11;
        using var bench = new Workbench(device);
        var at = new Operands<TShape, TMask, TScore>(bench, batch, time, keyTime, bounds, site);
        var (output, logSumExp) = at.Problem.Forward();
        var (outputAt, logSumExpAt) = (bench.Result(output.Length), bench.Result(logSumExp.Length));
        bench.Run(on => on.Attention<TShape, TMask, TScore>(at.Query, at.Key, at.Value, at.Bias, at.Bounds, outputAt, logSumExpAt, batch, time, keyTime, site));
        return Math.Max(Distance.Between(bench.Read(outputAt, output.Length), output), Distance.Between(bench.Read(logSumExpAt, logSumExp.Length), logSumExp));
    }

    private static double BackwardError<TShape, TMask, TScore>(Device device, int batch, int time, int keyTime, int[]? bounds)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        const uint site = 12;
        using var bench = new Workbench(device);
        var at = new Operands<TShape, TMask, TScore>(bench, batch, time, keyTime, bounds, site);
        var (output, logSumExp) = at.Problem.Forward();
        var outputGradient = bench.Normal(output.Length);
        var (query, key, value) = at.Problem.Backward(outputGradient);
        var bias = TShape.HasBias ? at.Problem.BiasGradient(outputGradient) : [];

        var (outputAt, logSumExpAt) = (bench.Add(Array.ConvertAll(output, x => (float)x)), bench.Add(Array.ConvertAll(logSumExp, x => (float)x)));
        var (outputGradientAt, deltaAt) = (bench.Add(outputGradient), bench.Result(logSumExp.Length));
        var (queryAt, keyAt, valueAt, biasAt) = (bench.Result(query.Length), bench.Result(key.Length), bench.Result(value.Length), bench.Result(bias.Length + 1));
        bench.Run(on => on.AttentionBackward<TShape, TMask, TScore>(
            at.Query, at.Key, at.Value, at.Bias, at.Bounds, outputAt, logSumExpAt, outputGradientAt, deltaAt, queryAt, keyAt, valueAt, TShape.HasBias ? biasAt : Place.None, batch, time, keyTime, site));

        double[] errors =
        [
            Error(queryAt, query),
            Error(keyAt, key),
            Error(valueAt, value),
            Error(biasAt, [.. bias, double.NaN]),
        ];
        return errors.Max();

        double Error(Place place, double[] expected)
        {
            var (actual, written) = Gaps.Without(bench.Read(place, expected.Length), expected);
            return Distance.Between(actual, written);
        }
    }

    // Two slots, of which one is filled to different depths by rows of the same launch and one by an earlier launch; a third is not touched. The last row has
    // nothing before it.
    private static KernelCase Cached<TShape, TMask, TScore>(double observed)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier => new(
            $"CachedAttention {TShape.Kernel}",
            observed,
            device =>
            {
                const int capacity = 7;
                const int nothing = -1;
                using var bench = new Workbench(device);
                var width = TShape.KeyValueHeads * TShape.HeadSize;

                // Each row must find what stands before it: slot 0 keeps what the cache began with at the positions that no row writes.
                int[] positions = [0, 1, 2, 2, 3, 5, nothing];
                int[] slots = [2, 2, 0, 2, 2, 0, 1];
                var rows = positions.Length;
                var stored = rows - 1;
                var cache = bench.Normal(3 * 2 * capacity * width);
                var (query, key, value) = (bench.Normal(rows * TShape.QueryStride), bench.Normal(stored * TShape.KeyStride), bench.Normal(stored * TShape.ValueStride));
                var bias = new Biases<TShape>(bench, capacity - 1, 0);
                var (queryAt, keyAt, valueAt) = (bench.Add(query), bench.Add(key), bench.Add(value));
                var (positionsAt, slotsAt, cacheAt) = (bench.Add(positions), bench.Add(slots), bench.Add<float>(Region.Cache, cache));
                var outputAt = bench.Result(rows * TShape.Heads * TShape.HeadSize);
                bench.Run(on =>
                {
                    on.StoreKeys<TShape>(keyAt, valueAt, positionsAt, slotsAt, cacheAt, stored, capacity);
                    on.CachedAttention<TShape, TMask, TScore>(queryAt, bias.At, positionsAt, slotsAt, cacheAt, outputAt, rows, capacity);
                });

                var expected = Reference.Doubles(cache);
                for (var r = 0; r < stored; r++)
                {
                    for (var c = 0; c < width; c++)
                    {
                        var (head, column) = (c / TShape.HeadSize, c % TShape.HeadSize);
                        var at = Head(slots[r], head) + (positions[r] * TShape.HeadSize) + column;
                        expected[at] = key[(r * TShape.KeyStride) + (head * TShape.HeadStride) + column];
                        expected[at + (capacity * width)] = value[(r * TShape.ValueStride) + (head * TShape.HeadStride) + column];
                    }
                }

                var output = new double[rows * TShape.Heads * TShape.HeadSize];
                for (var i = 0; i < stored * TShape.Heads; i++)
                {
                    var (r, h) = (i / TShape.Heads, i % TShape.Heads);
                    var head = Head(slots[r], h * TShape.KeyValueHeads / TShape.Heads);
                    var sum = 0.0;
                    for (var k = TMask.First(positions[r]); k < TMask.End(positions[r], positions[r] + 1); k++)
                    {
                        var keyStart = head + (k * TShape.HeadSize);
                        var product = 0.0;
                        for (var d = 0; d < TShape.HeadSize; d++)
                            product += query[(r * TShape.QueryStride) + (h * TShape.HeadStride) + d] * expected[keyStart + d];
                        var weight = Math.Exp(TScore.Invoke<D1>(new(product)).Value + bias.Of(h, k - positions[r]));
                        sum += weight;
                        for (var d = 0; d < TShape.HeadSize; d++)
                            output[(i * TShape.HeadSize) + d] += weight * expected[keyStart + (capacity * width) + d];
                    }

                    for (var d = 0; d < TShape.HeadSize; d++)
                        output[(i * TShape.HeadSize) + d] /= sum;
                }

                return Math.Max(Distance.Between(bench.Read(outputAt, output.Length), output), Distance.Between(bench.Read(cacheAt, expected.Length), expected));

                // The first key of a head.
                static int Head(int slot, int head) => ((slot * 2 * TShape.KeyValueHeads) + head) * capacity * TShape.HeadSize;
            });

    /// <summary>What a launch reads, on the device and for the reference.</summary>
    private sealed class Operands<TShape, TMask, TScore>
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        public Operands(Workbench bench, int batch, int time, int keyTime, int[]? bounds, uint site)
        {
            var query = bench.Normal(batch * time * TShape.QueryStride);
            var (key, value) = (bench.Normal(batch * keyTime * TShape.KeyStride), bench.Normal(batch * keyTime * TShape.ValueStride));
            var seen = Enumerable.Range(0, time).Where(q => TMask.First(q) < TMask.End(q, keyTime)).ToList();
            var bias = new Biases<TShape>(bench, seen.Max(q => q - TMask.First(q)), seen.Max(q => TMask.End(q, keyTime) - 1 - q));
            (Query, Key, Value, Bias) = (bench.Add(query), bench.Add(key), bench.Add(value), bias.At);
            Bounds = bounds is null ? Place.None : bench.Add(bounds);
            Problem = new(query, key, value, batch, time, keyTime)
            {
                Bias = bias.Table,
                BiasOrigin = bias.At.Origin,
                Bounds = bounds,
                Stream = RandomStream.For(Workbench.Step.Seed, Workbench.Step.Step, site),
            };
        }

        public AttentionProblem<TShape, TMask, TScore> Problem { get; }

        public Place Query { get; }

        public Place Key { get; }

        public Place Value { get; }

        public RelativeBias Bias { get; }

        public Place Bounds { get; }
    }

    /// <summary>
    /// A bias for distances from <paramref name="back"/> before a query to <paramref name="ahead"/> after it, with more between NaN's; for heads of one column no
    /// distance more than that, at the very start of its region.
    /// </summary>
    private sealed class Biases<TShape>
        where TShape : struct, IAttentionShape
    {
        public Biases(Workbench bench, int back, int ahead)
        {
            if (!TShape.HasBias)
                return;

            var more = TShape.HeadSize == 1 ? 0 : 2;
            var origin = Math.Max(0, back) + more;
            var stride = origin + 1 + Math.Max(0, ahead) + more;
            Table = bench.Normal(TShape.Heads * stride);
            var around = Enumerable.Repeat(float.NaN, 8 * more).ToArray();
            var place = bench.Add<float>(Region.Tables, (float[])[.. around, .. Table, .. around]);
            At = new(place + (around.Length * sizeof(float)), stride, origin);
        }

        public float[] Table { get; } = [];

        public RelativeBias At { get; } = RelativeBias.None;

        public double Of(int head, int distance) => TShape.HasBias ? Table[(head * At.Stride) + At.Origin + distance] : 0;
    }
}

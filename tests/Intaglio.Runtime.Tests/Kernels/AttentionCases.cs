using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Attention, its gradients and attention to a cache: grouped heads, masks, scores, dropout, times that are no multiple of a tile.</summary>
internal static class AttentionCases
{
    public static IEnumerable<KernelCase> All =>
    [
        .. Batch<TwoHeadsOf8, CausalMask, Scaled>(batch: 2, time: 11, observed: 2.1e-7, observedBackward: 6e-7),
        .. Batch<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(batch: 2, time: 9, observed: 1.9e-7, observedBackward: 7.2e-7),
        .. Batch<ThreeHeadsOf1, Window, Scaled>(batch: 1, time: 19, observed: 1.2e-7, observedBackward: 1.3e-7),
        .. Batch<TwoHeadsOf8, CausalMask, Scaled>(batch: 1, time: 70, observed: 2.7e-7, observedBackward: 7.3e-7),
        Cached<TwoHeadsOf8, CausalMask, Scaled>(observed: 1.4e-7),
        Cached<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(observed: 1.4e-7),
        Cached<ThreeHeadsOf1, Window, Scaled>(observed: 7.5e-8),
    ];

    private static KernelCase[] Batch<TShape, TMask, TScore>(int batch, int time, double observed, double observedBackward)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier =>
    [
        new($"Attention {TShape.Kernel} {batch} x {time}", observed, device => ForwardError<TShape, TMask, TScore>(device, batch, time)),
        new($"AttentionBackward {TShape.Kernel} {batch} x {time}", observedBackward, device => BackwardError<TShape, TMask, TScore>(device, batch, time)),
    ];

    private static double ForwardError<TShape, TMask, TScore>(Device device, int batch, int time)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        const uint site = 11;
        using var bench = new Workbench(device);
        var rows = batch * time;
        var (query, key, value) = (bench.Normal(rows * TShape.RowStride), bench.Normal(rows * TShape.RowStride), bench.Normal(rows * TShape.RowStride));
        var (queryAt, keyAt, valueAt) = (bench.Add(query), bench.Add(key), bench.Add(value));
        var (outputAt, logSumExpAt) = (bench.Result(rows * TShape.Heads * TShape.HeadSize), bench.Result(rows * TShape.Heads));
        bench.Run(on => on.Attention<TShape, TMask, TScore>(queryAt, keyAt, valueAt, outputAt, logSumExpAt, batch, time, site));

        var (probabilities, logSumExp) = Reference.Attend<TShape, TMask, TScore>(query, key, batch, time);
        var output = Output<TShape>(probabilities, value, batch, time, site);
        return Math.Max(Distance.Between(bench.Read(outputAt, output.Length), output), Distance.Between(bench.Read(logSumExpAt, logSumExp.Length), logSumExp));
    }

    private static double BackwardError<TShape, TMask, TScore>(Device device, int batch, int time)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        const uint site = 12;
        using var bench = new Workbench(device);
        var rows = batch * time;
        var (query, key, value) = (bench.Normal(rows * TShape.RowStride), bench.Normal(rows * TShape.RowStride), bench.Normal(rows * TShape.RowStride));
        var outputGradient = bench.Normal(rows * TShape.Heads * TShape.HeadSize);
        var (probabilities, logSumExp) = Reference.Attend<TShape, TMask, TScore>(query, key, batch, time);
        var output = Output<TShape>(probabilities, value, batch, time, site);

        var (queryAt, keyAt, valueAt, outputGradientAt) = (bench.Add(query), bench.Add(key), bench.Add(value), bench.Add(outputGradient));
        var (outputAt, logSumExpAt) = (bench.Add(Array.ConvertAll(output, x => (float)x)), bench.Add(Array.ConvertAll(logSumExp, x => (float)x)));
        var (queryGradientAt, keyGradientAt, valueGradientAt) = (bench.Result(query.Length), bench.Result(query.Length), bench.Result(query.Length));
        var deltaAt = bench.Result(rows * TShape.Heads);
        bench.Run(on => on.AttentionBackward<TShape, TMask, TScore>(
            queryAt, keyAt, valueAt, outputAt, logSumExpAt, outputGradientAt, deltaAt, queryGradientAt, keyGradientAt, valueGradientAt, batch, time, site));

        // dP = keep · dO vᵀ, dS = P (dP - Σ P dP), and through the score to q and k; dV = (keep P)ᵀ dO.
        var stream = RandomStream.For(Workbench.Step.Seed, Workbench.Step.Step, site);
        var (queryGradient, keyGradient, valueGradient) = (new double[query.Length], new double[query.Length], new double[query.Length]);
        for (var i = 0; i < batch * TShape.Heads * time; i++)
        {
            var (b, h, q) = (i / time / TShape.Heads, i / time % TShape.Heads, i % time);
            var queryRow = (b * time) + q;
            var gradients = new double[time];
            var mean = 0.0;
            for (var k = 0; k < time; k++)
            {
                var element = (i * time) + k;
                var keep = Reference.Keep(stream, (uint)element, TShape.DropoutRate, Workbench.Step);
                for (var d = 0; d < TShape.HeadSize; d++)
                {
                    var gradient = (double)outputGradient[(((queryRow * TShape.Heads) + h) * TShape.HeadSize) + d];
                    var valueAt1 = Reference.KeyAt<TShape>((b * time) + k, h) + d;
                    gradients[k] += keep * gradient * value[valueAt1];
                    valueGradient[valueAt1] += keep * probabilities[element] * gradient;
                }

                mean += probabilities[element] * gradients[k];
            }

            for (var k = 0; k < time; k++)
            {
                var keyRow = (b * time) + k;
                var product = Reference.ProductOf<TShape>(query, queryRow, h, key, keyRow);
                var slope = probabilities[(i * time) + k] * (gradients[k] - mean) * TScore.Derivative<D1>(new(product)).Value;
                for (var d = 0; d < TShape.HeadSize; d++)
                {
                    queryGradient[Reference.QueryAt<TShape>(queryRow, h) + d] += slope * key[Reference.KeyAt<TShape>(keyRow, h) + d];
                    keyGradient[Reference.KeyAt<TShape>(keyRow, h) + d] += slope * query[Reference.QueryAt<TShape>(queryRow, h) + d];
                }
            }
        }

        double[] errors =
        [
            Distance.Between(Heads(bench.Read(queryGradientAt, query.Length), TShape.RowStride, TShape.Heads * TShape.HeadSize), Heads(queryGradient, TShape.RowStride, TShape.Heads * TShape.HeadSize)),
            Distance.Between(Heads(bench.Read(keyGradientAt, query.Length), TShape.RowStride, TShape.KeyValueHeads * TShape.HeadSize), Heads(keyGradient, TShape.RowStride, TShape.KeyValueHeads * TShape.HeadSize)),
            Distance.Between(Heads(bench.Read(valueGradientAt, query.Length), TShape.RowStride, TShape.KeyValueHeads * TShape.HeadSize), Heads(valueGradient, TShape.RowStride, TShape.KeyValueHeads * TShape.HeadSize)),
        ];
        return errors.Max();
    }

    // Two slots, of which one is filled to different depths by rows of the same launch and one by an earlier launch; a third is not touched.
    private static KernelCase Cached<TShape, TMask, TScore>(double observed)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier => new(
            $"CachedAttention {TShape.Kernel}",
            observed,
            device =>
            {
                const int capacity = 7;
                using var bench = new Workbench(device);
                var width = TShape.KeyValueHeads * TShape.HeadSize;
                int[] positions = [0, 1, 2, 3, 4, 5];
                int[] slots = [2, 2, 0, 2, 2, 0];
                var rows = positions.Length;
                var cache = bench.Normal(3 * 2 * capacity * width);
                var (query, key, value) = (bench.Normal(rows * TShape.RowStride), bench.Normal(rows * TShape.RowStride), bench.Normal(rows * TShape.RowStride));

                // Each row must find what stands before it: slot 0 keeps what the cache began with at the positions that no row writes.
                (positions[3], positions[4]) = (2, 3);
                var (queryAt, keyAt, valueAt) = (bench.Add(query), bench.Add(key), bench.Add(value));
                var (positionsAt, slotsAt, cacheAt) = (bench.Add(positions), bench.Add(slots), bench.Add<float>(Region.Cache, cache));
                var outputAt = bench.Result(rows * TShape.Heads * TShape.HeadSize);
                bench.Run(on => on.CachedAttention<TShape, TMask, TScore>(queryAt, keyAt, valueAt, positionsAt, slotsAt, cacheAt, outputAt, rows, capacity));

                var stored = Reference.Doubles(cache);
                for (var r = 0; r < rows; r++)
                {
                    for (var c = 0; c < width; c++)
                    {
                        var at = Head(slots[r], c / TShape.HeadSize) + (positions[r] * TShape.HeadSize) + (c % TShape.HeadSize);
                        stored[at] = key[(r * TShape.RowStride) + c];
                        stored[at + (capacity * width)] = value[(r * TShape.RowStride) + c];
                    }
                }

                var output = new double[rows * TShape.Heads * TShape.HeadSize];
                for (var i = 0; i < rows * TShape.Heads; i++)
                {
                    var (r, h) = (i / TShape.Heads, i % TShape.Heads);
                    var head = Head(slots[r], h * TShape.KeyValueHeads / TShape.Heads);
                    var sum = 0.0;
                    for (var k = TMask.First(positions[r]); k < TMask.End(positions[r], positions[r] + 1); k++)
                    {
                        var keyStart = head + (k * TShape.HeadSize);
                        var product = 0.0;
                        for (var d = 0; d < TShape.HeadSize; d++)
                            product += query[Reference.QueryAt<TShape>(r, h) + d] * stored[keyStart + d];
                        var weight = Math.Exp(TScore.Invoke<D1>(new(product)).Value);
                        sum += weight;
                        for (var d = 0; d < TShape.HeadSize; d++)
                            output[(i * TShape.HeadSize) + d] += weight * stored[keyStart + (capacity * width) + d];
                    }

                    for (var d = 0; d < TShape.HeadSize; d++)
                        output[(i * TShape.HeadSize) + d] /= sum;
                }

                return Math.Max(Distance.Between(bench.Read(outputAt, output.Length), output), Distance.Between(bench.Read(cacheAt, stored.Length), stored));

                // The first key of a head.
                static int Head(int slot, int head) => ((slot * 2 * TShape.KeyValueHeads) + head) * capacity * TShape.HeadSize;
            });

    private static double[] Output<TShape>(double[] probabilities, float[] value, int batch, int time, uint site)
        where TShape : struct, IAttentionShape
    {
        var stream = RandomStream.For(Workbench.Step.Seed, Workbench.Step.Step, site);
        var output = new double[batch * time * TShape.Heads * TShape.HeadSize];
        for (var i = 0; i < batch * TShape.Heads * time; i++)
        {
            var (b, h, q) = (i / time / TShape.Heads, i / time % TShape.Heads, i % time);
            for (var k = 0; k < time; k++)
            {
                var weight = probabilities[(i * time) + k] * Reference.Keep(stream, (uint)((i * time) + k), TShape.DropoutRate, Workbench.Step);
                for (var d = 0; d < TShape.HeadSize; d++)
                    output[(((((b * time) + q) * TShape.Heads) + h) * TShape.HeadSize) + d] += weight * value[Reference.KeyAt<TShape>((b * time) + k, h) + d];
            }
        }

        return output;
    }

    // The columns of each row that belong to heads: what lies between rows belongs to others.
    private static T[] Heads<T>(T[] values, int stride, int width) => [.. values.Where((_, index) => index % stride < width)];
}

using ILGPU;
using static Intaglio.Numerics.Gpu.GpuHeads;

namespace Intaglio.Numerics.Gpu;

/// <summary>
/// Attention and its gradients, one pass over the keys with a running softmax (Milakov and Gimelshein, arXiv:1805.02867; Dao, arXiv:2307.08691): nothing
/// of time × time is stored. Each thread owns one row of a result and keeps it in its own memory.
/// </summary>
public static class GpuAttention
{
    /// <summary>Output and log-sum-exp, a thread for each query and head.</summary>
    public static void Forward<TShape, TMask, TScore>(AttentionArguments at)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var sums = LocalMemory.Allocate<float>(TShape.HeadSize);
        for (var index = GpuGrid.First; index < at.Batch * TShape.Heads * at.Time; index += GpuGrid.Stride)
        {
            var query = index % at.Time;
            var head = index / at.Time % TShape.Heads;
            var sequence = index / at.Time / TShape.Heads;
            var row = (sequence * at.Time) + query;
            var queryStart = (row * TShape.RowStride) + (head * TShape.HeadSize);
            var keyStart = (sequence * at.Time * TShape.RowStride) + (KeyValueHead<TShape>(head) * TShape.HeadSize);

            GpuVector.Clear(sums, TShape.HeadSize);
            var largest = 0f;
            var total = 0f;
            for (var key = TMask.First(query); key < TMask.End(query, at.Time); key++)
            {
                var score = Score<TScore>(GpuVector.Dot(at.Query, queryStart, at.Key, keyStart + (key * TShape.RowStride), TShape.HeadSize));
                if (total == 0f || score > largest)
                {
                    var shrink = total == 0f ? 0f : GpuMath.Exp(largest - score);
                    total *= shrink;
                    GpuVector.Scale(sums, shrink, TShape.HeadSize);
                    largest = score;
                }

                var weight = GpuMath.Exp(score - largest);
                total += weight;
                if (TShape.DropoutRate > 0)
                    weight *= at.Dropout.Keep(Element<TShape>(sequence, head, query, at.Time, key));
                GpuVector.Accumulate(sums, weight, at.Value, keyStart + (key * TShape.RowStride), TShape.HeadSize);
            }

            GpuVector.Store(sums, total > 0f ? 1f / total : 0f, at.Output, ((row * TShape.Heads) + head) * TShape.HeadSize, TShape.HeadSize);
            at.LogSumExp[(row * TShape.Heads) + head] = total > 0f ? largest + GpuMath.Log(total) : 0f;
        }
    }

    /// <summary>queryGradient = Σ dscore · key, a thread for each query and head.</summary>
    public static void QueryGradient<TShape, TMask, TScore>(AttentionArguments at)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var sums = LocalMemory.Allocate<float>(TShape.HeadSize);
        for (var index = GpuGrid.First; index < at.Batch * TShape.Heads * at.Time; index += GpuGrid.Stride)
        {
            var query = index % at.Time;
            var head = index / at.Time % TShape.Heads;
            var sequence = index / at.Time / TShape.Heads;
            var row = (sequence * at.Time) + query;
            var rowHead = (row * TShape.Heads) + head;
            var queryStart = (row * TShape.RowStride) + (head * TShape.HeadSize);
            var keyStart = (sequence * at.Time * TShape.RowStride) + (KeyValueHead<TShape>(head) * TShape.HeadSize);

            GpuVector.Clear(sums, TShape.HeadSize);
            for (var key = TMask.First(query); key < TMask.End(query, at.Time); key++)
            {
                var product = GpuVector.Dot(at.Query, queryStart, at.Key, keyStart + (key * TShape.RowStride), TShape.HeadSize);
                var weight = GpuMath.Exp(Score<TScore>(product) - at.LogSumExp[rowHead]);
                var weightGradient = GpuVector.Dot(at.OutputGradient, rowHead * TShape.HeadSize, at.Value, keyStart + (key * TShape.RowStride), TShape.HeadSize);
                if (TShape.DropoutRate > 0)
                    weightGradient *= at.Dropout.Keep(Element<TShape>(sequence, head, query, at.Time, key));

                var gradient = weight * (weightGradient - at.Delta[rowHead]) * Slope<TScore>(product);
                GpuVector.Accumulate(sums, gradient, at.Key, keyStart + (key * TShape.RowStride), TShape.HeadSize);
            }

            GpuVector.Store(sums, 1f, at.QueryGradient, queryStart, TShape.HeadSize);
        }
    }

    /// <summary>
    /// keyGradient = Σ dscore · query and valueGradient = Σ weight · outputGradient over the queries that see the key and the heads that share it, a thread
    /// for each key and key-value head.
    /// </summary>
    public static void KeyValueGradient<TShape, TMask, TScore>(AttentionArguments at)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var keySums = LocalMemory.Allocate<float>(TShape.HeadSize);
        var valueSums = LocalMemory.Allocate<float>(TShape.HeadSize);
        for (var index = GpuGrid.First; index < at.Batch * TShape.KeyValueHeads * at.Time; index += GpuGrid.Stride)
        {
            var key = index % at.Time;
            var keyValueHead = index / at.Time % TShape.KeyValueHeads;
            var sequence = index / at.Time / TShape.KeyValueHeads;
            var keyStart = (((sequence * at.Time) + key) * TShape.RowStride) + (keyValueHead * TShape.HeadSize);

            GpuVector.Clear(keySums, TShape.HeadSize);
            GpuVector.Clear(valueSums, TShape.HeadSize);
            for (var head = FirstHead<TShape>(keyValueHead); head < FirstHead<TShape>(keyValueHead + 1); head++)
            {
                for (var query = TMask.FirstQuery(key); query < TMask.EndQuery(key, at.Time); query++)
                {
                    var row = (sequence * at.Time) + query;
                    var rowHead = (row * TShape.Heads) + head;
                    var queryStart = (row * TShape.RowStride) + (head * TShape.HeadSize);
                    var product = GpuVector.Dot(at.Query, queryStart, at.Key, keyStart, TShape.HeadSize);
                    var weight = GpuMath.Exp(Score<TScore>(product) - at.LogSumExp[rowHead]);
                    var weightGradient = GpuVector.Dot(at.OutputGradient, rowHead * TShape.HeadSize, at.Value, keyStart, TShape.HeadSize);
                    var keep = 1f;
                    if (TShape.DropoutRate > 0)
                        keep = at.Dropout.Keep(Element<TShape>(sequence, head, query, at.Time, key));

                    var gradient = weight * ((weightGradient * keep) - at.Delta[rowHead]) * Slope<TScore>(product);
                    GpuVector.Accumulate(keySums, gradient, at.Query, queryStart, TShape.HeadSize);
                    GpuVector.Accumulate(valueSums, weight * keep, at.OutputGradient, rowHead * TShape.HeadSize, TShape.HeadSize);
                }
            }

            GpuVector.Store(keySums, 1f, at.KeyGradient, keyStart, TShape.HeadSize);
            GpuVector.Store(valueSums, 1f, at.ValueGradient, keyStart, TShape.HeadSize);
        }
    }

    /// <summary>Attention of each row's query to the keys of its cache slot up to its own position, a thread for each row and head.</summary>
    public static void Cached<TShape, TMask, TScore>(CachedAttentionArguments at)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var sums = LocalMemory.Allocate<float>(TShape.HeadSize);
        for (var index = GpuGrid.First; index < at.Rows * TShape.Heads; index += GpuGrid.Stride)
        {
            var row = index / TShape.Heads;
            var head = index % TShape.Heads;
            var position = at.Positions[row];
            var queryStart = (row * TShape.RowStride) + (head * TShape.HeadSize);
            var keyStart = ((at.Slots[row] * 2 * TShape.KeyValueHeads) + KeyValueHead<TShape>(head)) * at.Capacity * TShape.HeadSize;
            var valueStart = keyStart + (TShape.KeyValueHeads * at.Capacity * TShape.HeadSize);

            GpuVector.Clear(sums, TShape.HeadSize);
            var largest = 0f;
            var total = 0f;
            for (var key = TMask.First(position); key < TMask.End(position, position + 1); key++)
            {
                var score = Score<TScore>(GpuVector.Dot(at.Query, queryStart, at.Cache, keyStart + (key * TShape.HeadSize), TShape.HeadSize));
                if (total == 0f || score > largest)
                {
                    var shrink = total == 0f ? 0f : GpuMath.Exp(largest - score);
                    total *= shrink;
                    GpuVector.Scale(sums, shrink, TShape.HeadSize);
                    largest = score;
                }

                var weight = GpuMath.Exp(score - largest);
                total += weight;
                GpuVector.Accumulate(sums, weight, at.Cache, valueStart + (key * TShape.HeadSize), TShape.HeadSize);
            }

            GpuVector.Store(sums, total > 0f ? 1f / total : 0f, at.Output, ((row * TShape.Heads) + head) * TShape.HeadSize, TShape.HeadSize);
        }
    }

    /// <summary>delta[r, h] = Σ outputGradient · output over a head, a thread for each.</summary>
    internal static void Delta(AttentionDeltaArguments at)
    {
        for (var index = GpuGrid.First; index < at.Rows * at.Heads; index += GpuGrid.Stride)
            at.Delta[index] = GpuVector.Dot(at.Output, index * at.HeadSize, at.OutputGradient, index * at.HeadSize, at.HeadSize);
    }

    /// <summary>Stores keys and values of rows in their slots at their positions, a thread for each element.</summary>
    internal static void Store(CacheStoreArguments at)
    {
        var width = at.KeyValueHeads * at.HeadSize;
        for (var index = GpuGrid.First; index < at.Rows * width; index += GpuGrid.Stride)
        {
            var row = index / width;
            var column = index % width;
            var head = (at.Slots[row] * 2 * at.KeyValueHeads) + (column / at.HeadSize);
            var key = (((head * at.Capacity) + at.Positions[row]) * at.HeadSize) + (column % at.HeadSize);
            at.Cache[key] = at.Key[(row * at.RowStride) + column];
            at.Cache[key + (at.Capacity * width)] = at.Value[(row * at.RowStride) + column];
        }
    }
}

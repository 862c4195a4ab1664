using System.Runtime.CompilerServices;
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
            var queryStart = QueryAt<TShape>(row, head);
            var keyStart = KeyAt<TShape>(sequence * at.KeyTime, KeyValueHead<TShape>(head));
            var valueStart = ValueAt<TShape>(sequence * at.KeyTime, KeyValueHead<TShape>(head));
            var end = End<TMask>(query, at.KeyTime, EndKey(at, sequence));

            GpuVector.Clear(sums, TShape.HeadSize);
            var largest = 0f;
            var total = 0f;
            for (var key = First<TMask>(query, FirstKey(at, sequence)); key < end; key++)
            {
                var score = Score<TShape, TScore>(GpuVector.Dot(at.Query, queryStart, at.Key, keyStart + (key * TShape.KeyStride), TShape.HeadSize), at.Bias, BiasAt(at, head, query, key));
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
                    weight *= Keep<TShape>(at, sequence, head, query, key);
                GpuVector.Accumulate(sums, weight, at.Value, valueStart + (key * TShape.ValueStride), TShape.HeadSize);
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
            var queryStart = QueryAt<TShape>(row, head);
            var keyStart = KeyAt<TShape>(sequence * at.KeyTime, KeyValueHead<TShape>(head));
            var valueStart = ValueAt<TShape>(sequence * at.KeyTime, KeyValueHead<TShape>(head));
            var end = End<TMask>(query, at.KeyTime, EndKey(at, sequence));

            GpuVector.Clear(sums, TShape.HeadSize);
            for (var key = First<TMask>(query, FirstKey(at, sequence)); key < end; key++)
            {
                var keyAt = keyStart + (key * TShape.KeyStride);
                var gradient = ScoreGradient<TShape, TScore>(
                    at, queryStart, keyAt, valueStart + (key * TShape.ValueStride), (row * TShape.Heads) + head, BiasAt(at, head, query, key), Keep<TShape>(at, sequence, head, query, key), out var product, out _);
                GpuVector.Accumulate(sums, gradient * Slope<TScore>(product), at.Key, keyAt, TShape.HeadSize);
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
        for (var index = GpuGrid.First; index < at.Batch * TShape.KeyValueHeads * at.KeyTime; index += GpuGrid.Stride)
        {
            var key = index % at.KeyTime;
            var keyValueHead = index / at.KeyTime % TShape.KeyValueHeads;
            var sequence = index / at.KeyTime / TShape.KeyValueHeads;
            var keyStart = KeyAt<TShape>((sequence * at.KeyTime) + key, keyValueHead);
            var valueStart = ValueAt<TShape>((sequence * at.KeyTime) + key, keyValueHead);
            var end = key >= FirstKey(at, sequence) && key < EndKey(at, sequence) ? TMask.EndQuery(key, at.Time) : 0;

            GpuVector.Clear(keySums, TShape.HeadSize);
            GpuVector.Clear(valueSums, TShape.HeadSize);
            for (var head = FirstHead<TShape>(keyValueHead); head < FirstHead<TShape>(keyValueHead + 1); head++)
            {
                for (var query = TMask.FirstQuery(key); query < end; query++)
                {
                    var row = (sequence * at.Time) + query;
                    var rowHead = (row * TShape.Heads) + head;
                    var queryStart = QueryAt<TShape>(row, head);
                    var gradient = ScoreGradient<TShape, TScore>(
                        at, queryStart, keyStart, valueStart, rowHead, BiasAt(at, head, query, key), Keep<TShape>(at, sequence, head, query, key), out var product, out var weight);
                    GpuVector.Accumulate(keySums, gradient * Slope<TScore>(product), at.Query, queryStart, TShape.HeadSize);
                    GpuVector.Accumulate(valueSums, weight, at.OutputGradient, rowHead * TShape.HeadSize, TShape.HeadSize);
                }
            }

            GpuVector.Store(keySums, 1f, at.KeyGradient, keyStart, TShape.HeadSize);
            GpuVector.Store(valueSums, 1f, at.ValueGradient, valueStart, TShape.HeadSize);
        }
    }

    /// <summary>biasGradient = Σ d(score + bias) over the pairs at a distance, a thread for each distance of each sequence and head.</summary>
    public static void BiasGradient<TShape, TMask, TScore>(AttentionArguments at)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        for (var index = GpuGrid.First; index < at.Batch * TShape.Heads * at.BiasStride; index += GpuGrid.Stride)
        {
            var distance = (index % at.BiasStride) - at.BiasOrigin;
            var head = index / at.BiasStride % TShape.Heads;
            var sequence = index / at.BiasStride / TShape.Heads;
            var firstKey = FirstKey(at, sequence);
            var endKey = EndKey(at, sequence);
            var sum = 0f;
            for (var query = distance < 0 ? -distance : 0; query < at.Time && query + distance < at.KeyTime; query++)
            {
                var key = query + distance;
                if (key >= First<TMask>(query, firstKey) && key < End<TMask>(query, at.KeyTime, endKey))
                {
                    var (row, keyRow) = ((sequence * at.Time) + query, (sequence * at.KeyTime) + key);
                    sum += ScoreGradient<TShape, TScore>(
                        at, QueryAt<TShape>(row, head), KeyAt<TShape>(keyRow, KeyValueHead<TShape>(head)), ValueAt<TShape>(keyRow, KeyValueHead<TShape>(head)), (row * TShape.Heads) + head,
                        BiasAt(at, head, query, key), Keep<TShape>(at, sequence, head, query, key), out _, out _);
                }
            }

            at.BiasGradient[index] = sum;
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
            var queryStart = QueryAt<TShape>(row, head);
            var keyStart = ((at.Slots[row] * 2 * TShape.KeyValueHeads) + KeyValueHead<TShape>(head)) * at.Capacity * TShape.HeadSize;
            var valueStart = keyStart + (TShape.KeyValueHeads * at.Capacity * TShape.HeadSize);
            var biasStart = (head * at.BiasStride) + at.BiasOrigin - position;

            GpuVector.Clear(sums, TShape.HeadSize);
            var largest = 0f;
            var total = 0f;
            for (var key = TMask.First(position); key < TMask.End(position, position + 1); key++)
            {
                var score = Score<TShape, TScore>(GpuVector.Dot(at.Query, queryStart, at.Cache, keyStart + (key * TShape.HeadSize), TShape.HeadSize), at.Bias, biasStart + key);
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
            var source = (column / at.HeadSize * at.HeadStride) + (column % at.HeadSize);
            at.Cache[key] = at.Key[(row * at.KeyStride) + source];
            at.Cache[key + (at.Capacity * width)] = at.Value[(row * at.ValueStride) + source];
        }
    }

    // The gradient of a visible pair's score (with its bias), its product and its weight in the output.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ScoreGradient<TShape, TScore>(
        AttentionArguments at, int queryStart, int keyStart, int valueStart, int rowHead, int biasAt, float keep, out float product, out float weight)
        where TShape : struct, IAttentionShape
        where TScore : struct, IScoreModifier
    {
        product = GpuVector.Dot(at.Query, queryStart, at.Key, keyStart, TShape.HeadSize);
        var probability = GpuMath.Exp(Score<TShape, TScore>(product, at.Bias, biasAt) - at.LogSumExp[rowHead]);
        var weightGradient = GpuVector.Dot(at.OutputGradient, rowHead * TShape.HeadSize, at.Value, valueStart, TShape.HeadSize);
        weight = probability * keep;
        return probability * ((weightGradient * keep) - at.Delta[rowHead]);
    }
}

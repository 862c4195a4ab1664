using System.Runtime.CompilerServices;
using ILGPU;
using static Intaglio.Numerics.Gpu.GpuHeads;

namespace Intaglio.Numerics.Gpu;

/// <summary>
/// Attention on GPUs (Dao, arXiv:2307.08691): a group of 64 threads takes a block of queries, or of keys, and brings block after block of the others to its
/// shared memory; what it sums lies there too, so that no thread needs memory of its own. Blocks that the mask rules out are passed over.
/// </summary>
public static class GpuTiledAttention
{
    /// <summary>Threads of a group.</summary>
    internal const int GroupSize = 64;

    /// <summary>The widest head whose blocks fit the 48 KiB that every GPU has for a group; wider ones take <see cref="GpuAttention"/>.</summary>
    internal const int WidestHead = 192;

    private const int NarrowHead = 96;

    /// <summary>Output and log-sum-exp, a group for each block of queries of each head.</summary>
    public static void Forward<TShape, TMask, TScore>(AttentionArguments at)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var side = Side(TShape.HeadSize);
        var q = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var k = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var v = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var sums = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var scores = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * Side(TShape.HeadSize));
        var largest = SharedMemory.Allocate<float>(Side(TShape.HeadSize));
        var totals = SharedMemory.Allocate<float>(Side(TShape.HeadSize));
        var shrinks = SharedMemory.Allocate<float>(Side(TShape.HeadSize));
        var blocks = (at.Time + side - 1) / side;
        for (var item = Grid.IdxX; item < at.Batch * TShape.Heads * blocks; item += Grid.DimX)
        {
            var query = item % blocks * side;
            var head = item / blocks % TShape.Heads;
            var sequence = item / blocks / TShape.Heads;
            var keyColumn = KeyValueHead<TShape>(head) * TShape.HeadStride;
            var firstKey = FirstKey(at, sequence);
            var endKey = EndKey(at, sequence);
            Bring<TShape>(at.Query, sequence * at.Time, query, at.Time, TShape.QueryStride, head * TShape.HeadStride, q);
            Clear(sums, side * TShape.HeadSize);
            for (var row = Group.IdxX; row < side; row += GroupSize)
            {
                largest[row] = float.NegativeInfinity;
                totals[row] = 0f;
            }

            for (var key = First<TMask>(query, firstKey) / side * side; key < End<TMask>(LastRow(query, side, at.Time), at.KeyTime, endKey); key += side)
            {
                Bring<TShape>(at.Key, sequence * at.KeyTime, key, at.KeyTime, TShape.KeyStride, keyColumn, k);
                Bring<TShape>(at.Value, sequence * at.KeyTime, key, at.KeyTime, TShape.ValueStride, keyColumn, v);
                Group.Barrier();

                for (var pair = Group.IdxX; pair < side * side; pair += GroupSize)
                {
                    scores[pair] = float.NegativeInfinity;
                    if (Sees<TMask>(at, query + (pair / side), key + (pair % side), firstKey, endKey))
                    {
                        scores[pair] = Score<TShape, TScore>(
                            Dot(q, pair / side * TShape.HeadSize, k, pair % side * TShape.HeadSize, TShape.HeadSize), at.Bias, BiasAt(at, head, query + (pair / side), key + (pair % side)));
                    }
                }

                Group.Barrier();
                for (var row = Group.IdxX; row < side; row += GroupSize)
                {
                    var before = largest[row];
                    var now = before;
                    for (var column = 0; column < side; column++)
                        now = scores[(row * side) + column] > now ? scores[(row * side) + column] : now;

                    // Before a row sees its first key its sums are zero, whatever they shrink by.
                    var shrink = 1f;
                    if (now > float.NegativeInfinity)
                        shrink = GpuMath.Exp(before - now);

                    var total = totals[row] * shrink;
                    for (var column = 0; column < side; column++)
                    {
                        var weight = 0f;
                        if (now > float.NegativeInfinity)
                            weight = GpuMath.Exp(scores[(row * side) + column] - now);
                        total += weight;
                        if (TShape.DropoutRate > 0)
                            weight *= Keep<TShape>(at, sequence, head, query + row, key + column);
                        scores[(row * side) + column] = weight;
                    }

                    largest[row] = now;
                    totals[row] = total;
                    shrinks[row] = shrink;
                }

                Group.Barrier();
                for (var element = Group.IdxX; element < side * TShape.HeadSize; element += GroupSize)
                {
                    var row = element / TShape.HeadSize;
                    var sum = sums[element] * shrinks[row];
                    for (var column = 0; column < side; column++)
                        sum += scores[(row * side) + column] * v[(column * TShape.HeadSize) + (element % TShape.HeadSize)];
                    sums[element] = sum;
                }

                Group.Barrier();
            }

            Group.Barrier();
            for (var element = Group.IdxX; element < side * TShape.HeadSize; element += GroupSize)
            {
                var row = element / TShape.HeadSize;
                if (query + row < at.Time)
                {
                    var total = totals[row];
                    at.Output[((((sequence * at.Time) + query + row) * TShape.Heads) + head) * TShape.HeadSize + (element % TShape.HeadSize)] = total > 0f ? sums[element] / total : 0f;
                }
            }

            for (var row = Group.IdxX; row < side; row += GroupSize)
            {
                if (query + row < at.Time)
                    at.LogSumExp[(((sequence * at.Time) + query + row) * TShape.Heads) + head] = totals[row] > 0f ? largest[row] + GpuMath.Log(totals[row]) : 0f;
            }

            Group.Barrier();
        }
    }

    /// <summary>queryGradient = Σ dscore · key, a group for each block of queries of each head.</summary>
    public static void QueryGradient<TShape, TMask, TScore>(AttentionArguments at)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var side = Side(TShape.HeadSize);
        var q = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var outputs = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var k = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var v = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var sums = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var gradients = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * Side(TShape.HeadSize));
        var blocks = (at.Time + side - 1) / side;
        for (var item = Grid.IdxX; item < at.Batch * TShape.Heads * blocks; item += Grid.DimX)
        {
            var query = item % blocks * side;
            var head = item / blocks % TShape.Heads;
            var sequence = item / blocks / TShape.Heads;
            var keyColumn = KeyValueHead<TShape>(head) * TShape.HeadStride;
            var firstKey = FirstKey(at, sequence);
            var endKey = EndKey(at, sequence);
            Bring<TShape>(at.Query, sequence * at.Time, query, at.Time, TShape.QueryStride, head * TShape.HeadStride, q);
            Bring<TShape>(at.OutputGradient, sequence * at.Time, query, at.Time, TShape.Heads * TShape.HeadSize, head * TShape.HeadSize, outputs);
            Clear(sums, side * TShape.HeadSize);
            for (var key = First<TMask>(query, firstKey) / side * side; key < End<TMask>(LastRow(query, side, at.Time), at.KeyTime, endKey); key += side)
            {
                Bring<TShape>(at.Key, sequence * at.KeyTime, key, at.KeyTime, TShape.KeyStride, keyColumn, k);
                Bring<TShape>(at.Value, sequence * at.KeyTime, key, at.KeyTime, TShape.ValueStride, keyColumn, v);
                Group.Barrier();

                for (var pair = Group.IdxX; pair < side * side; pair += GroupSize)
                    gradients[pair] = ScoreGradient<TShape, TMask, TScore>(at, q, outputs, pair / side, k, v, pair % side, sequence, head, query + (pair / side), key + (pair % side), firstKey, endKey, out _);

                Group.Barrier();
                for (var element = Group.IdxX; element < side * TShape.HeadSize; element += GroupSize)
                {
                    var sum = sums[element];
                    for (var column = 0; column < side; column++)
                        sum += gradients[(element / TShape.HeadSize * side) + column] * k[(column * TShape.HeadSize) + (element % TShape.HeadSize)];
                    sums[element] = sum;
                }

                Group.Barrier();
            }

            Group.Barrier();
            Send<TShape>(sums, at.QueryGradient, sequence * at.Time, query, at.Time, TShape.QueryStride, head * TShape.HeadStride);
            Group.Barrier();
        }
    }

    /// <summary>
    /// keyGradient = Σ dscore · query and valueGradient = Σ weight · outputGradient, a group for each block of keys of each key-value head.
    /// </summary>
    public static void KeyValueGradient<TShape, TMask, TScore>(AttentionArguments at)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var side = Side(TShape.HeadSize);
        var k = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var v = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var q = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var outputs = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var keySums = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var valueSums = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * TShape.HeadSize);
        var gradients = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * Side(TShape.HeadSize));
        var weights = SharedMemory.Allocate<float>(Side(TShape.HeadSize) * Side(TShape.HeadSize));
        var blocks = (at.KeyTime + side - 1) / side;
        for (var item = Grid.IdxX; item < at.Batch * TShape.KeyValueHeads * blocks; item += Grid.DimX)
        {
            var key = item % blocks * side;
            var keyValueHead = item / blocks % TShape.KeyValueHeads;
            var sequence = item / blocks / TShape.KeyValueHeads;
            var firstKey = FirstKey(at, sequence);
            var endKey = EndKey(at, sequence);
            var endQuery = key < endKey && key + side > firstKey ? TMask.EndQuery(LastRow(key, side, at.KeyTime), at.Time) : 0;
            Bring<TShape>(at.Key, sequence * at.KeyTime, key, at.KeyTime, TShape.KeyStride, keyValueHead * TShape.HeadStride, k);
            Bring<TShape>(at.Value, sequence * at.KeyTime, key, at.KeyTime, TShape.ValueStride, keyValueHead * TShape.HeadStride, v);
            Clear(keySums, side * TShape.HeadSize);
            Clear(valueSums, side * TShape.HeadSize);
            for (var head = FirstHead<TShape>(keyValueHead); head < FirstHead<TShape>(keyValueHead + 1); head++)
            {
                for (var query = TMask.FirstQuery(key) / side * side; query < endQuery; query += side)
                {
                    Bring<TShape>(at.Query, sequence * at.Time, query, at.Time, TShape.QueryStride, head * TShape.HeadStride, q);
                    Bring<TShape>(at.OutputGradient, sequence * at.Time, query, at.Time, TShape.Heads * TShape.HeadSize, head * TShape.HeadSize, outputs);
                    Group.Barrier();

                    for (var pair = Group.IdxX; pair < side * side; pair += GroupSize)
                    {
                        gradients[pair] = ScoreGradient<TShape, TMask, TScore>(
                            at, q, outputs, pair / side, k, v, pair % side, sequence, head, query + (pair / side), key + (pair % side), firstKey, endKey, out var weight);
                        weights[pair] = weight;
                    }

                    Group.Barrier();
                    for (var element = Group.IdxX; element < side * TShape.HeadSize; element += GroupSize)
                    {
                        var keySum = keySums[element];
                        var valueSum = valueSums[element];
                        for (var row = 0; row < side; row++)
                        {
                            var pair = (row * side) + (element / TShape.HeadSize);
                            keySum += gradients[pair] * q[(row * TShape.HeadSize) + (element % TShape.HeadSize)];
                            valueSum += weights[pair] * outputs[(row * TShape.HeadSize) + (element % TShape.HeadSize)];
                        }

                        keySums[element] = keySum;
                        valueSums[element] = valueSum;
                    }

                    Group.Barrier();
                }
            }

            Group.Barrier();
            Send<TShape>(keySums, at.KeyGradient, sequence * at.KeyTime, key, at.KeyTime, TShape.KeyStride, keyValueHead * TShape.HeadStride);
            Send<TShape>(valueSums, at.ValueGradient, sequence * at.KeyTime, key, at.KeyTime, TShape.ValueStride, keyValueHead * TShape.HeadStride);
            Group.Barrier();
        }
    }

    /// <summary>Attention of each row's query to the keys of its cache slot up to its own position, a group for each row and head.</summary>
    public static void Cached<TShape, TMask, TScore>(CachedAttentionArguments at)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var weights = SharedMemory.Allocate<float>(GroupSize);
        var sums = SharedMemory.Allocate<float>(TShape.HeadSize);
        for (var item = Grid.IdxX; item < at.Rows * TShape.Heads; item += Grid.DimX)
        {
            var row = item / TShape.Heads;
            var head = item % TShape.Heads;
            var position = at.Positions[row];
            var queryStart = QueryAt<TShape>(row, head);
            var keyStart = ((at.Slots[row] * 2 * TShape.KeyValueHeads) + KeyValueHead<TShape>(head)) * at.Capacity * TShape.HeadSize;
            var valueStart = keyStart + (TShape.KeyValueHeads * at.Capacity * TShape.HeadSize);
            var biasStart = (head * at.BiasStride) + at.BiasOrigin - position;
            var end = TMask.End(position, position + 1);
            var largest = float.NegativeInfinity;
            var total = 0f;
            Clear(sums, TShape.HeadSize);
            for (var key = TMask.First(position); key < end; key += GroupSize)
            {
                weights[Group.IdxX] = float.NegativeInfinity;
                if (key + Group.IdxX < end)
                {
                    weights[Group.IdxX] = Score<TShape, TScore>(
                        GpuVector.Dot(at.Query, queryStart, at.Cache, keyStart + ((key + Group.IdxX) * TShape.HeadSize), TShape.HeadSize), at.Bias, biasStart + key + Group.IdxX);
                }

                // Every thread finds the same maximum and the same total, in the same order.
                Group.Barrier();
                var now = largest;
                for (var column = 0; column < GroupSize; column++)
                    now = weights[column] > now ? weights[column] : now;

                var shrink = GpuMath.Exp(largest - now);
                var weight = GpuMath.Exp(weights[Group.IdxX] - now);
                Group.Barrier();
                weights[Group.IdxX] = weight;
                Group.Barrier();

                total *= shrink;
                for (var column = 0; column < GroupSize; column++)
                    total += weights[column];

                for (var element = Group.IdxX; element < TShape.HeadSize; element += GroupSize)
                {
                    var sum = sums[element] * shrink;
                    for (var column = 0; column < GroupSize && key + column < end; column++)
                        sum += weights[column] * at.Cache[valueStart + ((key + column) * TShape.HeadSize) + element];
                    sums[element] = sum;
                }

                largest = now;
                Group.Barrier();
            }

            for (var element = Group.IdxX; element < TShape.HeadSize; element += GroupSize)
                at.Output[(item * TShape.HeadSize) + element] = total > 0f ? sums[element] / total : 0f;
            Group.Barrier();
        }
    }

    /// <summary>Groups for a block of rows of each head.</summary>
    internal static int Groups(int batch, int time, int heads, int headSize) => batch * heads * ((time + Side(headSize) - 1) / Side(headSize));

    // Rows of a block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Side(int headSize) => headSize > NarrowHead ? 8 : 16;

    // A pair's gradient of the product, and its weight in the output; both 0 where the query does not see the key.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ScoreGradient<TShape, TMask, TScore>(
        AttentionArguments at, ArrayView<float> q, ArrayView<float> outputs, int row, ArrayView<float> k, ArrayView<float> v, int column, int sequence, int head, int query, int key, int firstKey, int endKey, out float weight)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        weight = 0f;
        if (!Sees<TMask>(at, query, key, firstKey, endKey))
            return 0f;

        var rowHead = (((sequence * at.Time) + query) * TShape.Heads) + head;
        var product = Dot(q, row * TShape.HeadSize, k, column * TShape.HeadSize, TShape.HeadSize);
        var probability = GpuMath.Exp(Score<TShape, TScore>(product, at.Bias, BiasAt(at, head, query, key)) - at.LogSumExp[rowHead]);
        var keep = Keep<TShape>(at, sequence, head, query, key);
        weight = probability * keep;
        var weightGradient = Dot(outputs, row * TShape.HeadSize, v, column * TShape.HeadSize, TShape.HeadSize);
        return probability * ((weightGradient * keep) - at.Delta[rowHead]) * Slope<TScore>(product);
    }

    // tile[i] = source's row first + i of a sequence, zero beyond its end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bring<TShape>(ArrayView<float> source, int sequence, int first, int time, int stride, int column, ArrayView<float> tile)
        where TShape : struct, IAttentionShape
    {
        for (var element = Group.IdxX; element < Side(TShape.HeadSize) * TShape.HeadSize; element += GroupSize)
        {
            var row = first + (element / TShape.HeadSize);
            var value = 0f;
            if (row < time)
                value = source[((sequence + row) * stride) + column + (element % TShape.HeadSize)];
            tile[element] = value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Send<TShape>(ArrayView<float> tile, ArrayView<float> destination, int sequence, int first, int time, int stride, int column)
        where TShape : struct, IAttentionShape
    {
        for (var element = Group.IdxX; element < Side(TShape.HeadSize) * TShape.HeadSize; element += GroupSize)
        {
            var row = first + (element / TShape.HeadSize);
            if (row < time)
                destination[((sequence + row) * stride) + column + (element % TShape.HeadSize)] = tile[element];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(ArrayView<float> tile, int count)
    {
        for (var element = Group.IdxX; element < count; element += GroupSize)
            tile[element] = 0f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(ArrayView<float> x, int xStart, ArrayView<float> y, int yStart, int count)
    {
        var sum = 0f;
        for (var i = 0; i < count; i++)
            sum += x[xStart + i] * y[yStart + i];
        return sum;
    }

    // The last row of a block. Masks move their ends forward with the query: a block's first row sees the first key, its last row the last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LastRow(int first, int side, int time) => first + side <= time ? first + side - 1 : time - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Sees<TMask>(AttentionArguments at, int query, int key, int firstKey, int endKey)
        where TMask : struct, IMask => query < at.Time && key >= First<TMask>(query, firstKey) && key < End<TMask>(query, at.KeyTime, endKey);
}

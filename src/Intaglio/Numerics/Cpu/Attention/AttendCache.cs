using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>Attention of single rows to their slots of the cache, one row and head an item, by blocks of keys with a running maximum.</summary>
internal readonly unsafe struct AttendCache<T, TShape, TMask, TScore>(float* query, int* positions, int* slots, float* cache, float* output, int capacity, int rows, CpuWorkspace workspace) : IWork
    where T : struct, IWideLane<T>
    where TShape : struct, IAttentionShape
    where TMask : struct, IMask
    where TScore : struct, IScoreModifier
{
    private const int KeyBlock = 256;

    private static int CacheStride => TShape.KeyValueHeads * TShape.HeadSize;

    public int Items => rows * TShape.Heads;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke(int item, int thread)
    {
        var row = item / TShape.Heads;
        var head = item % TShape.Heads;
        var keyValueHead = head / (TShape.Heads / TShape.KeyValueHeads);
        var keys = cache + ((nint)slots[row] * 2 * capacity * CacheStride) + (keyValueHead * TShape.HeadSize);
        var values = keys + ((nint)capacity * CacheStride);
        var q = query + ((nint)row * TShape.RowStride) + (head * TShape.HeadSize);
        var scores = workspace.Thread(thread);
        var sums = output + ((nint)row * TShape.Heads * TShape.HeadSize) + (head * TShape.HeadSize);

        new Span<float>(sums, TShape.HeadSize).Clear();
        var largest = float.NegativeInfinity;
        var total = 0f;
        var seen = positions[row] + 1;
        var end = TMask.End(positions[row], seen);
        for (var key = TMask.First(positions[row]); key < end; key += KeyBlock)
        {
            var count = Math.Min(KeyBlock, end - key);
            Scores(q, keys + ((nint)key * CacheStride), count, scores);
            var largestOfBlock = Largest(scores, count);
            if (largestOfBlock > largest)
            {
                var factor = F1.Sum(F1.Exp(F1.Of(largest - largestOfBlock)));
                total *= factor;
                Scale(sums, factor);
                largest = largestOfBlock;
            }

            total += Exponentials(scores, count, largest);
            AddValues(scores, values + ((nint)key * CacheStride), count, sums);
        }

        Scale(sums, total > 0 ? 1 / total : total);
    }

    private static void Scores(float* q, float* keys, int count, float* scores)
    {
        for (var key = 0; key < count; key++, keys += CacheStride)
            F1.Store(scores + key, TScore.Invoke(F1.Of(Dot(q, keys))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(float* x, float* y)
    {
        var sum = T.Of(0);
        var column = 0;
        for (; column <= TShape.HeadSize - T.Count; column += T.Count)
            sum = T.MultiplyAdd(T.Load(x + column), T.Load(y + column), sum);
        var total = T.Sum(sum);
        for (; column < TShape.HeadSize; column++)
            total += x[column] * y[column];
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(float* scores, int count)
    {
        var largest = float.NegativeInfinity;
        for (var key = 0; key < count; key++)
            largest = MathF.Max(largest, scores[key]);
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Exponentials(float* scores, int count, float largest)
    {
        var sum = T.Of(0);
        var key = 0;
        for (; key <= count - T.Count; key += T.Count)
        {
            var exponential = T.Exp(T.Load(scores + key) - T.Of(largest));
            T.Store(scores + key, exponential);
            sum += exponential;
        }

        var total = T.Sum(sum);
        for (; key < count; key++)
        {
            var exponential = F1.Exp(F1.Load(scores + key) - F1.Of(largest));
            F1.Store(scores + key, exponential);
            total += F1.Sum(exponential);
        }

        return total;
    }

    // Four vectors of the head at a time, so that their sums stay in registers while the keys pass.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddValues(float* probabilities, float* values, int count, float* sums)
    {
        var column = 0;
        for (; column <= TShape.HeadSize - (4 * T.Count); column += 4 * T.Count)
        {
            var s0 = T.Load(sums + column);
            var s1 = T.Load(sums + column + T.Count);
            var s2 = T.Load(sums + column + (2 * T.Count));
            var s3 = T.Load(sums + column + (3 * T.Count));
            var value = values + column;
            for (var key = 0; key < count; key++, value += CacheStride)
            {
                var probability = T.Of(probabilities[key]);
                s0 = T.MultiplyAdd(probability, T.Load(value), s0);
                s1 = T.MultiplyAdd(probability, T.Load(value + T.Count), s1);
                s2 = T.MultiplyAdd(probability, T.Load(value + (2 * T.Count)), s2);
                s3 = T.MultiplyAdd(probability, T.Load(value + (3 * T.Count)), s3);
            }

            T.Store(sums + column, s0);
            T.Store(sums + column + T.Count, s1);
            T.Store(sums + column + (2 * T.Count), s2);
            T.Store(sums + column + (3 * T.Count), s3);
        }

        for (; column <= TShape.HeadSize - T.Count; column += T.Count)
            AddColumn<T>(probabilities, values + column, count, sums + column);
        for (; column < TShape.HeadSize; column++)
            AddColumn<F1>(probabilities, values + column, count, sums + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddColumn<TLane>(float* probabilities, float* value, int count, float* sum)
        where TLane : struct, IVectorLane<TLane>
    {
        var total = TLane.Load(sum);
        for (var key = 0; key < count; key++, value += CacheStride)
            total = TLane.MultiplyAdd(TLane.Of(probabilities[key]), TLane.Load(value), total);
        TLane.Store(sum, total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(float* sums, float factor)
    {
        for (var column = 0; column < TShape.HeadSize; column++)
            sums[column] *= factor;
    }
}

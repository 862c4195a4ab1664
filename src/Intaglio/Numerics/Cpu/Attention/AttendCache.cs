using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>Attention of single rows to their slots of the cache, one row and head an item, by blocks of keys with a running maximum.</summary>
/// <typeparam name="T">The lane of loops over keys.</typeparam>
/// <typeparam name="THead">The lane of loops over a head's columns: one that a narrow head fills.</typeparam>
/// <typeparam name="TShape">The heads.</typeparam>
/// <typeparam name="TMask">Which keys a row sees.</typeparam>
/// <typeparam name="TScore">What becomes of a product.</typeparam>
internal readonly unsafe struct AttendCache<T, THead, TShape, TMask, TScore>(
    float* query, float* bias, int biasStride, int biasOrigin, int* positions, int* slots, float* cache, float* output, int capacity, int rows, CpuWorkspace workspace) : IWork
    where T : struct, IWideLane<T>
    where THead : struct, IWideLane<THead>
    where TShape : struct, IAttentionShape
    where TMask : struct, IMask
    where TScore : struct, IScoreModifier
{
    // Keys whose products are summed together, as one transposition takes them.
    private const int Quad = 4;

    private const int KeyBlock = 256;

    public int Items => rows * TShape.Heads;

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var row = item / TShape.Heads;
        var head = item % TShape.Heads;
        var keyValueHead = head / (TShape.Heads / TShape.KeyValueHeads);
        var keys = cache + ((((nint)slots[row] * 2 * TShape.KeyValueHeads) + keyValueHead) * capacity * TShape.HeadSize);
        var values = keys + ((nint)TShape.KeyValueHeads * capacity * TShape.HeadSize);
        var q = query + ((nint)row * TShape.QueryStride) + (head * TShape.HeadStride);
        var scores = workspace.Thread(thread);
        var sums = output + ((nint)row * TShape.Heads * TShape.HeadSize) + (head * TShape.HeadSize);

        new Span<float>(sums, TShape.HeadSize).Clear();
        var largest = float.NegativeInfinity;
        var total = 0f;
        var position = positions[row];
        AttentionSizes.CheckCached<TShape, TMask>(position, capacity, biasStride, biasOrigin);
        var end = TMask.End(position, position + 1);
        var biases = bias + ((nint)head * biasStride) + biasOrigin - position;
        for (var key = TMask.First(position); key < end; key += KeyBlock)
        {
            var count = Math.Min(KeyBlock, end - key);
            Scores(q, keys + ((nint)key * TShape.HeadSize), biases + key, count, scores);
            var largestOfBlock = Largest(scores, count);
            if (largestOfBlock > largest)
            {
                var factor = F1.Sum(F1.Exp(F1.Of(largest - largestOfBlock)));
                total *= factor;
                Scale(sums, factor);
                largest = largestOfBlock;
            }

            total += Exponentials(scores, count, largest);
            AddValues(scores, values + ((nint)key * TShape.HeadSize), count, sums);
        }

        Scale(sums, total > 0 ? 1 / total : total);
    }

    // scores = score(query · key) + bias
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scores(float* q, float* keys, float* biases, int count, float* scores)
    {
        var key = 0;
        for (; key <= count - Quad; key += Quad, keys += Quad * TShape.HeadSize)
            F4.Store(scores + key, Dots(q, keys, scores + KeyBlock));
        for (; key < count; key++, keys += TShape.HeadSize)
            scores[key] = Dot(q, keys);

        key = 0;
        for (; key <= count - T.Count; key += T.Count)
            Score<T>(scores + key, biases + key);
        for (; key < count; key++)
            Score<F1>(scores + key, biases + key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Score<TLane>(float* scores, float* biases)
        where TLane : struct, IVectorLane<TLane>
    {
        var score = TScore.Invoke(TLane.Load(scores));
        if (TShape.HasBias)
            score += TLane.Load(biases);
        TLane.Store(scores, score);
    }

    // The products of a query with four keys; parts is scratch of one vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F4 Dots(float* q, float* keys, float* parts)
    {
        THead s0 = THead.Of(0), s1 = THead.Of(0), s2 = THead.Of(0), s3 = THead.Of(0);
        var column = 0;
        for (; column <= TShape.HeadSize - THead.Count; column += THead.Count)
        {
            var x = THead.Load(q + column);
            s0 = THead.MultiplyAdd(x, THead.Load(keys + column), s0);
            s1 = THead.MultiplyAdd(x, THead.Load(keys + TShape.HeadSize + column), s1);
            s2 = THead.MultiplyAdd(x, THead.Load(keys + (2 * TShape.HeadSize) + column), s2);
            s3 = THead.MultiplyAdd(x, THead.Load(keys + (3 * TShape.HeadSize) + column), s3);
        }

        var total = THead.Sums(s0, s1, s2, s3);
        if (column == TShape.HeadSize)
            return total;

        F4.Store(parts, total);
        for (; column < TShape.HeadSize; column++)
        {
            for (var key = 0; key < Quad; key++)
                parts[key] += q[column] * keys[(key * TShape.HeadSize) + column];
        }

        return F4.Load(parts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(float* x, float* y)
    {
        var sum = THead.Of(0);
        var column = 0;
        for (; column <= TShape.HeadSize - THead.Count; column += THead.Count)
            sum = THead.MultiplyAdd(THead.Load(x + column), THead.Load(y + column), sum);
        var total = THead.Sum(sum);
        for (; column < TShape.HeadSize; column++)
            total += x[column] * y[column];
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(float* scores, int count)
    {
        var vector = T.Of(float.NegativeInfinity);
        var key = 0;
        for (; key <= count - T.Count; key += T.Count)
            vector = T.Larger(vector, T.Load(scores + key));

        var largest = T.Largest(vector);
        for (; key < count; key++)
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
    [MethodImpl(Jit.HotLoop)]
    private static void AddValues(float* probabilities, float* values, int count, float* sums)
    {
        var column = 0;
        for (; column <= TShape.HeadSize - (4 * THead.Count); column += 4 * THead.Count)
        {
            var s0 = THead.Load(sums + column);
            var s1 = THead.Load(sums + column + THead.Count);
            var s2 = THead.Load(sums + column + (2 * THead.Count));
            var s3 = THead.Load(sums + column + (3 * THead.Count));
            var value = values + column;
            for (var key = 0; key < count; key++, value += TShape.HeadSize)
            {
                var probability = THead.Of(probabilities[key]);
                s0 = THead.MultiplyAdd(probability, THead.Load(value), s0);
                s1 = THead.MultiplyAdd(probability, THead.Load(value + THead.Count), s1);
                s2 = THead.MultiplyAdd(probability, THead.Load(value + (2 * THead.Count)), s2);
                s3 = THead.MultiplyAdd(probability, THead.Load(value + (3 * THead.Count)), s3);
            }

            THead.Store(sums + column, s0);
            THead.Store(sums + column + THead.Count, s1);
            THead.Store(sums + column + (2 * THead.Count), s2);
            THead.Store(sums + column + (3 * THead.Count), s3);
        }

        for (; column <= TShape.HeadSize - THead.Count; column += THead.Count)
            AddColumn<THead>(probabilities, values + column, count, sums + column);
        for (; column < TShape.HeadSize; column++)
            AddColumn<F1>(probabilities, values + column, count, sums + column);
    }

    // Four sums, so that no addition waits for the one before it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddColumn<TLane>(float* probabilities, float* value, int count, float* sum)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane s0 = TLane.Load(sum), s1 = TLane.Of(0), s2 = TLane.Of(0), s3 = TLane.Of(0);
        var key = 0;
        for (; key <= count - Quad; key += Quad, value += Quad * TShape.HeadSize)
        {
            s0 = TLane.MultiplyAdd(TLane.Of(probabilities[key]), TLane.Load(value), s0);
            s1 = TLane.MultiplyAdd(TLane.Of(probabilities[key + 1]), TLane.Load(value + TShape.HeadSize), s1);
            s2 = TLane.MultiplyAdd(TLane.Of(probabilities[key + 2]), TLane.Load(value + (2 * TShape.HeadSize)), s2);
            s3 = TLane.MultiplyAdd(TLane.Of(probabilities[key + 3]), TLane.Load(value + (3 * TShape.HeadSize)), s3);
        }

        for (; key < count; key++, value += TShape.HeadSize)
            s0 = TLane.MultiplyAdd(TLane.Of(probabilities[key]), TLane.Load(value), s0);
        TLane.Store(sum, s0 + s1 + (s2 + s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(float* sums, float factor)
    {
        for (var column = 0; column < TShape.HeadSize; column++)
            sums[column] *= factor;
    }
}

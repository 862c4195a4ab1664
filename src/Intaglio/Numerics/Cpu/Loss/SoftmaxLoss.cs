using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// losses[r] = ln Σ exp(logits[r]) - logits[r, targets[r]]; with a gradient, the logits become (softmax(logits) - onehot(target)) · lossScale.
/// Where the target is negative, the loss and the gradient are 0.
/// </summary>
internal readonly unsafe struct SoftmaxLoss<T>(float* logits, int* targets, float* losses, float lossScale, bool hasGradient, int vocabulary, int rows) : IWork
    where T : struct, ICpuLane<T>
{
    public int Items => RowBlocks.Items(rows, RowBlocks.RowsOf(vocabulary));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(vocabulary);
        var end = Math.Min(rows, (item + 1) * block);
        for (var row = item * block; row < end; row++)
        {
            var values = logits + ((nint)row * vocabulary);
            var target = targets[row];
            if (target >= vocabulary)
                throw new ArgumentOutOfRangeException(nameof(targets), target, $"The vocabulary has {vocabulary} tokens.");

            if (target < 0)
            {
                losses[row] = 0;
                if (hasGradient)
                    new Span<float>(values, vocabulary).Clear();
                continue;
            }

            var largest = Largest(values);
            var targetLogit = values[target];
            var sum = SumOfExponentials(values, largest);
            losses[row] = MathF.Log(sum) + largest - targetLogit;
            if (!hasGradient)
                continue;

            Scale(values, lossScale / sum);
            values[target] -= lossScale;
        }
    }

    // A NaN among the logits may be lost here, but not among the exponentials.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Largest(float* values)
    {
        var largest = T.Of(float.NegativeInfinity);
        var column = 0;
        for (; column <= vocabulary - T.Count; column += T.Count)
            largest = T.Larger(largest, T.Load(values + column));
        var result = T.Largest(largest);
        for (; column < vocabulary; column++)
            result = MathF.Max(result, values[column]);
        return result;
    }

    // Leaves the exponentials where the logits were if the gradient needs them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float SumOfExponentials(float* values, float largest)
    {
        var sum = T.Of(0);
        var column = 0;
        for (; column <= vocabulary - T.Count; column += T.Count)
            sum += Exponential<T>(values + column, largest);
        var result = F1.Of(T.Sum(sum));
        for (; column < vocabulary; column++)
            result += Exponential<F1>(values + column, largest);
        return F1.Sum(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLane Exponential<TLane>(float* value, float largest)
        where TLane : struct, IVectorLane<TLane>
    {
        var exponential = TLane.Exp(TLane.Load(value) - TLane.Of(largest));
        if (hasGradient)
            TLane.Store(value, exponential);
        return exponential;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Scale(float* values, float factor)
    {
        var column = 0;
        for (; column <= vocabulary - T.Count; column += T.Count)
            T.Store(values + column, T.Load(values + column) * T.Of(factor));
        for (; column < vocabulary; column++)
            values[column] *= factor;
    }
}

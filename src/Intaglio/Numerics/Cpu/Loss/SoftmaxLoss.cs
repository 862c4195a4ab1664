using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// losses[r] = ln Σ exp(logits[r]) - logits[r, targets[r]] once bias and soft cap have made logits of the products; with a gradient, the logits become that of
/// the products, (softmax(logits) - onehot(target)) · lossScale, times the cap's slope 1 - (logits / c)².
/// Where the target is negative, the loss and the gradient are 0.
/// </summary>
internal readonly unsafe struct SoftmaxLoss<T, TShape, TWeight>(float* logits, void* bias, int* targets, float* losses, float lossScale, bool hasGradient, int rows) : IWork
    where T : struct, ICpuLane<T>
    where TShape : struct, IHeadShape
    where TWeight : struct, IStorage
{
    // Through a soft cap the gradient needs the logits themselves.
    private bool KeepsExponentials => hasGradient && TShape.LogitSoftCap == 0;

    public int Items => RowBlocks.Items(rows, RowBlocks.RowsOf(TShape.Vocabulary));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var vocabulary = TShape.Vocabulary;
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

            if (TShape.HasBias || TShape.LogitSoftCap > 0)
                Finish(values);

            var largest = Largest(values);
            var targetLogit = values[target];
            var sum = SumOfExponentials(values, largest);
            losses[row] = MathF.Log(sum) + largest - targetLogit;
            if (!hasGradient)
                continue;

            if (TShape.LogitSoftCap > 0)
                ScaleThroughCap(values, largest, lossScale / sum);
            else
                Scale(values, lossScale / sum);
            values[target] -= lossScale * F1.Sum(Slope(F1.Of(targetLogit)));
        }
    }

    // Adds the bias and applies the soft cap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish(float* values)
    {
        var column = 0;
        for (; column <= TShape.Vocabulary - T.Count; column += T.Count)
            T.Store(values + column, Logit<T>(values, column));
        for (; column < TShape.Vocabulary; column++)
            F1.Store(values + column, Logit<F1>(values, column));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLane Logit<TLane>(float* values, int column)
        where TLane : struct, IVectorLane<TLane>
    {
        var z = TLane.Load(values + column);
        if (TShape.HasBias)
            z += TWeight.Load<TLane>(bias, column);
        return TShape.LogitSoftCap > 0 ? TLane.Of(TShape.LogitSoftCap) * TLane.Tanh(z * TLane.Of(1 / TShape.LogitSoftCap)) : z;
    }

    // The cap's derivative by the product.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Slope<TLane>(TLane logit)
        where TLane : struct, IVectorLane<TLane>
    {
        if (TShape.LogitSoftCap == 0)
            return TLane.Of(1);

        var tanh = logit * TLane.Of(1 / TShape.LogitSoftCap);
        return TLane.Of(1) - (tanh * tanh);
    }

    // A NaN among the logits may be lost here, but not among the exponentials.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Largest(float* values)
    {
        var largest = T.Of(float.NegativeInfinity);
        var column = 0;
        for (; column <= TShape.Vocabulary - T.Count; column += T.Count)
            largest = T.Larger(largest, T.Load(values + column));
        var result = T.Largest(largest);
        for (; column < TShape.Vocabulary; column++)
            result = MathF.Max(result, values[column]);
        return result;
    }

    // Leaves the exponentials where the logits were if the gradient needs them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float SumOfExponentials(float* values, float largest)
    {
        var sum = T.Of(0);
        var column = 0;
        for (; column <= TShape.Vocabulary - T.Count; column += T.Count)
            sum += Exponential<T>(values + column, largest);
        var result = F1.Of(T.Sum(sum));
        for (; column < TShape.Vocabulary; column++)
            result += Exponential<F1>(values + column, largest);
        return F1.Sum(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLane Exponential<TLane>(float* value, float largest)
        where TLane : struct, IVectorLane<TLane>
    {
        var exponential = TLane.Exp(TLane.Load(value) - TLane.Of(largest));
        if (KeepsExponentials)
            TLane.Store(value, exponential);
        return exponential;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Scale(float* values, float factor)
    {
        var column = 0;
        for (; column <= TShape.Vocabulary - T.Count; column += T.Count)
            T.Store(values + column, T.Load(values + column) * T.Of(factor));
        for (; column < TShape.Vocabulary; column++)
            values[column] *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ScaleThroughCap(float* values, float largest, float factor)
    {
        var column = 0;
        for (; column <= TShape.Vocabulary - T.Count; column += T.Count)
            T.Store(values + column, Capped(T.Load(values + column), largest, factor));
        for (; column < TShape.Vocabulary; column++)
            F1.Store(values + column, Capped(F1.Load(values + column), largest, factor));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Capped<TLane>(TLane logit, float largest, float factor)
        where TLane : struct, IVectorLane<TLane> => TLane.Exp(logit - TLane.Of(largest)) * TLane.Of(factor) * Slope(logit);
}

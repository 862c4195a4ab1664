using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>One AdamW step on a flat range: see <see cref="Execution.AdamW"/>.</summary>
internal readonly unsafe struct AdamWUpdate<T>(float* weights, float* gradients, float* firstMoments, float* secondMoments, long count, AdamWStep step) : IWork
    where T : struct, IVectorLane<T>
{
    private const int ItemElements = 1 << 14;

    public int Items => checked((int)((count + ItemElements - 1) / ItemElements));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var index = (nint)item * ItemElements;
        var end = (nint)Math.Min(count, index + ItemElements);
        for (; index <= end - T.Count; index += T.Count)
            Update<T>(index);
        for (; index < end; index++)
            Update<F1>(index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Update<TLane>(nint index)
        where TLane : struct, IVectorLane<TLane>
    {
        var g = TLane.Load(gradients + index) * TLane.Of(step.GradientScale);
        var m = (TLane.Of(step.Beta1) * TLane.Load(firstMoments + index)) + (TLane.Of(1 - step.Beta1) * g);
        var v = (TLane.Of(step.Beta2) * TLane.Load(secondMoments + index)) + (TLane.Of(1 - step.Beta2) * (g * g));
        var w = TLane.Load(weights + index);
        var direction = m / TLane.Of(step.Correction1) / (TLane.Sqrt(v / TLane.Of(step.Correction2)) + TLane.Of(step.Epsilon));
        TLane.Store(firstMoments + index, m);
        TLane.Store(secondMoments + index, v);
        TLane.Store(weights + index, w - (TLane.Of(step.LearningRate) * (direction + (TLane.Of(step.WeightDecay) * w))));
    }
}

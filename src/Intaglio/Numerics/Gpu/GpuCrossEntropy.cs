using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>The loss of a chunk of logits, and its gradient in their place.</summary>
internal static class GpuCrossEntropy
{
    /// <summary>
    /// losses[r] = ln Σ exp(logits[r]) - logits[r, target], and logits = (softmax(logits) - onehot(target)) · lossScale · slope where the gradient is wanted,
    /// slope being the soft cap's; both are 0 where the target is negative. A thread for each row.
    /// </summary>
    public static void Run(CrossEntropyArguments at)
    {
        for (var row = GpuGrid.First; row < at.Rows; row += GpuGrid.Stride)
        {
            var start = row * at.Vocabulary;
            var target = at.Targets[row];
            var largest = at.Logits[start];
            for (var i = 1; i < at.Vocabulary; i++)
            {
                var logit = at.Logits[start + i];
                largest = logit > largest ? logit : largest;
            }

            var sum = 0f;
            for (var i = 0; i < at.Vocabulary; i++)
                sum += GpuMath.Exp(at.Logits[start + i] - largest);

            var counts = target >= 0;
            var wanted = at.Logits[start + (counts ? target : 0)];
            at.Losses[row] = counts ? GpuMath.Log(sum) + (largest - wanted) : 0f;

            if (at.WantsGradient != 0)
            {
                var scale = counts ? at.LossScale / sum : 0f;
                var inverseCap = at.SoftCap > 0f ? 1f / at.SoftCap : 0f;
                for (var i = 0; i < at.Vocabulary; i++)
                    at.Logits[start + i] = GpuMath.Exp(at.Logits[start + i] - largest) * scale * Slope(at.Logits[start + i], inverseCap);
                if (counts)
                    at.Logits[start + target] -= at.LossScale * Slope(wanted, inverseCap);
            }
        }
    }

    /// <summary>logits = z or c · tanh(z / c) with z = the product + bias, in place; a thread for each element.</summary>
    public static void Finish<TStorage, TElement>(LogitsArguments<TElement> at)
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        for (var index = GpuGrid.First; index < at.Rows * at.Vocabulary; index += GpuGrid.Stride)
        {
            var z = at.Logits[index];
            if (at.HasBias != 0)
                z += TStorage.Widen(at.Bias[index % at.Vocabulary]);
            at.Logits[index] = at.SoftCap > 0f ? at.SoftCap * GpuMath.Tanh(z / at.SoftCap) : z;
        }
    }

    // The soft cap's derivative, 1 - (logit / c)²; 1 without one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Slope(float logit, float inverseCap) => 1f - (logit * inverseCap * (logit * inverseCap));
}

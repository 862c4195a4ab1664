using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>The loss of a chunk of logits, and its gradient in their place.</summary>
internal static class GpuCrossEntropy
{
    /// <summary>
    /// losses[r] = ln Σ exp(logits[r]) - logits[r, target], and logits = (softmax(logits) - onehot(target)) · lossScale where the gradient is wanted;
    /// both are 0 where the target is negative. A thread for each row.
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
                for (var i = 0; i < at.Vocabulary; i++)
                    at.Logits[start + i] = GpuMath.Exp(at.Logits[start + i] - largest) * scale;
                if (counts)
                    at.Logits[start + target] -= at.LossScale;
            }
        }
    }
}

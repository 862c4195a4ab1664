using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>What the optimizer does to flat ranges.</summary>
internal static class GpuOptimizer
{
    /// <summary>Partial sums of a sum of squares, each by one thread, whatever the device: so the order of additions is the same on all.</summary>
    public const int Partials = 2048;

    /// <summary>One step of AdamW, a thread for each element. See <see cref="Execution.AdamW"/>.</summary>
    public static void AdamW(AdamWArguments at)
    {
        for (long i = GpuGrid.First; i < at.Count; i += GpuGrid.Stride)
        {
            var gradient = at.Gradients[i] * at.GradientScale;
            var first = (at.Beta1 * at.FirstMoments[i]) + ((1f - at.Beta1) * gradient);
            var second = (at.Beta2 * at.SecondMoments[i]) + ((1f - at.Beta2) * gradient * gradient);
            at.FirstMoments[i] = first;
            at.SecondMoments[i] = second;

            var weight = at.Weights[i];
            at.Weights[i] = weight - (at.LearningRate * ((first / at.Correction1 / (MathF.Sqrt(second / at.Correction2) + at.Epsilon)) + (at.WeightDecay * weight)));
        }
    }

    /// <summary>partials[p] = Σ values² over the eights p, p + Partials, p + 2 · Partials, ...</summary>
    public static void SumOfSquares(SumOfSquaresArguments at)
    {
        for (var partial = GpuGrid.First; partial < Partials; partial += GpuGrid.Stride)
        {
            GpuRow sums = default;
            var tail = 0f;
            for (long start = partial * GpuRow.Length; start < at.Count; start += Partials * GpuRow.Length)
            {
                var left = at.Count - start;
                if (left >= GpuRow.Length)
                {
                    var row = GpuRow.Load(at.Values.SubView(start, GpuRow.Length), 0);
                    sums = sums.Add(row, row);
                }
                else
                {
                    for (long i = 0; i < left; i++)
                        tail += at.Values[start + i] * at.Values[start + i];
                }
            }

            at.Partials[partial] = sums.Sum() + tail;
        }
    }
}

using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Gpu;

/// <summary>The loss of extractive question answering, and its gradient.</summary>
internal static class GpuSpanLoss
{
    /// <summary>½ (cross entropy of the starts + cross entropy of the ends) of each sequence, and its gradient; a thread for each sequence.</summary>
    public static void Run(SpanCrossEntropyArguments at)
    {
        for (var sequence = GpuGrid.First; sequence < at.Batch; sequence += GpuGrid.Stride)
        {
            var first = at.Bounds.First(sequence);
            var end = at.Bounds.End(sequence);
            at.Losses[sequence] = 0.5f * (Side(at, sequence, 0, at.Starts[sequence], first, end) + Side(at, sequence, 1, at.Ends[sequence], first, end));
        }
    }

    // One of the two columns; a target outside the bounds counts 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Side(SpanCrossEntropyArguments at, int sequence, int column, int target, int first, int end)
    {
        var start = (sequence * at.Time * 2) + column;
        var counts = target >= first && target < end;
        var largest = float.MinValue;
        var sum = 0f;
        var loss = 0f;
        if (counts)
        {
            for (var row = first; row < end; row++)
            {
                var logit = at.Logits[start + (2 * row)];
                largest = logit > largest ? logit : largest;
            }

            for (var row = first; row < end; row++)
                sum += GpuMath.Exp(at.Logits[start + (2 * row)] - largest);
            loss = GpuMath.Log(sum) + (largest - at.Logits[start + (2 * target)]);
        }

        if (at.WantsGradient != 0)
        {
            for (var row = 0; row < at.Time; row++)
            {
                var gradient = 0f;
                if (counts && row >= first && row < end)
                    gradient = 0.5f * at.LossScale * ((GpuMath.Exp(at.Logits[start + (2 * row)] - largest) / sum) - (row == target ? 1f : 0f));
                at.LogitsGradient[start + (2 * row)] = gradient;
            }
        }

        return loss;
    }
}

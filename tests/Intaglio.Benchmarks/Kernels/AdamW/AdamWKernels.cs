using System.Runtime.InteropServices;
using Intaglio.Numerics;

namespace Intaglio.Benchmarks;

/// <summary>An optimizer step. Of each parameter weight, gradient and both moments are read, and all but the gradient written: 28 bytes.</summary>
internal static class AdamWKernels
{
    private const int Parameters = 10_000_000;
    private const int BytesPerParameter = 28;

    // Weights and moments within ±1, whose float is accurate to 6e-8, and a step of a few operations and 1e-2 at most; 3e-8 was seen.
    private const double Tolerance = 2e-7;

    private static readonly Region[] Regions = [Region.Weights, Region.Gradients, Region.FirstMoments, Region.SecondMoments];
    private static readonly AdamWStep Step = new(LearningRate: 1e-2f, Beta1: 0.9f, Beta2: 0.95f, Epsilon: 1e-8f, WeightDecay: 0.1f, Correction1: 0.5f, Correction2: 0.25f, GradientScale: 0.75f);

    public static Kernel[] All { get; } = [new("adamw/10m", Bound.Memory, (double)BytesPerParameter * Parameters, "GB/s", Prepare)];

    private static PreparedKernel Prepare(CpuDevice device)
    {
        var on = new CpuExecution(device);
        CpuBuffer[] buffers = [.. Regions.Select(_ => new CpuBuffer(device, (long)Parameters * sizeof(float)))];
        for (var index = 0; index < buffers.Length; index++)
        {
            Tensors.FillRandomly(Values(buffers[index]), seed: index);
            on.Bind(Regions[index], buffers[index]);
        }

        // A mean of squares.
        foreach (ref var moment in Values(buffers[^1]))
            moment *= moment;

        int[] looked = [0, 1, 16_383, 16_384, 5_000_001, Parameters - 1];
        var before = looked.Select(index => buffers.Select(buffer => (double)Values(buffer)[index]).ToArray()).ToArray();
        return new(new Owned([on, .. buffers]), () => on.AdamW(0, Parameters, Step), () => looked.Select((index, at) => Fault(index, before[at], buffers)).FirstOrDefault(fault => fault is not null));
    }

    private static string? Fault(int index, double[] before, CpuBuffer[] buffers)
    {
        // As Execution.AdamW documents it.
        var (w, g) = (before[0], before[1] * Step.GradientScale);
        var m = (Step.Beta1 * before[2]) + ((1 - Step.Beta1) * g);
        var v = (Step.Beta2 * before[3]) + ((1 - Step.Beta2) * g * g);
        w -= Step.LearningRate * ((m / Step.Correction1 / (Math.Sqrt(v / Step.Correction2) + Step.Epsilon)) + (Step.WeightDecay * w));
        float[] after = [Values(buffers[0])[index], Values(buffers[2])[index], Values(buffers[3])[index]];
        return Expected.Fault($"of parameter {index}, of weight and moments, number", after, [w, m, v], Tolerance);
    }

    private static Span<float> Values(CpuBuffer buffer) => MemoryMarshal.Cast<byte, float>(buffer.Range(0, (int)buffer.Bytes));

    private sealed class Owned(IDisposable[] parts) : IDisposable
    {
        public void Dispose() => Array.ForEach(parts, part => part.Dispose());
    }
}

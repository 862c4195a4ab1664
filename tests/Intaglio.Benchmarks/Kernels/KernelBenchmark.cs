using System.Globalization;

namespace Intaglio.Benchmarks;

/// <summary>Kernels by themselves, each measured by BenchmarkDotNet in one run with the peak that bounds it.</summary>
internal sealed class KernelBenchmark(string name, string description, IReadOnlyList<Kernel> kernels) : Benchmark(name, description)
{
    // What two medians of a quiet machine may differ by.
    private const double MostOfPeak = 1.05;

    /// <summary>The commands.</summary>
    public static KernelBenchmark[] All { get; } =
    [
        new("gemm", "Matrix products of the training models, as a share of the processor's arithmetic.", GemmKernels.All),
        new("attention", "Attention forward and backward, as a share of the processor's arithmetic.", AttentionKernels.All),
        new("elementwise", "Norms, activations, loss and lookup, as a share of what the memory delivers.", ElementwiseKernels.All),
        new("adamw", "An optimizer step on 10 million parameters, as a share of what the memory delivers.", AdamWKernels.All),
    ];

    public IReadOnlyList<Kernel> Kernels { get; } = kernels;

    public override IEnumerable<Case> Measure(Choice choice)
    {
        using var device = (CpuDevice)Device.Cpu(Threads);
        using var peak = new Peak(device);
        foreach (var kernel in Kernels.Where(each => choice.Has(each.Name)))
            yield return Measure(kernel, device, peak, choice.Runs ?? ShortRun.Iterations);
    }

    private static Case Measure(Kernel kernel, CpuDevice device, Peak peak, int runs)
    {
        var fault = Fault(kernel, device);
        var (ours, bound) = ShortRun.Medians(kernel, runs);
        var atPeak = bound * kernel.Work / (kernel.Bound == Bound.Arithmetic ? peak.Operations : Peak.Bytes);
        var measured = new Case(kernel.Name, kernel.Reported(ours), kernel.Unit, runs)
        {
            Machine = peak.Machine,
            Peak = kernel.Reported(atPeak),
            LeastFraction = kernel.LeastFraction,
        };
        return measured with { Fault = fault ?? FaultOfPeak(kernel, measured) };
    }

    // No kernel is faster than nothing but arithmetic. One whose operands stay in the caches may be faster than the memory.
    private static string? FaultOfPeak(Kernel kernel, Case measured) => kernel.Bound == Bound.Arithmetic && measured.FractionOfPeak > MostOfPeak
        ? string.Create(CultureInfo.InvariantCulture, $"{measured.FractionOfPeak:0.00} of the peak cannot be: something else took the processor while the peak was measured; measure again")
        : null;

    private static string? Fault(Kernel kernel, CpuDevice device)
    {
        using var prepared = kernel.Prepare(device);
        prepared.Run();
        return prepared.Fault();
    }
}

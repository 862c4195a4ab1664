using BenchmarkDotNet.Attributes;

namespace Intaglio.Benchmarks;

/// <summary>What BenchmarkDotNet runs of a kernel: the kernel itself, and the peak that bounds it. BenchmarkDotNet wants it public.</summary>
public class KernelBesidePeak
{
    private CpuDevice _device = null!;
    private PreparedKernel? _kernel;
    private Peak? _peak;
    private Bound _bound;

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Kernels.Select(kernel => kernel.Name);

    /// <summary>Which kernel.</summary>
    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    private static IEnumerable<Kernel> Kernels => KernelBenchmark.All.SelectMany(benchmark => benchmark.Kernels);

    private Kernel Kernel => Kernels.Single(kernel => kernel.Name == Name);

    /// <summary>Makes the operands.</summary>
    [GlobalSetup(Target = nameof(RunKernel))]
    public void PrepareKernel()
    {
        _device = (CpuDevice)Device.Cpu(Benchmark.Threads);
        _kernel = Kernel.Prepare(_device);
    }

    /// <summary>Makes what the peak needs.</summary>
    [GlobalSetup(Target = nameof(RunPeak))]
    public void PreparePeak()
    {
        _device = (CpuDevice)Device.Cpu(Benchmark.Threads);
        _peak = new(_device);
        _bound = Kernel.Bound;
    }

    /// <summary>The kernel.</summary>
    [Benchmark]
    public void RunKernel() => _kernel!.Run();

    /// <summary>The peak.</summary>
    [Benchmark]
    public void RunPeak()
    {
        if (_bound == Bound.Arithmetic)
            _peak!.MultiplyAdd();
        else
            _peak!.Stream();
    }

    /// <summary>Gives the memory back.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _kernel?.Dispose();
        _peak?.Dispose();
        _device.Dispose();
    }
}

namespace Intaglio.Benchmarks;

/// <summary>A kernel to be measured beside the peak that bounds it.</summary>
/// <param name="Name">Command and case, such as <c>gemm/fwd/2048x384x384</c>.</param>
/// <param name="Bound">What of the machine it cannot outrun.</param>
/// <param name="Work">Of one run: floating-point operations, or bytes that have to be read and written, as the bound counts.</param>
/// <param name="Unit">What is reported: <c>ms</c>, <c>GFLOP/s</c> or <c>GB/s</c>.</param>
/// <param name="Prepare">Makes its operands.</param>
internal sealed record Kernel(string Name, Bound Bound, double Work, string Unit, Func<CpuDevice, PreparedKernel> Prepare)
{
    /// <summary>What the share of the peak has to reach; null where nothing is promised.</summary>
    public double? LeastFraction { get; init; }

    /// <summary>What a run of so many milliseconds is in <see cref="Unit"/>.</summary>
    public double Reported(double milliseconds) => Unit == "ms" ? milliseconds : Work / milliseconds / 1e6;
}

/// <summary>What a kernel cannot outrun.</summary>
internal enum Bound
{
    /// <summary>The multiplications and additions of <see cref="Peak.MultiplyAdd"/>.</summary>
    Arithmetic,

    /// <summary>The bytes of <see cref="Peak.Stream"/>.</summary>
    Memory,
}

using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;

namespace Intaglio.Benchmarks;

/// <summary>BenchmarkDotNet in this process, for about three seconds a kernel, with nothing printed and nothing left behind.</summary>
internal static class ShortRun
{
    /// <summary>How many iterations count unless the command line says otherwise.</summary>
    public const int Iterations = 11;

    private const int WarmUps = 3;

    // Of an iteration, in which the kernel runs as often as fits. With the warm-ups, and the peak beside it, three seconds.
    private const int Milliseconds = 100;

    /// <summary>The median milliseconds of one run of a kernel, and of the peak that bounds it.</summary>
    /// <exception cref="InvalidOperationException">BenchmarkDotNet measured nothing; the message is what it says.</exception>
    public static (double Kernel, double Peak) Medians(Kernel kernel, int iterations)
    {
        var log = new AccumulationLogger();
        var artifacts = Directory.CreateTempSubdirectory();
        try
        {
            var summary = BenchmarkRunner.Run<KernelBesidePeak>(Configuration(kernel, iterations, log, artifacts.FullName));
            return (Median(summary, nameof(KernelBesidePeak.RunKernel), log), Median(summary, nameof(KernelBesidePeak.RunPeak), log));
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }

    private static ManualConfig Configuration(Kernel kernel, int iterations, ILogger log, string artifacts) => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(InProcessNoEmitToolchain.Instance)
            .WithWarmupCount(WarmUps)
            .WithIterationCount(iterations)
            .WithIterationTime(TimeInterval.FromMilliseconds(Milliseconds))
            .WithUnrollFactor(1)
            .WithMinInvokeCount(1)
            .WithEvaluateOverhead(false))
        .AddFilter(new SimpleFilter(benchmark => benchmark.Parameters[nameof(KernelBesidePeak.Name)] is string name && name == kernel.Name))
        .AddLogger(log)
        .WithArtifactsPath(artifacts)
        .WithOptions(ConfigOptions.DisableLogFile);

    private static double Median(Summary summary, string method, AccumulationLogger log) =>
        summary.Reports.SingleOrDefault(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method)?.ResultStatistics is { } statistics
            ? statistics.Median / 1e6
            : throw new InvalidOperationException($"BenchmarkDotNet did not measure {method}: {log.GetLog()}");
}

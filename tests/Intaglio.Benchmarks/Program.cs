using System.CommandLine;

namespace Intaglio.Benchmarks;

/// <summary>
/// Measures what is promised of speed: <c>dotnet run -c Release --project tests/Intaglio.Benchmarks -- generator --json</c>. Exits with 1 where a case misses
/// its limit, and with 2 where the command line cannot be used.
/// </summary>
internal static class Program
{
    private static readonly Benchmark[] Benchmarks =
    [
        new GeneratorBenchmark(), new EncodeBenchmark(), new TrainBenchmark(), new GrowthBenchmark(), new DecodeBenchmark(), new PrefillBenchmark(), .. KernelBenchmark.All,
    ];

    internal static int Main(string[] arguments)
    {
        var root = new RootCommand("Measures what is promised of speed. Exits with 1 where a case misses its limit.") { BenchmarkCommand.Json, BenchmarkCommand.Runs, BenchmarkCommand.Part };
        foreach (var benchmark in Benchmarks)
            root.Add(BenchmarkCommand.Of(benchmark));

        root.Add(FirstRun.Command);
        root.Add(BusyProcess.Command);
        var parsed = root.Parse(arguments);
        if (parsed.Errors is not [var error, ..])
            return parsed.Invoke();

        Console.Error.WriteLine($"{error.Message} See --help for commands and options.");
        return 2;
    }
}

using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Intaglio.Benchmarks;

/// <summary>A benchmark as a command: measures, prints, and says by its exit code whether every limit was kept.</summary>
internal static class BenchmarkCommand
{
    public static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object a line for each case, as soon as it is measured.", Recursive = true };

    public static readonly Option<int?> Runs = new("--runs")
    {
        Description = "How often each case is run. Default: as often as its median needs to be steady.",
        HelpName = "N",
        Recursive = true,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var runs) && runs > 0)
                return runs;

            result.AddError($"--runs expects a whole number of 1 or more, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    public static Command Of(Benchmark benchmark)
    {
        var command = new Command(benchmark.Name, benchmark.Description);
        command.SetAction(parsed => Run(benchmark, parsed.GetValue(Runs), parsed.GetValue(Json) ? new JsonReport(Console.Out) : new TableReport(AnsiConsole.Console)));
        return command;
    }

    private static int Run(Benchmark benchmark, int? runs, IReport report)
    {
        var kept = true;
        foreach (var measured in benchmark.Measure(runs))
        {
            report.Add(measured);
            kept &= measured.IsKept;
        }

        report.End();
        return kept ? 0 : 1;
    }
}

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

    public static readonly Option<string?> Part = new("--case") { Description = "Measure only cases whose names contain this.", HelpName = "TEXT", Recursive = true };

    public static Command Of(Benchmark benchmark)
    {
        var command = new Command(benchmark.Name, benchmark.Description);
        command.SetAction(parsed => Run(benchmark, new(parsed.GetValue(Runs), parsed.GetValue(Part)), parsed.GetValue(Json) ? new JsonReport(Console.Out) : new TableReport(AnsiConsole.Console)));
        return command;
    }

    private static int Run(Benchmark benchmark, Choice choice, IReport report)
    {
        var (kept, any) = (true, false);
        foreach (var measured in benchmark.Measure(choice))
        {
            report.Add(measured);
            kept &= measured.IsKept;
            any = true;
        }

        report.End();
        if (any)
            return kept ? 0 : 1;

        Console.Error.WriteLine($"'{benchmark.Name}' has no case whose name contains '{choice.Part}'.");
        return 2;
    }
}

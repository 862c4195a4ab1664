using System.CommandLine;
using System.Text.Json;

namespace Intaglio.Crashes;

/// <summary>
/// Shows that a run survives its process: <c>dotnet run -c Release --project tests/Intaglio.Crashes -- kills --count 200 --seed 1</c> and
/// <c>-- resume --steps 200 --seed 1</c>.
/// </summary>
internal static class Program
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static int Main(string[] arguments)
    {
        var count = new Option<int>("--count") { Description = "How many kills are to hit a checkpoint in the making.", DefaultValueFactory = _ => 200 };
        var steps = new Option<int>("--steps") { Description = "Steps of the run.", DefaultValueFactory = _ => 200 };
        var seed = new Option<ulong>("--seed") { Description = "Decides the run, and when it is killed.", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Print the summary as one JSON object." };

        var kills = new Command("kills", "Kills a run that saves all the time, and looks whether anything is lost.") { count, seed, json };
        kills.SetAction(parsed => InTemporary(directory => Report(
            Kills.Run(directory, parsed.GetValue(count), parsed.GetValue(seed), done => Console.Error.Write($"\r{done} of {parsed.GetValue(count)}")), parsed.GetValue(json))));

        var resume = new Command("resume", "Kills runs at a random step, goes on in a new process, and compares with a straight run byte for byte.") { steps, seed, json };
        resume.SetAction(parsed => InTemporary(directory => Report(Resumes.Run(directory, parsed.GetValue(steps), parsed.GetValue(seed)), parsed.GetValue(json))));

        return new RootCommand("Kills training runs.") { kills, resume, TrainCommand.Command() }.Parse(arguments).Invoke();
    }

    private static int InTemporary(Func<string, int> action)
    {
        var directory = Directory.CreateTempSubdirectory("intaglio-crashes-");
        try
        {
            return action(directory.FullName);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static int Report(KillReport report, bool asJson)
    {
        Console.Error.WriteLine();
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, Json));
        }
        else
        {
            Console.WriteLine($"{report.Total} kills, {report.Counted} of them with a checkpoint in the making, over {report.Steps} steps in {report.Seconds:F0} s; seed {report.Seed}");
            foreach (var (phase, kills) in report.Phases)
                Console.WriteLine($"  {phase,-30} {kills,5}");
            foreach (var failure in report.Failures)
                Console.WriteLine($"FAILED: {failure}");
            Console.WriteLine($"{report.Failures.Count} failures; the last checkpoint is compared with that of a run that nobody killed");
        }

        return report.Failures.Count == 0 ? 0 : 1;
    }

    private static int Report(IReadOnlyList<Resumption> resumptions, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(resumptions, Json));
        }
        else
        {
            foreach (var (killedAt, resumedAfter, threads, difference) in resumptions)
                Console.WriteLine($"killed at step {killedAt}, gone on after step {resumedAfter} with {threads} threads: {difference ?? "identical, byte for byte"}");
        }

        return resumptions.All(resumption => resumption.Difference is null) ? 0 : 1;
    }
}

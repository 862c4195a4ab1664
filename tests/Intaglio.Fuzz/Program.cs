using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Intaglio.Fuzz;

/// <summary>
/// Gives the library broken files of every kind that it reads:
/// <c>dotnet run -c Release --project tests/Intaglio.Fuzz -- --count 1000000 --seed 1</c>. The seed and an input's number decide the input.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var count = new Option<int>("--count") { Description = "How many inputs.", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<ulong>("--seed") { Description = "Decides what is drawn.", DefaultValueFactory = _ => 1 };
        var first = new Option<int>("--first") { Description = "The number of the first input; with --count 1 one input alone." };
        var limit = new Option<int>("--limit") { Description = "Milliseconds that an input may take.", DefaultValueFactory = _ => 5000 };
        var output = new Option<DirectoryInfo>("--output") { Description = "Where inputs that fail are saved.", DefaultValueFactory = _ => new("artifacts/fuzz") };
        var json = new Option<bool>("--json") { Description = "Prints the result as JSON." };
        var command = new RootCommand("Reads broken files: every one loads or is a documented error, in time and within bounds of memory.") { count, seed, first, limit, output, json };
        command.SetAction(parsed => Run(
            parsed.GetValue(seed), parsed.GetValue(first), parsed.GetValue(count), TimeSpan.FromMilliseconds(parsed.GetValue(limit)), parsed.GetValue(output)!, parsed.GetValue(json)));
        return command.Parse(arguments).Invoke();
    }

    private static int Run(ulong seed, int first, int count, TimeSpan limit, DirectoryInfo output, bool isJson)
    {
        var watch = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        var campaign = new Campaign(seed, first, count, limit, Input.Number);
        campaign.Run(done =>
        {
            if (watch.Elapsed - reported < TimeSpan.FromSeconds(5))
                return;
            reported = watch.Elapsed;
            Console.Error.WriteLine($"{done} of {count}, {watch.Elapsed:h\\:mm\\:ss}");
        });

        var saved = campaign.Failures.Select(failure => Save(seed, failure, output)).ToList();
        if (isJson)
            PrintJson(seed, first, campaign, saved, watch.Elapsed);
        else
            Print(seed, first, campaign, saved, watch.Elapsed);
        return campaign.Failures.Count == 0 ? 0 : 1;
    }

    private static string Save(ulong seed, Failure failure, DirectoryInfo output)
    {
        output.Create();
        var path = Path.Combine(output.FullName, string.Create(CultureInfo.InvariantCulture, $"{failure.Format}-{seed}-{failure.Number}"));
        File.WriteAllBytes(path, Input.Number(seed, failure.Number).Content);
        return path;
    }

    private static void Print(ulong seed, int first, Campaign campaign, List<string> saved, TimeSpan elapsed)
    {
        foreach (var (failure, path) in campaign.Failures.Zip(saved))
            Console.WriteLine($"--seed {seed} --first {failure.Number} --count 1, saved as {path}: {failure.Fault}\n");

        Console.WriteLine(campaign.Totals);
        Console.WriteLine($"seed {seed}, first {first}: {campaign.Totals.Inputs} inputs, {campaign.Failures.Count} failures; {elapsed:h\\:mm\\:ss}");
    }

    private static void PrintJson(ulong seed, int first, Campaign campaign, List<string> saved, TimeSpan elapsed)
    {
        var totals = campaign.Totals;
        Console.WriteLine(JsonSerializer.Serialize(
            new
            {
                Seed = seed,
                First = first,
                totals.Inputs,
                Seconds = elapsed.TotalSeconds,
                totals.Formats,
                LongestMilliseconds = totals.Longest.TotalMilliseconds,
                totals.LongestNumber,
                totals.LargestAllocation,
                totals.LargestNumber,
                totals.LargestBytes,
                Failures = campaign.Failures.Zip(saved, (failure, path) => new { failure.Number, failure.Format, failure.Fault, File = path }),
            },
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
    }
}

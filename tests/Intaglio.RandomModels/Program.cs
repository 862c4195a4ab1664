using System.CommandLine;
using System.Diagnostics;

namespace Intaglio.RandomModels;

/// <summary>
/// Draws models, compiles them, and compares what they compute with the interpreter:
/// <c>dotnet run -c Release --project tests/Intaglio.RandomModels -- --count 2000 --seed 1</c>. The seed and a draw's number decide the draw.
/// </summary>
internal static class Program
{
    // Each takes a while to be made simple; others often have the same reason.
    private const int MostReduced = 5;

    private static int Main(string[] arguments)
    {
        var count = new Option<int>("--count") { Description = "How many models.", DefaultValueFactory = _ => 2000 };
        var seed = new Option<ulong>("--seed") { Description = "Decides what is drawn.", DefaultValueFactory = _ => 1 };
        var first = new Option<int>("--first") { Description = "The number of the first draw; with --count 1 one model alone." };
        var device = new Option<string>("--device") { Description = "The device that some are tried on besides the CPU.", DefaultValueFactory = _ => "opencl:0" };
        var every = new Option<int>("--device-every") { Description = "Every how many-th model is tried on that device too; 0 for none." };
        var command = new RootCommand("Compares random models with the interpreter.") { count, seed, first, device, every };
        command.SetAction(parsed => Run(parsed.GetValue(seed), parsed.GetValue(first), parsed.GetValue(count), parsed.GetValue(device)!, parsed.GetValue(every)));
        return command.Parse(arguments).Invoke();
    }

    private static int Run(ulong seed, int first, int count, string device, int deviceEvery)
    {
        var watch = Stopwatch.StartNew();
        using var campaign = new Campaign(seed, first, count, device, deviceEvery)
        {
            Failed = failure => Console.Error.WriteLine($"draw {failure.Number} fails on {failure.Device}: {failure.Fault}"),
        };
        campaign.Run(done => Console.Error.WriteLine($"{done} of {count}, {watch.Elapsed:h\\:mm\\:ss}"));

        Console.WriteLine(Spread.Describe(campaign.Draws));
        foreach (var failure in campaign.Failures.Take(MostReduced).Select(Simpler.Reduce))
            Console.WriteLine($"\n--seed {seed} --first {failure.Number} --count 1, on {failure.Device}: {failure.Fault}\n{failure.Draw}");

        Console.WriteLine($"\nseed {seed}, draws {first} to {first + count - 1}: {count} models, {campaign.Failures.Count} failures; {campaign.OnDevice} on {device} too; {watch.Elapsed:h\\:mm\\:ss}");
        Console.WriteLine($"largest error {campaign.LargestError:0.00} of its tolerance; {campaign.Delicate} models that amplify rounding");
        return campaign.Failures.Count == 0 ? 0 : 1;
    }
}

using System.CommandLine;
using System.Diagnostics;
using Intaglio;
using Intaglio.Data;
using Intaglio.Objectives;
using Intaglio.Tokenizers;

namespace SpanFiller;

/// <summary>
/// Pre-trains an encoder-decoder to fill in spans, and compares it with counting: <c>dotnet run -c Release --project examples/SpanFiller -- --minutes 3</c>.
/// </summary>
internal static class Program
{
    private const int BatchSize = 16;
    private const int HeldOutBatches = 40;
    private const int CountedBatches = 2000;

    private static int Main(string[] arguments)
    {
        var text = new Option<FileInfo?>("--text") { Description = "A UTF-8 file to train on. Default: the documentation of the .NET SDK." };
        var minutes = new Option<double>("--minutes") { Description = "How long to train.", DefaultValueFactory = _ => 3 };
        var command = new RootCommand("Pre-trains an encoder-decoder to fill in spans.") { text, minutes };
        command.SetAction(parsed => Run(parsed.GetValue(text), parsed.GetValue(minutes)));
        return command.Parse(arguments).Invoke();
    }

    private static int Run(FileInfo? text, double minutes)
    {
        try
        {
            var corpus = text is null ? TokenCorpus.FromText(DefaultCorpus.ReadText(), new ByteTokenizer()) : TokenCorpus.FromFile(text.FullName, new ByteTokenizer());
            var objective = Filler.CreateObjective(new CorpusWindows(corpus));
            var options = new TrainerOptions { BatchSize = BatchSize, ContextLength = objective.Length, SourceLength = objective.SourceLength, LearningRate = 3e-3f, EvaluationBatches = HeldOutBatches };
            using var device = Device.Cpu();
            using var model = Filler.Create(device, seed: 1);
            using var trainer = new Trainer<Filler>(model, options with { Steps = StepsIn(minutes, device, objective, options) });
            var heldOut = Filler.CreateObjective(new CorpusWindows(corpus, heldOut: true));
            var result = trainer.Fit(objective, heldOut, new ConsoleProgress());
            var (unigram, bigram) = Baselines(objective, heldOut);
            Console.WriteLine($"nats a target on held-out text: the encoder-decoder {result.ValidationLoss:0.000}, counts of tokens {unigram:0.000}, counts of pairs {bigram:0.000}");
            return 0;
        }
        catch (IntaglioException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 2;
        }
    }

    // A few steps of another model say how many a time holds.
    private static int StepsIn(double minutes, Device device, SpanCorruption objective, TrainerOptions options)
    {
        using var model = Filler.Create(device);
        using var trainer = new Trainer<Filler>(model, options);
        trainer.Step(objective);
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < 20; step++)
            trainer.Step(objective);

        return Math.Max(1, (int)(minutes * 60 * 20 / Stopwatch.GetElapsedTime(start).TotalSeconds));
    }

    // The same targets as the trainer evaluates: batches are a function of seed and step.
    private static (double Unigram, double Bigram) Baselines(SpanCorruption training, SpanCorruption heldOut)
    {
        var counts = new Counts();
        foreach (var (before, targets) in Batches(training, CountedBatches))
            counts.Add(before, targets);

        var (unigram, bigram, counted) = (0.0, 0.0, 0);
        foreach (var (before, targets) in Batches(heldOut, HeldOutBatches))
        {
            foreach (var (previous, target) in before.Zip(targets).Where(pair => pair.Second != Labels.Ignored))
            {
                unigram += counts.Unigram(target);
                bigram += counts.Bigram(previous, target);
                counted++;
            }
        }

        return (unigram / counted, bigram / counted);
    }

    private static IEnumerable<(int[] Before, int[] Targets)> Batches(SpanCorruption objective, int count)
    {
        var (tokens, targets, source) = (new int[BatchSize * objective.Length], new int[BatchSize * objective.Length], new int[BatchSize * objective.SourceLength]);
        for (var batch = 0; batch < count; batch++)
        {
            objective.Fill(seed: 0, (ulong)batch, new TrainingBatch(BatchSize, tokens, targets) { SourceTokens = source });
            yield return (tokens, targets);
        }
    }
}

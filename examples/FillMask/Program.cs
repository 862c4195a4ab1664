using System.CommandLine;
using System.Diagnostics;
using Intaglio;
using Intaglio.Data;
using Intaglio.Objectives;
using Intaglio.Tokenizers;

namespace FillMask;

/// <summary>
/// Pre-trains an encoder to fill in masked bytes, and compares it with counting: <c>dotnet run -c Release --project examples/FillMask -- --minutes 3</c>.
/// </summary>
internal static class Program
{
    private const int BatchSize = 16;
    private const int HeldOutBatches = 40;

    private static int Main(string[] arguments)
    {
        var text = new Option<FileInfo?>("--text") { Description = "A UTF-8 file to train on. Default: the documentation of the .NET SDK." };
        var minutes = new Option<double>("--minutes") { Description = "How long to train.", DefaultValueFactory = _ => 3 };
        var command = new RootCommand("Pre-trains an encoder to fill in masked bytes.") { text, minutes };
        command.SetAction(parsed => Run(parsed.GetValue(text), parsed.GetValue(minutes)));
        return command.Parse(arguments).Invoke();
    }

    private static int Run(FileInfo? text, double minutes)
    {
        try
        {
            var corpus = text is null ? TokenCorpus.FromText(DefaultCorpus.ReadText(), new ByteTokenizer()) : TokenCorpus.FromFile(text.FullName, new ByteTokenizer());
            using var device = Device.Cpu();
            using var model = Filler.Create(device, seed: 1);
            using var trainer = new Trainer<Filler>(model, new() { BatchSize = BatchSize, Steps = StepsIn(minutes, device, corpus), LearningRate = 2e-3f });
            var objective = Filler.CreateObjective(new CorpusWindows(corpus));
            var heldOut = Filler.CreateObjective(new CorpusWindows(corpus, heldOut: true));
            trainer.Fit(objective, heldOut, new ConsoleProgress());

            using var session = trainer.OpenSession(new EncoderOptions { BatchSize = BatchSize });
            Compare(session, heldOut, new Guesses(corpus));
            return 0;
        }
        catch (IntaglioException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 2;
        }
    }

    // A few steps of another model say how many a time holds.
    private static int StepsIn(double minutes, Device device, TokenCorpus corpus)
    {
        using var model = Filler.Create(device);
        using var trainer = new Trainer<Filler>(model, new() { BatchSize = BatchSize });
        var objective = Filler.CreateObjective(new CorpusWindows(corpus));
        trainer.Step(objective);
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < 20; step++)
            trainer.Step(objective);

        return Math.Max(1, (int)(minutes * 60 * 20 / Stopwatch.GetElapsedTime(start).TotalSeconds));
    }

    private static void Compare(EncoderSession<Filler> session, MaskedLanguageModeling objective, Guesses guesses)
    {
        var (tokens, targets) = (new int[BatchSize * objective.Length], new int[BatchSize * objective.Length]);
        var (counted, right, byUnigram, byBigram) = (0, 0, 0, 0);
        for (var batch = 0UL; batch < HeldOutBatches; batch++)
        {
            objective.Fill(seed: 1, batch, new TrainingBatch(BatchSize, tokens, targets));
            var logits = session.Run(tokens, BatchSize);
            for (var row = 0; row < targets.Length; row++)
            {
                if (targets[row] < 0)
                    continue;

                counted++;
                right += Largest(logits.Slice(row * Filler.VocabularySize, Filler.VocabularySize)) == targets[row] ? 1 : 0;
                byUnigram += guesses.Unigram == targets[row] ? 1 : 0;
                byBigram += guesses.Bigram(row % objective.Length == 0 ? int.MaxValue : tokens[row - 1]) == targets[row] ? 1 : 0;
            }
        }

        Console.WriteLine($"{counted} masked bytes of held-out text: the encoder is right on {(double)right / counted:0.0%}, the most frequent byte on {(double)byUnigram / counted:0.0%}, the most frequent after the one before on {(double)byBigram / counted:0.0%}");
    }

    private static int Largest(ReadOnlySpan<float> logits)
    {
        var largest = 0;
        for (var token = 1; token < logits.Length; token++)
            largest = logits[token] > logits[largest] ? token : largest;

        return largest;
    }
}

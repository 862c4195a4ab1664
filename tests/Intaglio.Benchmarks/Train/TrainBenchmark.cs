using Intaglio.Data;
using Intaglio.Objectives;

namespace Intaglio.Benchmarks;

/// <summary>Whole training steps, each on another batch, optimizer included.</summary>
internal sealed class TrainBenchmark() : Benchmark("train", "Training steps of four small models in FP32, as a share of the processor's arithmetic, and beside a process that keeps a core busy.")
{
    private const int Runs = 31;
    private const int WarmUps = 20;

    // How many times as long a step may take while one of two cores is taken.
    private const double LongestBesideBusyCore = 2.3;

    public override IEnumerable<Case> Measure(Choice choice)
    {
        using var device = Device.Cpu(Threads);
        using var peak = new Peak(device);
        (string Name, Func<string, Device, Peak, int, Case> Measure)[] cases =
        [
            ("train/gpt-6x384-ctx256-b8-v65", Causal<Gpt6x384>(8, Gpt6x384.FlopsPerTokenTraining, least: 0.70)),
            ("train/gpt-4x128-ctx64-b12-v65", Causal<Gpt4x128>(12, Gpt4x128.FlopsPerTokenTraining, least: 0.50)),
            ("train/llama-6x384-ctx256-b8-v512", Causal<Llama6x384>(8, Llama6x384.FlopsPerTokenTraining, least: 0.68)),
            ("train/bert-6x384-ctx256-b8-v512", Masked),
            ("train/gpt-6x384-busy-core", BesideBusyCore),
        ];
        foreach (var (name, measure) in cases.Where(each => choice.Has(each.Name)))
            yield return measure(name, device, peak, choice.Runs ?? Runs);
    }

    private static Func<string, Device, Peak, int, Case> Causal<TModel>(int batch, long flopsPerToken, double least)
        where TModel : LanguageModel, ITrainable<TModel> => (name, device, peak, runs) =>
    {
        using var model = TModel.Create(device, seed: 1);
        using var trainer = new Trainer<TModel>(model, new() { BatchSize = batch, Steps = 1000, LearningRate = 1e-3f });
        var corpus = RandomText.Of(model.Description.VocabularySize, model.Description.VocabularySize);
        return Measure(name, peak, () => trainer.Step(corpus).Loss, (double)flopsPerToken * batch * model.Description.ContextLength, least, runs);
    };

    private static Case Masked(string name, Device device, Peak peak, int runs)
    {
        using var model = Bert6x384.Create(device, seed: 1);
        using var trainer = new Trainer<Bert6x384>(model, new() { BatchSize = 8, Steps = 1000, LearningRate = 1e-3f });
        var objective = Bert6x384.CreateObjective(new CorpusWindows(RandomText.Of(Bert6x384.VocabularySize - 2, Bert6x384.VocabularySize)));
        return Measure(name, peak, () => trainer.Step(objective).Loss, (double)Bert6x384.FlopsPerTokenTraining * 8 * Bert6x384.ContextLength, 0.68, runs);
    }

    // The busy process starts before each such step and has ended before the next undisturbed one.
    private static Case BesideBusyCore(string name, Device device, Peak peak, int runs)
    {
        using var model = Gpt6x384.Create(device, seed: 1);
        using var trainer = new Trainer<Gpt6x384>(model, new() { BatchSize = 8, Steps = 1000, LearningRate = 1e-3f });
        var corpus = RandomText.Of(Gpt6x384.VocabularySize, Gpt6x384.VocabularySize);
        var losses = new List<double>();
        var medians = Clock.MediansOf(WarmUps, runs, Disturbed, Undisturbed);
        return new(name, medians[0], "ms", runs)
        {
            Machine = peak.Machine,
            Peer = "undisturbed",
            PeerValue = medians[1],
            LeastRatio = 1 / LongestBesideBusyCore,
            Fault = FaultOf(losses),
        };

        double Disturbed()
        {
            using var busy = new BusyProcess();
            return Undisturbed();
        }

        double Undisturbed() => Clock.Time(() => losses.Add(trainer.Step(corpus).Loss));
    }

    private static Case Measure(string name, Peak peak, Func<double> step, double operations, double least, int runs)
    {
        var losses = new List<double>();
        var medians = Clock.Medians(WarmUps, runs, () => () => losses.Add(step()), () => peak.MultiplyAdd);
        return new(name, medians[0], "ms", runs)
        {
            Machine = peak.Machine,
            Peak = medians[1] * operations / peak.Operations,
            LeastFraction = least,
            Fault = FaultOf(losses),
        };
    }

    private static string? FaultOf(List<double> losses) =>
        losses[^1] < losses[0] ? null : $"the loss went from {losses[0]:0.000} to {losses[^1]:0.000} in {losses.Count} steps; it should fall";
}

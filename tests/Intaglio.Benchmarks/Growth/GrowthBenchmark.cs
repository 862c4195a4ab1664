using System.Globalization;

namespace Intaglio.Benchmarks;

/// <summary>
/// A training step over sizes that double: of the batch at 1024 tokens a sequence, of the layers at one such sequence, and of the sequences at 4096 tokens in all. Memory
/// has to grow with batch and layers as a line does, to the byte, and not at all with the length of sequences: no buffer is as large as length · length.
/// Of shorter batches than the 1024 rows whose logits exist at one time, the logits take less, which would bend the line.
/// </summary>
internal sealed class GrowthBenchmark() : Benchmark("growth", "Time and planned memory of a training step over batch, layers and context.")
{
    private const int Runs = 5;
    private const int WarmUps = 2;
    private const int Context = 1024;
    private const int TokensOverContext = 4096;

    private static readonly int[] Batches = [1, 2, 4, 8, 16, 32];
    private static readonly int[] Contexts = [64, 128, 256, 512, 1024, 2048, 4096];

    public override IEnumerable<Case> Measure(Choice choice)
    {
        using var device = Device.Cpu(Threads);
        using var peak = new Peak(device);
        var runs = choice.Runs ?? Runs;
        (string Name, Step[] Steps)[] axes =
        [
            ("batch", [.. Batches.Select(batch => new Step(batch, () => Measure<Layers2>(device, batch, Context, runs)))]),
            ("layers", [OverLayers<Layers2>(2), OverLayers<Layers4>(4), OverLayers<Layers8>(8), OverLayers<Layers16>(16), OverLayers<Layers32>(32), OverLayers<Layers48>(48)]),
            ("context", [.. Contexts.Select(context => new Step(context, () => Measure<Layers2>(device, TokensOverContext / context, context, runs)))]),
        ];
        foreach (var (axis, steps) in axes)
        {
            var (bytes, times) = (new List<(long Size, long Bytes)>(), new List<(int Length, double Milliseconds)>());
            foreach (var (size, measure) in steps.Where(each => choice.Has($"growth/{axis}-{each.Size}")))
            {
                var (milliseconds, planned) = measure();
                bytes.Add((size, planned));
                times.Add((size, milliseconds * size / TokensOverContext));
                yield return new($"growth/{axis}-{size}", milliseconds, "ms", runs) { Machine = peak.Machine, PlannedBytes = planned, Fault = axis == "context" ? FaultOfContext(bytes) : FaultOfLine(axis, bytes) };
            }

            if (axis == "context" && times.Count > 1)
                Report(SequenceTime.Fit(times));
        }

        Step OverLayers<TModel>(int layers)
            where TModel : LanguageModel, ITrainable<TModel> => new(layers, () => Measure<TModel>(device, batch: 1, Context, runs));
    }

    private static (double Milliseconds, long PlannedBytes) Measure<TModel>(Device device, int batch, int context, int runs)
        where TModel : LanguageModel, ITrainable<TModel>
    {
        using var model = TModel.Create(device, seed: 1);
        using var trainer = new Trainer<TModel>(model, new() { BatchSize = batch, ContextLength = context, Steps = 1000, LearningRate = 1e-3f });
        var corpus = RandomText.Of(model.Description.VocabularySize, model.Description.VocabularySize);
        return (Clock.Medians(WarmUps, runs, () => () => trainer.Step(corpus))[0], trainer.PlannedBytes);
    }

    private static string? FaultOfLine(string axis, List<(long Size, long Bytes)> points) => Line.Holds(points, points[^1])
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{points[^1].Bytes} bytes at {axis} {points[^1].Size} do not lie on the line through {points[0].Bytes} at {points[0].Size} and {points[1].Bytes} at {points[1].Size}");

    private static string? FaultOfContext(List<(long Size, long Bytes)> points) => points[^1].Bytes == points[0].Bytes
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{points[^1].Bytes} bytes in sequences of {points[^1].Size}, {points[0].Bytes} in sequences of {points[0].Size}: as many tokens, and so it should be as many bytes");

    private static void Report(SequenceTime fitted) => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"a sequence of T tokens takes a · T + b · T² with a = {1e3 * fitted.A:0.000} μs and b = {1e6 * fitted.B:0.000} ns; attention takes as long as the rest at T = {fitted.EvenLength:0}"));

    private readonly record struct Step(int Size, Func<(double Milliseconds, long PlannedBytes)> Measure);
}

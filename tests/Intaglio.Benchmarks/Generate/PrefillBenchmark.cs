namespace Intaglio.Benchmarks;

/// <summary>A prompt of 512 tokens at once.</summary>
internal sealed class PrefillBenchmark() : Benchmark("prefill", "Tokens a second of a prompt of 512, LLaMA shapes, as a share of the processor's arithmetic, and on one thread beside llama.cpp.")
{
    private const int Tokens = 512;
    private const int Runs = 15;
    private const int WarmUps = 20;

    public override IEnumerable<Case> Measure(Choice choice)
    {
        using var device = Device.Cpu(Threads);
        using var peak = new Peak(device);
        (string Name, Func<string, Device, Peak, int, Case> Measure)[] cases =
        [
            ("prefill/llama-110m-fp32", Measure<Llama110M>(Operations(Llama110M.FlopsPerTokenForward, Llama110M.VocabularySize, Llama110M.HiddenSize))),
            ("prefill/llama-15m-fp32", Measure<Llama15M>(Operations(Llama15M.FlopsPerTokenForward, Llama15M.VocabularySize, Llama15M.HiddenSize))),
            ("prefill/llama-110m-fp32-1thread", MeasureBesideLlamaCpp<Llama110M>),
            ("prefill/llama-15m-fp32-1thread", MeasureBesideLlamaCpp<Llama15M>),
        ];
        foreach (var (name, measure) in cases.Where(each => choice.Has(each.Name)))
            yield return measure(name, device, peak, choice.Runs ?? Runs);
    }

    // The session that both kinds of cases open.
    private static SessionOptions Options => new() { Capacity = Tokens, ChunkRows = Tokens };

    private static Func<string, Device, Peak, int, Case> Measure<TModel>(double operations)
        where TModel : LanguageModel, ILanguageModel<TModel> => (name, device, peak, runs) =>
    {
        using var model = TModel.Create(device, seed: 1);
        using var session = model.OpenSession(Options);
        var prompt = Prompt(model.Description.VocabularySize);
        var medians = Clock.Medians(WarmUps, runs, () => Prefill(session, prompt), () => peak.MultiplyAdd);
        return new(name, 1000 * Tokens / medians[0], "tokens/s", runs)
        {
            Machine = peak.Machine,
            Peak = 1000 * Tokens / (medians[1] * operations / peak.Operations),
            LeastFraction = 0.8,
        };
    };

    private static Case MeasureBesideLlamaCpp<TModel>(string name, Device device, Peak peak, int runs)
        where TModel : LanguageModel, ILanguageModel<TModel> => BesideLlamaCpp.Measure<TModel>(
            name, Options, Tokens, session => Prefill(session, Prompt(session.Logits().Length)), peer => peer.Prefill(Tokens), WarmUps, runs, leastRatio: null);

    private static int[] Prompt(int vocabulary)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Tokens).Select(_ => random.Next(vocabulary))];
    }

    // The head for the last token alone.
    private static double Operations(long forward, int vocabulary, int width)
    {
        var head = 2.0 * vocabulary * width;
        return (Tokens * (forward - head)) + head;
    }

    private static Action Prefill<TModel>(GenerationSession<TModel> session, int[] prompt)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        session.Reset();
        return () => session.Append(prompt);
    }
}

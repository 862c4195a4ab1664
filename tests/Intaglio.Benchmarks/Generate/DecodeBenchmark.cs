namespace Intaglio.Benchmarks;

/// <summary>Tokens one after the other: every weight is read for each.</summary>
internal sealed class DecodeBenchmark() : Benchmark("decode", "Tokens a second of LLaMA shapes, as a share of what the memory delivers, and on one thread beside llama.cpp.")
{
    private const int Tokens = 32;
    private const int Runs = 15;
    private const int WarmUps = 15;

    public override IEnumerable<Case> Measure(Choice choice)
    {
        using var device = Device.Cpu(Threads);
        using var peak = new Peak(device);
        (string Name, Func<string, Device, Peak, int, Case> Measure)[] cases =
        [
            ("decode/llama-110m-fp32", Measure<Llama110M>(4 * Llama110M.ParameterCount, least: 0.9)),
            ("decode/llama-110m-bf16", Measure<Llama110MBF16>(2 * Llama110MBF16.ParameterCount, least: 0.9)),
            ("decode/gpt2-124m-fp32", Measure<Gpt2Small>(4 * (Gpt2Small.ParameterCount - (Gpt2Small.ContextLength * Gpt2Small.HiddenSize)))),
            ("decode/llama-15m-fp32", Measure<Llama15M>(4 * Llama15M.ParameterCount)),
            ("decode/llama-15m-bf16", Measure<Llama15MBF16>(2 * Llama15MBF16.ParameterCount)),
            ("decode/llama-110m-fp32-1thread", MeasureBesideLlamaCpp<Llama110M>()),
            ("decode/llama-110m-bf16-1thread", MeasureBesideLlamaCpp<Llama110MBF16>()),
            ("decode/llama-15m-fp32-1thread", MeasureBesideLlamaCpp<Llama15M>(least: 1.15)),
            ("decode/llama-15m-bf16-1thread", MeasureBesideLlamaCpp<Llama15MBF16>()),
        ];
        foreach (var (name, measure) in cases.Where(each => choice.Has(each.Name)))
            yield return measure(name, device, peak, choice.Runs ?? Runs);
    }

    // The session that both kinds of cases open.
    private static SessionOptions Options => new() { Capacity = 2 * Tokens, ChunkRows = 16 };

    private static Func<string, Device, Peak, int, Case> Measure<TModel>(long bytes, double? least = null)
        where TModel : LanguageModel, ILanguageModel<TModel> => (name, device, peak, runs) =>
    {
        using var model = TModel.Create(device, seed: 1);
        using var session = model.OpenSession(Options);
        session.Settings = new() { Temperature = 0 };
        var medians = Clock.Medians(WarmUps, runs, () => Decode(session), () => peak.Stream);
        return new(name, 1000 * Tokens / medians[0], "tokens/s", runs)
        {
            Machine = peak.Machine,
            Peak = 1000 * Peak.Bytes / medians[1] / bytes,
            LeastFraction = least,
        };
    };

    private static Func<string, Device, Peak, int, Case> MeasureBesideLlamaCpp<TModel>(double? least = null)
        where TModel : LanguageModel, ILanguageModel<TModel> => (name, _, _, runs) =>
        BesideLlamaCpp.Measure<TModel>(name, Options, Tokens, Decode, peer => peer.Decode(Tokens), WarmUps, runs, least);

    // The first token follows from what Append has computed: only those after it take a pass through the model.
    private static Action Decode<TModel>(GenerationSession<TModel> session)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        session.Reset();
        session.Append([1]);
        session.Next();
        return () =>
        {
            for (var token = 0; token < Tokens; token++)
                session.Next();
        };
    }
}

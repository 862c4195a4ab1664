using Intaglio.Benchmarks.Onnx;

namespace Intaglio.Benchmarks;

/// <summary>A BERT-base of random weights, FP32, from tokens to pooled outputs, against ONNX Runtime on the same weights and tokens.</summary>
internal sealed class EncodeBenchmark() : Benchmark("encode", "BERT-base on 1 and 8 sequences of 128 tokens, against ONNX Runtime, on two threads.")
{
    private const int Length = 128;
    private const int Runs = 21;
    private const int WarmUps = 3;

    // Pooled outputs lie within ±1. Single precision and another order of sums over twelve layers; 1.3e-5 was seen.
    private const float Tolerance = 1e-4f;

    public override IEnumerable<Case> Measure(Choice choice)
    {
        using var device = Device.Cpu(Threads);
        using var model = RandomWeights.Shaken(BertBase.Create(device, seed: 1));
        var machine = $"{device.Name}, {Environment.ProcessorCount} logical processors, {Threads} threads, .NET {Environment.Version}, ONNX Runtime {OnnxRuntimeEncoder.Version}";
        Console.Error.WriteLine(machine);
        using var other = new OnnxRuntimeEncoder(model, Threads);
        foreach (var sequences in (int[])[1, 8])
        {
            var name = $"encode/bert-base-{sequences}x{Length}";
            if (choice.Has(name))
                yield return Measure(name, model, other, sequences, choice.Runs ?? Runs) with { Machine = machine };
        }
    }

    private static Case Measure(string name, BertBase model, OnnxRuntimeEncoder other, int sequences, int runs)
    {
        var input = new EncoderInput(model.Description, Length, [.. Enumerable.Repeat(Length, sequences)]);
        using var session = model.OpenSession(new() { BatchSize = sequences, Length = Length });
        var difference = Difference(session, other, input);

        // Each is timed right after a run of its own: threads spin for a while after their last one, and would take the other side's core.
        var medians = Clock.Medians(WarmUps, runs, () => Warm(Ours), () => Warm(Theirs));
        Console.Error.WriteLine($"{sequences} x {Length}: {medians[0]:0.0} ms, ONNX Runtime {medians[1]:0.0} ms, largest difference {difference:0.0e+0}");
        return new(name, medians[0], "ms", runs)
        {
            Peer = "ONNX Runtime",
            PeerValue = medians[1],
            LeastRatio = 1.1,
            Fault = difference <= Tolerance ? null : $"pooled outputs differ from ONNX Runtime's by {difference:0.0e+0}, more than {Tolerance:0.0e+0}",
        };

        void Ours() => session.Run(input.Tokens, sequences, input.Bounds, input.TokenTypes);
        void Theirs() => other.Run(input.Tokens, input.TokenTypes, input.Mask, sequences);
    }

    private static Action Warm(Action action)
    {
        action();
        return action;
    }

    /// <summary>The largest difference of the two sides' pooled outputs.</summary>
    internal static float Difference<TModel>(EncoderSession<TModel> session, OnnxRuntimeEncoder other, EncoderInput input)
        where TModel : LanguageModel, IEncoder<TModel>
    {
        var ours = session.Run(input.Tokens, input.Sequences, input.Bounds, input.TokenTypes).ToArray();
        var theirs = other.Run(input.Tokens, input.TokenTypes, input.Mask, input.Sequences);
        return ours.Zip(theirs, (x, y) => MathF.Abs(x - y)).Max();
    }
}

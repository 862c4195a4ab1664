namespace Intaglio.Compiler.Tests;

/// <summary>A declaration and the batch to evaluate it with.</summary>
internal sealed record ModelCase(string Name, ModelSpec Spec, int Batch, int Time)
{
    public Graph Training() => DecoderGraph.Training(Spec, Family.Of(Spec).Parameters(Spec));

    public Graph Inference() => DecoderGraph.Inference(Spec, Family.Of(Spec).Parameters(Spec));

    public Call Call(int seed = 1) => TestModel.Call(Spec, Batch, Time, seed);
}

/// <summary>Models that differ in everything a declaration can say, at ordinary, odd and smallest sizes.</summary>
internal static class ModelCases
{
    public static IReadOnlyDictionary<string, ModelCase> ByName { get; } = All().ToDictionary(item => item.Name);

    private static IEnumerable<ModelCase> All()
    {
        foreach (var activation in Enum.GetValues<Activation>())
            yield return new($"{activation}", TestModel.Spec(activation: activation), 2, 3);

        foreach (var (biases, tied, positions) in Combinations())
        {
            var name = $"{(biases ? "biases" : "no biases")}, {(tied ? "tied" : "untied")}, {(positions ? "positions" : "no positions")}";
            yield return new(name, TestModel.Spec(biases: biases, tied: tied, positions: positions), 2, 3);
            yield return new(name + ", dropout", TestModel.Spec(biases: biases, tied: tied, positions: positions, dropout: 0.25f), 2, 4);
        }

        yield return new("1 layer, 1 head", TestModel.Spec(heads: 1, layers: 1), 1, 4);
        yield return new("5 layers", TestModel.Spec(layers: 5, dropout: 0.1f), 1, 3);
        yield return new("odd sizes", TestModel.Spec(hidden: 9, heads: 3, inner: 7, vocabulary: 11, context: 5, dropout: 0.2f), 3, 5);
        yield return new("context 1", TestModel.Spec(context: 1), 3, 1);
        yield return new("heads of 1", TestModel.Spec(hidden: 5, heads: 5, dropout: 0.2f), 1, 4);
        yield return new("vocabulary 2", TestModel.Spec(vocabulary: 2, biases: false), 2, 3);
        yield return new("vocabulary 1, 1 between the products", TestModel.Spec(vocabulary: 1, inner: 1, tied: false), 1, 2);
        yield return new("1 wide", TestModel.Spec(hidden: 1, heads: 1, tied: false), 1, 3);

        yield return new("LLaMA", TestModel.Llama(), 2, 3);
        yield return new("LLaMA, dropout", TestModel.Llama(dropout: 0.25f), 2, 4);
        yield return new("LLaMA, biases, tied", TestModel.Llama(biases: true, tied: true), 2, 3);
        yield return new("LLaMA, 1 layer, 1 head of 2", TestModel.Llama(heads: 1, keyValueHeads: 1, headSize: 2, layers: 1, hidden: 3, inner: 5), 1, 4);
        yield return new("LLaMA, one key-value head, interleaved", TestModel.Llama(keyValueHeads: 1, layout: RotaryLayout.Interleaved), 1, 4);
        yield return new("LLaMA, GEGLU, window, soft cap", TestModel.Llama(activation: Activation.GeluTanh, window: 2, softCap: 3), 2, 4);
        yield return new("LLaMA, window beyond the context, dropout", TestModel.Llama(window: 9, dropout: 0.2f), 1, 4);
        yield return new("LayerNorm with a gate", Changed(TestModel.Llama(biases: true), spec => spec with { Normalization = new(NormalizationKind.LayerNorm, 1e-5f, Bias: true) }), 2, 3);
        yield return new("RMSNorm without a gate, learned positions", Changed(TestModel.Llama(biases: true), spec => spec with
        {
            FeedForward = (DenseFeedForwardSpec)spec.FeedForward with { Gated = false },
            PositionEncoding = spec.PositionEncoding with { Kind = PositionEncodingKind.Learned },
        }), 2, 3);
        yield return new("GPT-2 with grouped heads and an own scale", Changed(TestModel.Spec(heads: 4), spec => spec with { Attention = spec.Attention with { KeyValueHeads = 2, Scale = 0.3 } }), 2, 3);
    }

    private static ModelSpec Changed(ModelSpec spec, Func<ModelSpec, ModelSpec> change) => change(spec);

    private static IEnumerable<(bool Biases, bool Tied, bool Positions)> Combinations() =>
        from biases in new[] { true, false }
        from tied in new[] { true, false }
        from positions in new[] { true, false }
        select (biases, tied, positions);
}

namespace Intaglio.Compiler.Tests;

/// <summary>A declaration and the batch to evaluate it with.</summary>
internal sealed record ModelCase(string Name, ModelSpec Spec, int Batch, int Time)
{
    public Graph Training() => DecoderGraph.Training(Spec, Gpt2.Parameters(Spec));

    public Graph Inference() => DecoderGraph.Inference(Spec, Gpt2.Parameters(Spec));

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
    }

    private static IEnumerable<(bool Biases, bool Tied, bool Positions)> Combinations() =>
        from biases in new[] { true, false }
        from tied in new[] { true, false }
        from positions in new[] { true, false }
        select (biases, tied, positions);
}

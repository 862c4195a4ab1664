namespace Intaglio.Compiler.Tests;

/// <summary>A declaration and the batch to evaluate it with.</summary>
internal sealed record ModelCase(string Name, ModelSpec Spec, int Batch, int Time, int SourceTime = 0)
{
    public Graph Training() => ModelGraph.Training(Spec, Family.Of(Spec).Parameters(Spec));

    public Graph Inference() => ModelGraph.Inference(Spec, Family.Of(Spec).Parameters(Spec));

    public Graph Encoding() => ModelGraph.Encoding(Spec, Family.Of(Spec).Parameters(Spec));

    /// <summary>The graphs that train nothing.</summary>
    public IReadOnlyList<Graph> Inferences() => Spec is { Generates: true, IsEncoderDecoder: true } ? [Encoding(), Inference()] : [Inference()];

    public Call Call(int seed = 1) => TestModel.Call(Spec, Batch, Time, seed, SourceTime);

    /// <summary>A call of generation, for all tokens at once or some of them; sources begin with their first token and have the numbers of their sequences as slots.</summary>
    /// <param name="rows">Which of the training batch's rows.</param>
    /// <param name="slot">Where a sequence is cached.</param>
    /// <param name="cache">What was cached before.</param>
    public Call Generation(IReadOnlyList<int> rows, Func<int, int> slot, KeyValueCache cache)
    {
        var call = Call();
        Tensor OfRow(Func<int, double> value) => Tensor.Filled([rows.Count], index => value(rows[index]));
        var inputs = new Dictionary<string, Tensor>(call.Inputs)
        {
            ["Tokens"] = OfRow(row => call.Inputs["Tokens"].Index(row)),
            ["Positions"] = OfRow(row => row % Time),
            ["Slots"] = OfRow(row => slot(row / Time)),
            ["SourceEnds"] = OfRow(row => call.Inputs["SourceBounds"][row / Time, 1] - 1),
            ["Outputs"] = Tensor.Filled([rows.Count], index => index),
        };
        return call with { Batch = rows.Count, Time = 1, Cache = cache, Inputs = inputs, Keep = (_, _, _) => 1 };
    }

    /// <summary>The call that caches sources.</summary>
    public Call Sources(Func<int, int> slot, KeyValueCache cache) =>
        Unpadded().WithInput("SourceSlots", Tensor.Filled([Batch * SourceTime], row => slot(row / SourceTime))) with { Cache = cache, Keep = (_, _, _) => 1 };

    /// <summary>The training batch without dropout, and with no padding before a source: a cache has no place for it.</summary>
    public Call Unpadded()
    {
        var call = Call();
        var bounds = call.Inputs["SourceBounds"];
        return call.WithInput("SourceBounds", Tensor.Filled(bounds.Sides, i => i % 2 == 0 ? 0 : bounds.Values[i])) with { Keep = (_, _, _) => 1 };
    }
}

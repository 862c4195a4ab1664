using Intaglio.Compiler;
using Intaglio.Compiler.Passes;
using Intaglio.Compiler.Tests;
using Intaglio.ExecutionTests;

namespace Intaglio.RandomModels;

/// <summary>What a model should compute, by the interpreter in double precision.</summary>
/// <param name="spec">The model, as its attributes say by reflection.</param>
/// <param name="draw">Its batch.</param>
internal sealed class Reference(ModelSpec spec, Draw draw)
{
    /// <summary>Decides dropout.</summary>
    public const ulong Seed = 7;

    private readonly Call _call = TestModel.Call(spec, draw.Batch, draw.Time);

    public ModelSpec Spec => spec;

    public Draw Draw => draw;

    /// <summary>Weights large enough that no part of the model is nearly linear.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => _call.Parameters;

    public int[] Tokens => Numbers("Tokens");

    /// <summary>What each token should predict; negative ones are ignored.</summary>
    public int[] Targets => Numbers("Targets");

    /// <summary>The tokens in a row and one more, which a corpus holds out: windows side by side.</summary>
    public int[] HeldOut => [.. Tokens, Tokens[0]];

    /// <param name="weights">The model's.</param>
    /// <param name="isSurprised">Whether each token that should be predicted is another than the draw's.</param>
    /// <param name="rounding">What becomes of each number on the way.</param>
    public Results Compute(IReadOnlyDictionary<string, Tensor> weights, bool isSurprised = false, Func<double, double>? rounding = null)
    {
        var rounded = _call with { Parameters = weights, Rounding = rounding };
        var results = new Results();
        var graph = DecoderGraph.Training(spec, Family.Of(spec).Parameters(spec));
        var logits = graph.Nodes[^1].Inputs[0];
        var evaluation = rounded.WithInput("Targets", Tensor.Indices(HeldOut[1..])) with { Keep = (_, _, _) => 1 };
        var evaluated = GraphInterpreter.Run(graph with { Outputs = [graph.Outputs[0], logits] }, evaluation);
        results["logits"] = evaluated.Outputs[1].Values;
        results["logits one by one"] = evaluated.Outputs[1].Values;
        if (!spec.Trains)
            return results;

        results["evaluation"] = [evaluated.Output.Values.Average()];
        var scale = 1.0 / Targets.Count(target => target >= 0);
        var targets = isSurprised ? Targets.Select(target => target < 0 ? target : (target + 1) % spec.VocabularySize) : Targets;
        var step = Interpreted.Step(spec, rounded.WithInput("Targets", Tensor.Indices([.. targets])) with { LossScale = scale, Keep = Interpreted.Dropout(Seed, 0) });
        results["loss"] = [scale * step.Output.Values.Sum()];
        foreach (var (name, gradient) in step.Gradients)
            results[Results.GradientPrefix + name] = gradient.Values;

        return results;
    }

    private int[] Numbers(string input) => [.. _call.Inputs[input].Values.Select(value => (int)value)];
}

using Intaglio.Compiler;
using Intaglio.Compiler.Tests;
using Intaglio.ExecutionTests;

namespace Intaglio.RandomModels;

using Tensor = Compiler.Tests.Tensor;

/// <summary>What a model should compute, by the interpreter in double precision.</summary>
/// <param name="spec">The model, as its attributes say by reflection.</param>
/// <param name="draw">Its batch.</param>
internal sealed class Reference(ModelSpec spec, Draw draw)
{
    /// <summary>Decides dropout.</summary>
    private const ulong Seed = 7;

    private readonly Call _call = TestModel.Call(spec, draw.Batch, draw.Time, sourceTime: spec.IsEncoderDecoder ? draw.SourceTime : 0);

    /// <summary>What the device computes, and of which weights, after rounding.</summary>
    public (Results Results, IReadOnlyDictionary<string, Tensor> Weights) Run(Type type, Device device)
    {
        var results = new Results();
        using var model = ModelOnDevice.Create(type, device, _call.Parameters, draw.ChunkRows);
        var whole = model.Result(Unpadded);
        results[Results.Whole] = Doubles(whole);
        if (spec.Generates)
            results[Results.OneByOne] = Doubles(model.OneByOne(Unpadded, whole));

        if (spec.Trains)
            Train(model, results);

        return (results, model.Weights);
    }

    /// <param name="weights">The model's.</param>
    /// <param name="isSurprised">Whether each token or label that should be predicted is another than the draw's.</param>
    /// <param name="rounding">What becomes of each number on the way.</param>
    public Results Compute(IReadOnlyDictionary<string, Tensor> weights, bool isSurprised = false, Func<double, double>? rounding = null)
    {
        var results = new Results();
        Call Rounded(Call call) => call with { Parameters = weights, Rounding = rounding };
        results[Results.Whole] = Interpreted.Result(spec, Rounded(Unpadded)).Values;
        if (spec.Generates)
            results[Results.OneByOne] = results[Results.Whole];

        if (!spec.Trains)
            return results;

        var scale = 1.0 / _call.Inputs["Targets"].Values.Count(target => target >= 0);
        if (IsEvaluated)
            results[Results.Evaluation] = [scale * Interpreted.Losses(spec, Rounded(Evaluated)).Values.Sum()];

        var targets = isSurprised ? Surprised() : _call;
        var step = Interpreted.Step(spec, Rounded(targets) with { LossScale = scale, Keep = Interpreted.Dropout(Seed, 0) });
        results[Results.Loss] = [scale * step.Output.Values.Sum()];
        foreach (var (name, gradient) in step.Gradients)
            results[Results.GradientPrefix + name] = gradient.Values;

        return results;
    }

    /// <summary>The fewest numbers that a norm of the model sees together.</summary>
    public int NarrowestNorm => spec.Stacks.Where(stack => stack.Attention.QueryKeyNorm).Select(stack => stack.Attention.HeadSize).Append(spec.HiddenSize).Min();

    /// <summary>The batch without dropout, and with no padding before sources, which a cache has no place for.</summary>
    private Call Unpadded => FromTheFirst(_call, "SourceBounds") with { Keep = (_, _, _) => 1 };

    /// <summary>Objectives make rows of targets, one a token.</summary>
    private bool IsEvaluated => spec.Head is LanguageModelingHeadSpec or MaskedLanguageModelingHeadSpec or TokenClassificationHeadSpec;

    /// <summary>What an objective can make of the batch: all types are 0, and padding lies at the end.</summary>
    private Call Evaluated => FromTheFirst(Unpadded, "Bounds").WithInput("TokenTypes", Tensor.Filled(_call.Inputs["TokenTypes"].Sides, _ => 0));

    private static Call FromTheFirst(Call call, string input)
    {
        var bounds = call.Inputs[input];
        return call.WithInput(input, Tensor.Filled(bounds.Sides, i => i % 2 == 0 ? 0 : bounds.Values[i]));
    }

    private void Train(ModelOnDevice model, Results results)
    {
        using var trainer = model.Train(new() { BatchSize = draw.Batch, ContextLength = draw.Time, SourceLength = _call.SourceTime, Seed = Seed });
        results[Results.Loss] = [trainer.ComputeGradients(_call)];
        foreach (var name in _call.Parameters.Keys)
            results[Results.GradientPrefix + name] = Doubles(trainer.ReadGradient(name));

        if (IsEvaluated)
            results[Results.Evaluation] = [trainer.Evaluate(Evaluated)];
    }

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    // Targets move on by one, within bounds where they are places.
    private Call Surprised()
    {
        var (targets, bounds) = (_call.Inputs["Targets"], _call.Inputs["Bounds"]);
        var isSpan = spec.Head is QuestionAnsweringHeadSpec;
        var labels = TestModel.LabelsOf(spec);
        Tensor Moved(Tensor places) => Tensor.Filled(places.Sides, i =>
        {
            var (first, end) = isSpan ? (bounds[i, 0], bounds[i, 1]) : (0, labels);
            return places.Values[i] < 0 ? places.Values[i] : first + ((places.Values[i] + 1 - first) % (end - first));
        });
        var moved = _call.WithInput("Targets", Moved(targets));
        return isSpan ? moved.WithInput("EndTargets", Moved(_call.Inputs["EndTargets"])) : moved;
    }
}

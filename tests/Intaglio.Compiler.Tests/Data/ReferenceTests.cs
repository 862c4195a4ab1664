using System.Text.Json;
using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Data;

/// <summary>Graphs, families and interpreter against numbers from independent implementations of architectures in double precision (hf-tiny).</summary>
public sealed class ReferenceTests
{
    // The reference prints 9 digits: half a unit in the ninth is 5e-9 of numbers from 1 to 10, and grows with them. Its ε of the norms is 1e-5, the declaration's the nearest
    // float, which moves results by 1e-12.
    private const double Tolerance = 1e-8;

    public static TheoryData<string> Generators => [.. Fixtures.ByName.Where(pair => pair.Value.Spec.Generates).Select(pair => pair.Key)];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (fixture, name) in Fixtures.ByName.SelectMany(pair => pair.Value.Cases, (pair, name) => (pair.Key, name)))
                data.Add(fixture, name);

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Logits_are_the_published_ones(string fixture, string name)
    {
        var (reference, call) = FixtureCases.Case(fixture, name);
        var logits = TestModel.TrainingLogits(Fixtures.ByName[fixture].Spec, call);

        double[] published = [.. FixtureCases.Numbers(reference.GetProperty("logits"))];
        var valid = reference.TryGetProperty("logits_valid", out var given) ? FixtureCases.Integers(given) : [.. Enumerable.Repeat(1, logits.Rows)];
        Assert.Equal(published.Length, logits.Values.Length);
        Assert.Contains(1, valid);
        for (var row = 0; row < logits.Rows; row++)
        {
            for (var column = 0; column < logits.Width && valid[row] == 1; column++)
                Near(published[(row * logits.Width) + column], logits[row, column], $"logit {column} of row {row}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradients_are_the_published_ones_before_and_after_fusion(string fixture, string name)
    {
        var spec = Fixtures.ByName[fixture].Spec;
        var (reference, call) = FixtureCases.Case(fixture, name);
        var graph = Differentiate.Run(ModelGraph.Training(spec, Family.Of(spec).Parameters(spec)));
        var fused = Compiler.Passes.Aggregate(graph, (sofar, pass) => pass.Run(sofar));

        foreach (var outcome in new[] { graph, fused }.Select(version => GraphInterpreter.Run(version, call)))
        {
            Near(reference.GetProperty("loss").GetDouble(), call.LossScale * outcome.Output.Values.Sum(), "loss");

            var published = reference.GetProperty("gradients");
            var family = Family.Of(spec);
            string Full(string key) => family.IsOutsidePrefix(key) ? key : family.Prefix + key;
            Assert.Equal(published.EnumerateObject().Select(entry => entry.Name).Order(), outcome.Gradients.Keys.Select(Full).Order());
            foreach (var (key, gradient) in outcome.Gradients)
            {
                var expected = published.GetProperty(Full(key));
                Assert.Equal(FixtureCases.Integers(expected.GetProperty("shape")), gradient.Sides);
                Near(expected.GetProperty("l2").GetDouble(), gradient.Norm(), $"norm of {key}");
                Near(expected.GetProperty("sum").GetDouble(), gradient.Values.Sum(), $"sum of {key}");
                foreach (var (value, i) in FixtureCases.Numbers(expected.GetProperty("first8")).Select((value, i) => (value, i)))
                    Near(value, gradient.Values[i], $"{key}[{i}]");
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Generators))]
    public void Greedy_continuation_is_the_published_one(string fixture)
    {
        var spec = Fixtures.ByName[fixture].Spec;
        using var document = FixtureCases.Document(fixture);
        var reference = document.RootElement.GetProperty("greedy")[0];
        var (prompt, published) = (FixtureCases.Integers(reference.GetProperty("input_ids")), FixtureCases.Integers(reference.GetProperty("new_tokens")));
        double[] publishedLogits = [.. FixtureCases.Numbers(reference.GetProperty("top_logits"))];
        var parameters = Family.Of(spec).Parameters(spec);
        var graph = ModelGraph.Inference(spec, parameters);
        var call = FixtureCases.Empty(fixture) with { Batch = 1 };

        var (tokens, position) = (prompt, 0);
        if (spec.IsEncoderDecoder)
        {
            GraphInterpreter.Run(ModelGraph.Encoding(spec, parameters), call with { SourceTime = prompt.Length, Inputs = FixtureCases.Source(prompt, 1, [0, prompt.Length]) });
            tokens = [reference.GetProperty("decoder_start_token_id").GetInt32()];
        }

        for (var step = 0; step < published.Length; step++)
        {
            var logits = GraphInterpreter.Run(graph, call with
            {
                Batch = tokens.Length,
                Time = 1,
                Inputs = new Dictionary<string, Tensor>
                {
                    ["Tokens"] = Tensor.Indices(tokens),
                    ["Positions"] = Tensor.Indices([.. Enumerable.Range(position, tokens.Length)]),
                    ["Slots"] = Tensor.Indices(new int[tokens.Length]),
                    ["SourceEnds"] = Tensor.Filled([tokens.Length], _ => prompt.Length - 1),
                    ["Outputs"] = Tensor.Indices(tokens.Length - 1),
                },
            }).Output.Values;

            Assert.Equal(published[step], Array.IndexOf(logits, logits.Max()));
            Near(publishedLogits[step], logits.Max(), $"logit of step {step}");
            (tokens, position) = ([published[step]], position + tokens.Length);
        }
    }

    private static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= Tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: {actual:R}, published {expected:R}");
}

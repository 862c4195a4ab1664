using System.Text.Json;
using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Data;

/// <summary>Graph and interpreter against numbers from independent implementations of architectures in double precision (hf-tiny).</summary>
public sealed class ReferenceTests
{
    // The reference prints 9 digits: half a unit in the ninth is 5e-9 of numbers up to 10. Its ε of the norms is 1e-5, the declaration's the nearest float, which
    // moves results by 1e-12.
    private const double Tolerance = 1e-8;

    private static readonly ModelSpec Llama = TestModel.Llama(hidden: 32, heads: 4, keyValueHeads: 2, headSize: 8, layers: 2, inner: 44) with
    {
        VocabularySize = 97,
        ContextLength = 64,
        PositionEncoding = new(PositionEncodingKind.Rotary, 10_000, RotaryLayout.HalfSplit),
    };

    // The default of transformers' GPT2Config is 4 · n_embd where n_inner is null.
    private static readonly Dictionary<string, ModelSpec> Specs = new()
    {
        ["gpt2-a"] = TestModel.Spec(hidden: 32, heads: 4, layers: 2, inner: 128, vocabulary: 96, context: 32),
        ["llama-a"] = Llama,
        ["mistral-a"] = Llama with { Attention = Llama.Attention with { SlidingWindow = 5 } },
        ["qwen2-a"] = Llama with
        {
            Attention = Llama.Attention with { QueryKeyValueBias = true },
            Normalization = new(NormalizationKind.RmsNorm, 1e-6f, Bias: false),
            PositionEncoding = Llama.PositionEncoding with { RotaryTheta = 1e6f },
            Embedding = new(TieWordEmbeddings: true, 0),
        },
    };

    public static TheoryData<string> Fixtures => [.. Specs.Keys];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (fixture, name) in Specs.Keys.SelectMany(_ => new[] { "right-padded", "no-mask" }, (fixture, name) => (fixture, name)))
                data.Add(fixture, name);

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Logits_are_the_published_ones(string fixture, string name)
    {
        var spec = Specs[fixture];
        var (reference, call) = Case(fixture, name);
        var training = DecoderGraph.Training(spec, Family.Of(spec).Parameters(spec));
        var logits = GraphInterpreter.Run(training with { Outputs = [training.Nodes[^1].Inputs[0]] }, call).Output;

        double[] published = [.. Numbers(reference.GetProperty("logits"))];
        int[] valid = [.. Numbers(reference.GetProperty("logits_valid")).Select(value => (int)value)];
        Assert.Equal(published.Length, logits.Values.Length);
        for (var row = 0; row < logits.Rows; row++)
        {
            for (var column = 0; column < logits.Width && valid[row] == 1; column++)
                Assert.Equal(published[(row * logits.Width) + column], logits[row, column], Tolerance);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradients_are_the_published_ones_before_and_after_fusion(string fixture, string name)
    {
        var spec = Specs[fixture];
        var (reference, call) = Case(fixture, name);
        var graph = Differentiate.Run(DecoderGraph.Training(spec, Family.Of(spec).Parameters(spec)));
        var fused = Compiler.Passes.Aggregate(graph, (sofar, pass) => pass.Run(sofar));

        foreach (var outcome in new[] { graph, fused }.Select(version => GraphInterpreter.Run(version, call)))
        {
            Assert.Equal(reference.GetProperty("loss").GetDouble(), call.LossScale * outcome.Output.Values.Sum(), Tolerance);

            var published = reference.GetProperty("gradients");
            var prefix = Family.Of(spec).Prefix;
            string Full(string key) => key == "lm_head.weight" ? key : prefix + key;
            Assert.Equal(published.EnumerateObject().Select(entry => entry.Name).Order(), outcome.Gradients.Keys.Select(Full).Order());
            foreach (var (key, gradient) in outcome.Gradients)
            {
                var expected = published.GetProperty(Full(key));
                Assert.Equal(Numbers(expected.GetProperty("shape")).Select(side => (int)side), gradient.Sides);
                Assert.Equal(expected.GetProperty("l2").GetDouble(), gradient.Norm(), Tolerance);
                Assert.Equal(expected.GetProperty("sum").GetDouble(), gradient.Values.Sum(), Tolerance);
                foreach (var (value, i) in Numbers(expected.GetProperty("first8")).Select((value, i) => (value, i)))
                    Assert.Equal(value, gradient.Values[i], Tolerance);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Fixtures))]
    public void Greedy_continuation_is_the_published_one(string fixture)
    {
        var spec = Specs[fixture];
        using var document = Document(fixture);
        var reference = document.RootElement.GetProperty("greedy")[0];
        int[] prompt = [.. Numbers(reference.GetProperty("input_ids")).Select(token => (int)token)];
        int[] published = [.. Numbers(reference.GetProperty("new_tokens")).Select(token => (int)token)];
        double[] publishedLogits = [.. Numbers(reference.GetProperty("top_logits"))];
        var graph = DecoderGraph.Inference(spec, Family.Of(spec).Parameters(spec));
        var (weights, cache) = (Weights(fixture), new KeyValueCache());

        var (tokens, position) = (prompt, 0);
        for (var step = 0; step < published.Length; step++)
        {
            var logits = GraphInterpreter.Run(graph, new()
            {
                Batch = tokens.Length,
                Time = 1,
                Cache = cache,
                RotaryTheta = spec.PositionEncoding.RotaryTheta,
                Parameters = weights,
                Inputs = new Dictionary<string, Tensor>
                {
                    ["Tokens"] = Tensor.Indices(tokens),
                    ["Positions"] = Tensor.Indices([.. Enumerable.Range(position, tokens.Length)]),
                    ["Slots"] = Tensor.Indices(new int[tokens.Length]),
                    ["Outputs"] = Tensor.Indices(tokens.Length - 1),
                },
            }).Output.Values;

            Assert.Equal(published[step], Array.IndexOf(logits, logits.Max()));
            Assert.Equal(publishedLogits[step], logits.Max(), Tolerance);
            (tokens, position) = ([published[step]], position + tokens.Length);
        }
    }

    private static (JsonElement Reference, Call Call) Case(string fixture, string name)
    {
        using var document = Document(fixture);
        var reference = document.RootElement.GetProperty("cases").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name).Clone();
        var ids = reference.GetProperty("inputs").GetProperty("input_ids");
        var (batch, time) = (ids.GetArrayLength(), ids[0].GetArrayLength());
        var targets = Targets([.. Numbers(reference.GetProperty("inputs").GetProperty("labels")).Select(label => (int)label)], time);
        return (reference, new()
        {
            Batch = batch,
            Time = time,
            Parameters = Weights(fixture),
            RotaryTheta = Specs[fixture].PositionEncoding.RotaryTheta,
            LossScale = 1.0 / targets.Count(target => target >= 0),
            Inputs = new Dictionary<string, Tensor>
            {
                ["Tokens"] = Tensor.Indices([.. Numbers(ids).Select(token => (int)token)]),
                ["Positions"] = Tensor.Filled([batch * time], row => row % time),
                ["Targets"] = Tensor.Indices(targets),
            },
        });
    }

    // Labels of causal models are not shifted: row t is to predict label t + 1, the last row nothing.
    private static int[] Targets(int[] labels, int time) => [.. labels.Select((_, row) => row % time == time - 1 ? -1 : labels[row + 1])];

    private static Dictionary<string, Tensor> Weights(string fixture)
    {
        var prefix = Family.Of(Specs[fixture]).Prefix;
        return Checkpoint.Read(Path.Combine(SharedData.Find($"hf-tiny/{fixture}"), "model.safetensors"))
            .ToDictionary(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal) ? pair.Key[prefix.Length..] : pair.Key, pair => pair.Value);
    }

    private static JsonDocument Document(string fixture) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Find($"hf-tiny/{fixture}"), "cases.json")));

    // The numbers of nested arrays, in order.
    private static IEnumerable<double> Numbers(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Numbers) : [element.GetDouble()];
}

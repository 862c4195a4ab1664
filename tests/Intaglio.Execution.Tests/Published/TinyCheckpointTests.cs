using System.Text.Json;
using Intaglio.Compiler.Tests;
using Intaglio.Compiler.Tests.Data;
using Intaglio.Generation;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>hf-tiny/gpt2-a.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Gpt2TinyTests(Targets targets, ITestOutputHelper output) : TinyCheckpointTests<Gpt2Tiny>(targets, output, "hf-tiny/gpt2-a")
{
    // A softmax does not see what all keys have in common.
    protected override float LargestZeroGradient(string key, float[] gradient) =>
        key.EndsWith("attn.c_attn.bias", StringComparison.Ordinal) ? gradient[Gpt2Tiny.HiddenSize..(2 * Gpt2Tiny.HiddenSize)].Max(Math.Abs) : 0;
}

/// <summary>hf-tiny/llama-a: 4 query heads over 2 heads of keys and values.</summary>
[Collection(TargetsCollection.Name)]
public sealed class LlamaTinyTests(Targets targets, ITestOutputHelper output) : TinyCheckpointTests<LlamaTiny>(targets, output, "hf-tiny/llama-a");

/// <summary>hf-tiny/qwen2-a: biases on queries, keys and values, a tied head.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Qwen2TinyTests(Targets targets, ITestOutputHelper output) : TinyCheckpointTests<Qwen2Tiny>(targets, output, "hf-tiny/qwen2-a");

/// <summary>hf-tiny/mistral-a: a window of 5.</summary>
[Collection(TargetsCollection.Name)]
public sealed class MistralTinyTests(Targets targets, ITestOutputHelper output) : TinyCheckpointTests<MistralTiny>(targets, output, "hf-tiny/mistral-a");

/// <summary>A random checkpoint with biases and gains of every size, against an independent implementation in double precision.</summary>
public abstract class TinyCheckpointTests<TModel>(Targets targets, ITestOutputHelper output, string folder)
    where TModel : LanguageModel, ITrainable<TModel>
{
    // What float32 arithmetic should reach on any hardware; 7e-7 and 5e-8 were seen.
    private const double GradientTolerance = 1e-5;
    private const double ZeroGradientTolerance = 1e-7;

    // Logits of 1 to 5; 2e-6 was seen.
    private const double LogitTolerance = 4e-5;

    public static TheoryData<string, string> Cases => new()
    {
        { "cpu", "right-padded" },
        { "cpu", "no-mask" },
        { "opencl:0", "right-padded" },
        { "opencl:0", "no-mask" },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Logits_are_the_published_ones(string target, string name)
    {
        using var document = Document();
        var reference = Case(document, name);
        using var model = Load(target);
        using var session = model.OpenSession();

        var logits = session.ComputeLogits(reference.GetProperty("inputs").GetProperty("input_ids").Rows());

        double[] published = [.. reference.GetProperty("logits").Numbers()];
        var (largest, width) = (0.0, TModel.Description.VocabularySize);
        foreach (var (isValid, row) in reference.GetProperty("logits_valid").Numbers().Select((isValid, row) => (isValid == 1, row)))
        {
            var columns = (row * width)..((row + 1) * width);
            if (isValid)
                largest = Math.Max(largest, Distance.Largest(logits.AsSpan(columns), published.AsSpan(columns)));
        }

        output.WriteLine($"largest difference {largest:0.0e+0}");
        Assert.InRange(largest, 0, LogitTolerance);
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Loss_and_every_gradient_are_the_published_ones(string target, string name)
    {
        using var document = Document();
        var reference = Case(document, name);
        var ids = reference.GetProperty("inputs").GetProperty("input_ids").Rows();
        var (batch, time) = (ids.Length, ids[0].Length);
        int[] tokens = [.. ids.SelectMany(row => row)];
        int[] targetIds = Targets(reference.GetProperty("inputs").GetProperty("labels").Rows());
        using var model = Load(target);
        using var trainer = new Trainer<TModel>(model, new() { BatchSize = batch, ContextLength = time });

        var loss = trainer.ComputeGradients(tokens, targetIds);

        // Losses of 5.6 in single precision; 4e-7 was seen.
        Assert.Equal(reference.GetProperty("loss").GetDouble(), loss, 4e-6);

        var published = reference.GetProperty("gradients");
        var exact = ExactGradients(model, batch, time, tokens, targetIds);
        Assert.Equal(published.EnumerateObject().Select(entry => entry.Name).Order(StringComparer.Ordinal), exact.Keys.Select(Full).Order(StringComparer.Ordinal));
        var (largest, largestZero) = (0.0, 0.0);
        foreach (var (key, expected) in exact)
        {
            var gradient = trainer.ReadGradient(key);
            largest = Math.Max(largest, Distance.Relative(gradient, expected));
            largestZero = Math.Max(largestZero, LargestZeroGradient(key, gradient));
            AssertPublished(published.GetProperty(Full(key)), gradient);
        }

        output.WriteLine($"loss {Math.Abs(loss - reference.GetProperty("loss").GetDouble()):0.0e+0}, gradients {largest:0.0e+0}, of key biases {largestZero:0.0e+0}");
        Assert.InRange(largest, 0, GradientTolerance);
        Assert.InRange(largestZero, 0, ZeroGradientTolerance);
    }

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    public void Greedy_continuation_is_the_published_one(string target)
    {
        using var document = Document();
        var reference = document.RootElement.GetProperty("greedy")[0];
        using var model = Load(target);
        using var session = model.OpenSession();
        session.Append(reference.GetProperty("input_ids").Rows()[0]);

        foreach (var (token, logit) in reference.GetProperty("new_tokens").Numbers().Zip(reference.GetProperty("top_logits").Numbers()))
        {
            Assert.Equal((int)token, session.Next(default(Greedy)));
            Assert.Equal(logit, session.Logits()[(int)token], LogitTolerance);
        }
    }

    /// <summary>The largest element of a gradient that is zero in exact arithmetic.</summary>
    protected virtual float LargestZeroGradient(string key, float[] gradient) => 0;

    private static string Full(string key) => TModel.Description.UnprefixedTensors.Contains(key) ? key : TModel.Description.CheckpointPrefix + key;

    // Norm, sum and the first values. A gradient that is 1e-5 off in its norm is at most √n times that off in its sum.
    private static void AssertPublished(JsonElement published, float[] gradient)
    {
        var norm = published.GetProperty("l2").GetDouble();
        var tolerance = (GradientTolerance * norm) + ZeroGradientTolerance;
        Assert.Equal(published.GetProperty("shape").Numbers().Aggregate((a, b) => a * b), gradient.Length);
        Assert.Equal(norm, Math.Sqrt(gradient.Sum(value => (double)value * value)), tolerance);
        Assert.Equal(published.GetProperty("sum").GetDouble(), gradient.Sum(value => (double)value), tolerance * Math.Sqrt(gradient.Length));
        Assert.All(published.GetProperty("first8").Numbers().Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    // Every value, of which few are published: the interpreter's own test holds it to the published ones.
    private static IReadOnlyDictionary<string, Tensor> ExactGradients(TModel model, int batch, int time, int[] tokens, int[] targetIds) => Interpreted.Step(Declared.Spec(typeof(TModel)), new()
    {
        Batch = batch,
        Time = time,
        Parameters = Interpreted.Weights(model),
        RotaryTheta = Declared.Spec(typeof(TModel)).PositionEncoding.RotaryTheta,
        LossScale = 1.0 / targetIds.Count(target => target >= 0),
        Inputs = new Dictionary<string, Tensor>
        {
            ["Tokens"] = Tensor.Indices(tokens),
            ["Positions"] = Tensor.Filled([tokens.Length], row => row % time),
            ["Targets"] = Tensor.Indices(targetIds),
        },
    }).Gradients;

    // Labels are not shifted: position t is to predict label t + 1, the last position nothing.
    private static int[] Targets(int[][] labels) => [.. labels.SelectMany(row => row.Skip(1).Append(-100))];

    private TModel Load(string target) => TModel.Load(SharedData.Find(folder), targets.Open(target));

    private static JsonElement Case(JsonDocument document, string name) =>
        document.RootElement.GetProperty("cases").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name);

    private JsonDocument Document() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Find(folder), "cases.json")));
}

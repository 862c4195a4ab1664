using System.Text.Json;
using Intaglio.Compiler.Tests;
using Intaglio.Compiler.Tests.Data;
using Intaglio.Runtime.Tests.Checkpoints;
using Intaglio.Numerics;
using Intaglio.Objectives;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>A random checkpoint of hf-tiny with biases and gains of every size, against an independent implementation in double precision.</summary>
/// <param name="targets">The devices.</param>
/// <param name="output">Says what was seen.</param>
/// <param name="fixture">The folder.</param>
public abstract class TinyCheckpointTests<TModel>(Targets targets, ITestOutputHelper output, string fixture)
    where TModel : LanguageModel, ITrainable<TModel>
{
    // What float32 arithmetic should reach on any hardware; 1.7e-6 and 4e-7 were seen.
    private const double GradientTolerance = 1e-5;
    private const double ZeroGradientTolerance = 2e-6;

    /// <summary>Logits of 1 to 15; 1e-5 was seen.</summary>
    protected const double LogitTolerance = 4e-5;

    protected ITestOutputHelper Output => output;

    protected string Fixture => fixture;

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    public void Logits_are_the_published_ones(string target)
    {
        using var model = Load(target);
        foreach (var name in Fixtures.ByName[fixture].Cases)
        {
            var (reference, call) = FixtureCases.Case(fixture, name);
            var logits = Logits(model, call);

            double[] published = [.. FixtureCases.Numbers(reference.GetProperty("logits"))];
            Assert.Equal(published.Length, logits.Length);
            var valid = reference.TryGetProperty("logits_valid", out var given) ? FixtureCases.Integers(given) : [1];
            var width = published.Length / valid.Length;
            var largest = Enumerable.Range(0, published.Length).Where(element => valid[element / width] == 1).Max(element => Math.Abs(published[element] - logits[element]));
            output.WriteLine($"{name}: largest difference {largest:0.0e+0}");
            Assert.InRange(largest, 0, LogitTolerance);
        }
    }

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    public void Loss_and_every_gradient_are_the_published_ones(string target)
    {
        using var model = Load(target);
        foreach (var name in Fixtures.ByName[fixture].Cases)
        {
            var (reference, call) = FixtureCases.Case(fixture, name);
            using var trainer = new Trainer<TModel>(model, new() { BatchSize = call.Batch, ContextLength = call.Time, SourceLength = call.SourceTime });

            var loss = trainer.ComputeGradients(Batch(call));

            // Losses of 1 to 9 in single precision; 1.3e-6 was seen.
            var published = reference.GetProperty("loss").GetDouble();
            Assert.Equal(published, loss, 1e-5);
            AssertGradients(reference.GetProperty("gradients"), call, trainer, $"{name}: loss {Math.Abs(loss - published):0.0e+0}");
        }
    }

    [SkippableFact]
    public void Saved_again_every_tensor_has_the_bits_that_it_had()
    {
        using var model = Load("cpu");
        using var directory = new TemporaryDirectory();
        model.Save(directory.Path);

        using var before = Checkpoints.SafetensorsReader.Open(Path.Combine(SharedData.Find($"hf-tiny/{fixture}"), "model.safetensors"));
        using var after = Checkpoints.SafetensorsReader.Open(Path.Combine(directory.Path, "model.safetensors"));
        Assert.Equal(before.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal), after.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        foreach (var tensor in before.Tensors)
        {
            Assert.True(after.TryGet(tensor.Name, out var saved));
            Assert.Equal((tensor.Type, string.Join(',', tensor.Shape)), (saved.Type, string.Join(',', saved.Shape)));
            Assert.Equal(before.Read(tensor.Name).Select(BitConverter.SingleToUInt32Bits), after.Read(tensor.Name).Select(BitConverter.SingleToUInt32Bits));
        }
    }

    /// <summary>The logits of a case, in the order of the published ones.</summary>
    private protected abstract float[] Logits(TModel model, Call call);

    protected TModel Load(string target) => TModel.Load(SharedData.Find($"hf-tiny/{fixture}"), targets.Open(target));

    private protected static int[] Integers(Call call, string input) => call.Inputs.TryGetValue(input, out var tensor) ? [.. tensor.Values.Select(value => (int)value)] : [];

    private static TrainingBatch Batch(Call call) => new(call.Batch, Integers(call, "Tokens"), Integers(call, "Targets"))
    {
        TokenTypes = TModel.Description.TokenTypes > 0 ? Integers(call, "TokenTypes") : [],
        Bounds = TModel.Description.HasBounds ? Integers(call, "Bounds") : [],
        SourceTokens = Integers(call, "SourceTokens"),
        SourceBounds = Integers(call, "SourceBounds"),
    };

    // Few values of a gradient are published: all are compared with the interpreter's, which its own test holds to the published ones.
    private void AssertGradients(JsonElement published, Call call, Trainer<TModel> trainer, string loss)
    {
        var exact = Interpreted.Step(Fixtures.ByName[fixture].Spec, call).Gradients;
        var trained = TModel.Description.Parameters.Parameters().Where(parameter => parameter.Entry.Group != ParameterGroup.Frozen).Select(parameter => parameter.Name);
        Assert.Equal(published.EnumerateObject().Select(entry => entry.Name).Order(StringComparer.Ordinal), trained.Select(Full).Order(StringComparer.Ordinal));
        var (largest, largestZero) = (0.0, 0.0);
        foreach (var (key, expected) in exact)
        {
            var gradient = trainer.ReadGradient(key);
            AssertPublished(published.GetProperty(Full(key)), gradient);

            // A softmax does not see what all keys have in common: key biases have no gradient but rounding.
            if (expected.Norm() < 1e-9)
                largestZero = Math.Max(largestZero, gradient.Max(Math.Abs));
            else
                largest = Math.Max(largest, Distance.Relative(gradient, expected));
        }

        output.WriteLine($"{loss}, gradients {largest:0.0e+0}, zero ones {largestZero:0.0e+0}");
        Assert.InRange(largest, 0, GradientTolerance);
        Assert.InRange(largestZero, 0, ZeroGradientTolerance);
    }

    // Norm, sum and the first values. A gradient that is 1e-5 off in its norm is at most √n times that off in its sum.
    private static void AssertPublished(JsonElement published, float[] gradient)
    {
        var norm = published.GetProperty("l2").GetDouble();
        var tolerance = (GradientTolerance * norm) + ZeroGradientTolerance;
        Assert.Equal(FixtureCases.Integers(published.GetProperty("shape")).Aggregate((a, b) => a * b), gradient.Length);
        Assert.Equal(norm, Math.Sqrt(gradient.Sum(value => (double)value * value)), tolerance);
        Assert.Equal(published.GetProperty("sum").GetDouble(), gradient.Sum(value => (double)value), tolerance * Math.Sqrt(gradient.Length));
        Assert.All(FixtureCases.Numbers(published.GetProperty("first8")).Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static string Full(string key) => TModel.Description.UnprefixedTensors.Contains(key) ? key : TModel.Description.CheckpointPrefix + key;
}

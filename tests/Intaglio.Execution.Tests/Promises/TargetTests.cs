using Intaglio.Compiler;
using Intaglio.Generation;
using Intaglio.Numerics.Gpu;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>Every target trains alike, by its own code.</summary>
[Collection(TargetsCollection.Name)]
public sealed class TargetTests(Targets targets, ITestOutputHelper output)
{
    private const int Steps = 20;

    private static readonly TrainerOptions Options = new() { Steps = Steps, BatchSize = 4, LearningRate = 1e-2f, WarmupSteps = 2, Seed = 3 };

    [SkippableFact]
    public void Twenty_steps_of_a_model_with_dropout_have_the_same_losses_on_the_cpu_and_through_OpenCl() => AssertSameLosses<Dropped>("cpu", "opencl:0");

    [SkippableFact]
    public void Twenty_steps_of_a_tiny_model_have_the_same_losses_on_every_target() => AssertSameLosses<Odd>([.. Targets.Names]);

    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Devices_that_run_kernels_compile_those_of_the_model(string target)
    {
        var lowered = Compiler.Compiler.Lowered(Declared.Spec(typeof(Odd)));
        string[] library = [.. typeof(LibraryKernels).GetMethods().Select(method => method.Name)];

        var compiled = KernelsOf(target);

        Assert.Equal(lowered.Kernels.Select(kernel => kernel.Name).Order(StringComparer.Ordinal), compiled.Except(library).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Cpu_compiles_no_kernels() => Assert.Empty(KernelsOf("cpu"));

    // The kernels that a new device compiles for a step, an evaluation and two tokens.
    private static List<string> KernelsOf(string target)
    {
        using var device = Targets.OpenNew(target);
        var compiled = new List<string>();
        device.KernelCompiling += (_, kernel) => compiled.Add(kernel.Kernel);

        using var model = Odd.Create(device);
        using (var trainer = new Trainer<Odd>(model, Options))
        {
            trainer.Step(Corpora.Learnable(Odd.VocabularySize));
            trainer.Evaluate(Corpora.Learnable(Odd.VocabularySize));
        }

        using var session = model.OpenSession();
        session.Append([1, 2, 3]);
        session.Next(default(Greedy));
        session.Next(default(Greedy));
        return compiled;
    }

    private void AssertSameLosses<T>(params string[] names)
        where T : LanguageModel, ITrainable<T>
    {
        double[][] losses = [.. names.Select(name => Losses<T>(targets.Open(name)))];

        var largest = Enumerable.Range(0, Steps).Max(step => losses.Max(run => run[step]) - losses.Min(run => run[step]));
        output.WriteLine($"{string.Join(", ", names)}: loss {losses[0][0]:0.000} to {losses[0][^1]:0.000}, largest difference {largest:0.0e+0}");
        Assert.True(losses[0][^1] < losses[0][0] - 0.1, $"the loss went from {losses[0][0]} to {losses[0][^1]}");

        // 1e-7 was seen: rounding of losses, which training has little time to amplify.
        Assert.InRange(largest, 0, 1.5e-6);
    }

    private static double[] Losses<T>(Device device)
        where T : LanguageModel, ITrainable<T>
    {
        using var model = T.Create(device, seed: 1);
        using var trainer = new Trainer<T>(model, Options);
        var corpus = Corpora.Learnable(T.Description.VocabularySize);
        double[] losses = [.. Enumerable.Range(0, Steps).Select(_ => trainer.Step(corpus).Loss)];

        Assert.Equal(
            LaunchesOfAStep(typeof(T)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {Steps * pair.Value}"),
            trainer.LaunchCounts.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}"));
        return losses;
    }

    // How often the emitted forward and backward passes launch each algorithm.
    private static Dictionary<string, int> LaunchesOfAStep(Type model)
    {
        var spec = Declared.Spec(model);
        var training = Compiler.Compiler.Lowered(spec).Training!;
        return training.Forward.Concat(training.Backward).SelectMany(section => LaunchesOf(section, spec.Main.Layers)).Append(training.Loss)
            .CountBy(launch => launch.Method)
            .ToDictionary();
    }

    private static IEnumerable<Launch> LaunchesOf(Section section, int layers) => section switch
    {
        LayerLoop loop => Enumerable.Repeat(loop.Launches, layers).SelectMany(launches => launches),
        StraightLine line => line.Launches,
        _ => throw new NotSupportedException($"{section}"),
    };
}

using Intaglio.Compiler.Tests.Data;
using Intaglio.Data;
using Intaglio.Tokenizers;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>Each family learns English from a real text, alike on every target.</summary>
[Collection(TargetsCollection.Name)]
public sealed class TrainingTests(Targets targets, ITestOutputHelper output)
{
    private const string Text = "text-tinystories-sample/tiny_stories.txt";
    private const int Steps = 501;
    private const int ComparedSteps = 20;

    private static readonly TrainerOptions Options = new() { Steps = Steps, BatchSize = 8, LearningRate = 3e-3f, WarmupSteps = 20, Seed = 3 };

    [SkippableFact]
    public void GPT_2_style_learns() => AssertLearns<GptStories>();

    [SkippableFact]
    public void LLaMA_style_learns() => AssertLearns<LlamaStories>();

    private void AssertLearns<T>()
        where T : LanguageModel, ITrainable<T>
    {
        var corpus = TokenCorpus.FromFile(SharedData.Find(Text), new ByteTokenizer());
        var losses = Losses<T>(targets.Open("cpu"), corpus, Steps);
        output.WriteLine($"{typeof(T).Name}: loss {losses[0]:0.000} at step 0, {losses[100]:0.000} at 100, {losses[500]:0.000} at 500");

        // Weights so small that the first guess is even.
        Assert.InRange(losses[0], 0.98 * Math.Log(256), 1.02 * Math.Log(256));

        // A byte given the one before it carries 2.3 nats in this text: below that, more than the last byte is used.
        Assert.True(losses[100] < losses[0] - 2, $"{losses[100]} at step 100");
        Assert.True(losses[500] < 2, $"{losses[500]} at step 500");

        var others = Losses<T>(targets.Open("opencl:0"), corpus, ComparedSteps);
        var largest = losses.Zip(others, (a, b) => Math.Abs(a - b)).Max();
        output.WriteLine($"first {ComparedSteps} steps on cpu and opencl:0 differ by at most {largest:0.0e+0}");

        // Rounding, which training amplifies: 8e-7 was seen.
        Assert.InRange(largest, 0, 1e-3);
    }

    private static double[] Losses<T>(Device device, TokenCorpus corpus, int steps)
        where T : LanguageModel, ITrainable<T>
    {
        using var model = T.Create(device, seed: 1);
        using var trainer = new Trainer<T>(model, Options);
        return [.. Enumerable.Range(0, steps).Select(_ => trainer.Step(corpus).Loss)];
    }
}

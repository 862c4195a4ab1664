using System.Runtime.InteropServices;
using Xunit;

namespace Intaglio.ExecutionTests;

/// <summary>Training gives the same bits each time.</summary>
[Collection(TargetsCollection.Name)]
public sealed class DeterminismTests(Targets targets)
{
    private static readonly TrainerOptions Options = new() { Steps = 50, BatchSize = 8, LearningRate = 1e-2f, Seed = 3 };

    [Fact]
    public void Weights_after_50_steps_are_identical_in_every_bit_for_any_number_of_threads_and_from_run_to_run()
    {
        AssertIdentical<Dropped>();
        AssertIdentical<Odd>();
        AssertIdentical<LongContext>();
        AssertIdentical<OneLayer>();
    }

    [SkippableFact]
    public void Weights_after_50_steps_are_identical_in_every_bit_from_run_to_run_through_OpenCl()
    {
        var device = targets.Open("opencl:0");
        Assert.Equal(Train<Dropped>(device), Train<Dropped>(device));
    }

    private static void AssertIdentical<T>()
        where T : LanguageModel, ITrainable<T>
    {
        byte[][] runs = [.. new[] { 1, 2, 2, 3 }.Select(threads =>
        {
            using var device = Device.Cpu(threads);
            return Train<T>(device);
        })];

        Assert.All(runs, run => Assert.Equal(runs[0], run));
    }

    private static byte[] Train<T>(Device device)
        where T : LanguageModel, ITrainable<T>
    {
        using var model = T.Create(device, seed: 1);
        using var trainer = new Trainer<T>(model, Options);
        var corpus = Corpora.Learnable(T.Description.VocabularySize);
        for (var step = 0; step < Options.Steps; step++)
            trainer.Step(corpus);

        return [.. T.Description.Parameters.Parameters().SelectMany(parameter => MemoryMarshal.AsBytes<float>(model.ReadParameter(parameter.Name)).ToArray())];
    }
}

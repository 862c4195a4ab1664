using Intaglio.Generation;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>Steps and tokens leave no garbage behind, on any thread.</summary>
[Collection(TargetsCollection.Name)]
public sealed class AllocationTests(Targets targets, ITestOutputHelper output)
{
    private static readonly TrainerOptions Options = new() { Steps = 100_000, BatchSize = 2, Seed = 3 };

    [SkippableTheory]
    [InlineData("cpu", 100)]
    [InlineData("opencl:0", 10)]
    public void Steps_allocate_nothing(string target, int steps)
    {
        using var model = Dropped.Create(targets.Open(target));
        using var trainer = new Trainer<Dropped>(model, Options with { GradientAccumulation = 2 });
        var corpus = Corpora.Learnable(Dropped.VocabularySize);

        Assert.Equal(0, LeastBytes(() =>
        {
            for (var step = 0; step < steps; step++)
                trainer.Step(corpus);
        }));
    }

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    public void Tokens_allocate_nothing(string target)
    {
        using var model = LongContext.Create(targets.Open(target));
        using var session = model.OpenSession();
        int[] prompt = [1, 2, 3];

        foreach (var settings in new GenerationSettings[] { new() { Temperature = 0 }, new() { Temperature = 0.8f, TopK = 10, TopP = 0.9f } })
        {
            session.Settings = settings;
            Assert.Equal(0, LeastBytes(() =>
            {
                session.Reset();
                session.Append(prompt);
                for (var token = 0; token < 100; token++)
                    session.Next();
            }));
        }
    }

    [Fact]
    public void Simulated_launches_allocate_little()
    {
        using var model = Odd.Create(targets.Open("simulated"));
        using var trainer = new Trainer<Odd>(model, Options);
        var corpus = Corpora.Learnable(Odd.VocabularySize);
        trainer.Step(corpus);
        var launches = trainer.LaunchCounts.Values.Sum();
        trainer.Step(corpus);
        launches = trainer.LaunchCounts.Values.Sum() - launches;

        var bytes = LeastBytes(() => trainer.Step(corpus)) / (double)launches;

        // ILGPU's simulator makes a task for each kernel, of which a launch has one to three, and an object for each array of a simulated thread's own: 730
        // were seen.
        output.WriteLine($"{bytes:0} bytes a launch");
        Assert.InRange(bytes, 1, 2_000);
    }

    // The runtime and the test host have threads that allocate now and then, but not in every round; garbage of our own would be there in each.
    private static long LeastBytes(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var round = 0; round < 20 && least > 0; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            action();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}

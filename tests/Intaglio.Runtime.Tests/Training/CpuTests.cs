using Intaglio.Runtime.Tests.Cpu;
using Xunit;

namespace Intaglio.Runtime.Tests.Training;

/// <summary>What training and generation promise of the CPU: no garbage, and the same bits however many threads work.</summary>
[Collection(CpuCollection.Name)]
public class CpuTests
{
    private static readonly TrainerOptions Options = new() { Steps = 200, BatchSize = 4, LearningRate = 1e-2f, GradientAccumulation = 2 };

    [Fact]
    public void Steps_allocate_nothing_on_any_thread()
    {
        using var device = Device.Cpu(threads: 2);
        using var model = TinyGpt.Create(device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options with { BatchSize = 1 });

        AssertAllocatesNothing(() =>
        {
            for (var step = 0; step < 100; step++)
                trainer.Step(Sequences.Learnable);
        });
    }

    [Fact]
    public void Tokens_allocate_nothing_on_any_thread()
    {
        using var device = Device.Cpu(threads: 2);
        using var model = TinyGpt.Create(device, 1);
        using var session = model.OpenSession();
        int[] prompt = [1];

        foreach (var settings in new GenerationSettings[] { new() { Temperature = 0 }, new() { Temperature = 0.8f, TopK = 20, TopP = 0.9f } })
        {
            session.Settings = settings;
            AssertAllocatesNothing(() =>
            {
                for (var token = 0; token < 100; token++)
                {
                    if (token % 16 == 0)
                    {
                        session.Reset();
                        session.Append(prompt);
                    }

                    session.Next();
                }
            });
        }
    }

    [Fact]
    public void Weights_are_the_same_for_any_number_of_threads_and_from_run_to_run()
    {
        var once = Train(threads: 1);
        Assert.Equal(once, Train(threads: 2));
        Assert.Equal(once, Train(threads: 2));

        static float[] Train(int threads)
        {
            using var device = Device.Cpu(threads);
            using var model = TinyGpt.Create(device, 1);
            using var trainer = new Trainer<TinyGpt>(model, Options);
            for (var step = 0; step < 50; step++)
                trainer.Step(Sequences.Learnable);

            return [.. Model<TinyGpt>.Description.Parameters.Parameters().SelectMany(parameter => model.ReadParameter(parameter.Name))];
        }
    }

    [Fact]
    public void Losses_and_gradients_are_those_of_the_plain_loops()
    {
        var inputs = Sequences.Random(30);
        int[] targets = [-1, .. Sequences.Random(29, 1)];
        var options = new TrainerOptions { BatchSize = 3, ContextLength = 10 };
        using var naive = new NaiveDevice();
        using var expected = TinyGpt.Create(naive, 1);
        using var expectedTrainer = new Trainer<TinyGpt>(expected, options);
        using var device = Device.Cpu();
        using var model = TinyGpt.Create(device, 1);
        using var trainer = new Trainer<TinyGpt>(model, options);

        var expectedLoss = expectedTrainer.ComputeGradients(inputs, targets);
        var loss = trainer.ComputeGradients(inputs, targets);

        // Single precision throughout: sums of at most 96 terms, over four layers of them.
        Assert.Equal(expectedLoss, loss, 1e-6);
        foreach (var parameter in Model<TinyGpt>.Description.Parameters.Parameters())
        {
            var (a, b) = (expectedTrainer.ReadGradient(parameter.Name), trainer.ReadGradient(parameter.Name));
            var difference = Math.Sqrt(a.Zip(b).Sum(pair => Math.Pow(pair.First - (double)pair.Second, 2)));
            Assert.True(difference <= (1e-5 * Math.Sqrt(a.Sum(value => (double)value * value))) + 1e-7, $"{parameter.Name}: {difference}");
        }
    }

    [Fact]
    public void Planned_bytes_are_what_the_device_was_asked_for()
    {
        using var device = Device.Cpu(threads: 2);
        using var model = TinyGpt.Create(device, 1);
        using (var trainer = new Trainer<TinyGpt>(model, Options))
        {
            trainer.Step(Sequences.Learnable);
            trainer.Evaluate(Sequences.Learnable);
            Assert.Equal(device.AllocatedBytes, trainer.PlannedBytes);
            Assert.Equal(device.PeakBytes, trainer.PlannedBytes);
        }

        var before = device.AllocatedBytes;
        using var session = model.OpenSession();
        session.Append([1, 2, 3]);
        Assert.Equal(device.AllocatedBytes - before, session.PlannedBytes);
    }

    // The process has threads that are not ours and that allocate now and then; garbage of our own would be there every time.
    private static void AssertAllocatesNothing(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 10 && least > 0; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            action();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);
    }
}

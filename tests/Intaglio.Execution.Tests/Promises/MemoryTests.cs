using Intaglio.Numerics;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>Memory is what the plan says, and the plan is not much more than what has to live.</summary>
[Collection(TargetsCollection.Name)]
public sealed class MemoryTests(Targets targets, ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Planned_bytes_are_what_the_device_was_asked_for(string target)
    {
        var device = targets.Open(target);
        Assert.Equal(0, device.AllocatedBytes);
        using var model = Odd.Create(device);
        using (var trainer = new Trainer<Odd>(model, new() { BatchSize = 3 }))
        {
            var corpus = Corpora.Learnable(Odd.VocabularySize);
            trainer.Step(corpus);
            trainer.Evaluate(corpus);

            Assert.Equal(trainer.PlannedBytes, device.AllocatedBytes);
        }

        Assert.Equal(model.Weights.Bytes, device.AllocatedBytes);
        using var session = model.OpenSession(new() { Slots = 3 });
        session.Append([1, 2, 3]);
        session.Next();
        Assert.Equal(session.PlannedBytes, device.AllocatedBytes - model.Weights.Bytes);
    }

    [Theory]
    [InlineData("cpu:1")]
    [InlineData("cpu:2")]
    [InlineData("simulated")]
    public void Planned_bytes_are_the_peak(string target)
    {
        using var device = Device.Parse(target);
        using var model = Odd.Create(device);
        using var trainer = new Trainer<Odd>(model, new() { BatchSize = 3 });
        trainer.Step(Corpora.Learnable(Odd.VocabularySize));

        Assert.Equal(trainer.PlannedBytes, device.PeakBytes);
    }

    [Fact]
    public void Whole_plans_are_at_most_a_tenth_above_what_lives()
    {
        AssertTight<Default>(batch: 16);
        AssertTight<NanoGpt>(batch: 12);
        AssertTight<Gpt2Small>(batch: 1);
        AssertTight<Gpt2Small>(batch: 8);
        AssertTight<Wide>(batch: 1);
        AssertTight<DefaultDropped>(batch: 64);
    }

    [SkippableFact]
    public void A_plan_above_500_MB_explains_what_a_process_grows_by()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "resident memory is read from /proc/self/status");

        var measured = Probe.Start(Probe.Memory).Select(long.Parse).ToArray();

        var (planned, grown) = (measured[0], measured[1]);
        output.WriteLine($"planned {planned:N0} bytes, grown by {grown:N0}");
        Assert.True(planned > 500_000_000, $"{planned:N0} bytes are planned");
        Assert.InRange(grown, 0.9 * planned, 1.1 * planned);
    }

    // Weights, gradients and moments, the arena, the batch: by formulas, so that models of any size can be asked. A device's workspace is left out, which
    // would only make the quotient smaller.
    private void AssertTight<T>(int batch)
        where T : LanguageModel, ITrainable<T>
    {
        var layout = new BatchLayout(new BatchShape(batch, T.Description.ContextLength));
        var fixedBytes = (4 * sizeof(float) * T.Description.Parameters.Length) + layout.Bytes;
        var arena = Math.Max(T.TrainingArenaBytes(layout), T.EvaluationArenaBytes(layout));
        var planned = fixedBytes + arena;
        var lives = fixedBytes + T.TrainingArenaLowerBound(layout);

        output.WriteLine($"{T.Description.Name}, {batch} sequences: {planned / 1e6:N1} MB planned, {(double)planned / lives:0.000} of what lives; of the arena alone {(double)arena / T.TrainingArenaLowerBound(layout):0.000}");
        Assert.InRange((double)planned / lives, 1, 1.1);
    }
}

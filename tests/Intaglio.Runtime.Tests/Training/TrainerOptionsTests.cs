using Xunit;

namespace Intaglio.Runtime.Tests.Training;

public class TrainerOptionsTests
{
    public static TheoryData<string, TrainerOptions> Mistakes => new()
    {
        { "Steps", new() { Steps = 0 } },
        { "BatchSize", new() { BatchSize = -1 } },
        { "GradientAccumulation", new() { GradientAccumulation = 0 } },
        { "ContextLength", new() { ContextLength = 17 } },
        { "ContextLength", new() { ContextLength = -1 } },
        { "LearningRate", new() { LearningRate = 0 } },
        { "LearningRate", new() { LearningRate = float.NaN } },
        { "MinimumLearningRate", new() { LearningRate = 1e-3f, MinimumLearningRate = 2e-3f } },
        { "WarmupSteps", new() { Steps = 10, WarmupSteps = 11 } },
        { "DecaySteps", new() { DecaySteps = 0 } },
        { "WeightDecay", new() { WeightDecay = -0.1f } },
        { "Beta1", new() { Beta1 = 1 } },
        { "Beta2", new() { Beta2 = -0.1f } },
        { "Epsilon", new() { Epsilon = 0 } },
        { "ClipNorm", new() { ClipNorm = float.PositiveInfinity } },
        { "EvaluationInterval", new() { EvaluationInterval = -1 } },
        { "CheckpointsToKeep", new() { CheckpointsToKeep = -1 } },
        { "CheckpointDirectory", new() { CheckpointInterval = 10 } },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void An_option_out_of_range_is_named(string option, TrainerOptions options)
    {
        using var device = new NaiveDevice();
        using var model = TinyGpt.Create(device);

        var error = Assert.ThrowsAny<ArgumentException>(() => new Trainer<TinyGpt>(model, options));

        Assert.Equal(option, error.ParamName);
        Assert.Contains(option, error.Message);
        Assert.Equal(model.Weights.Bytes, device.AllocatedBytes);
        Assert.Null(model.Writer);
    }

    [Fact]
    public void Defaults_follow_from_the_steps()
    {
        Assert.Equal(new(1e-3f, 1e-3f / 10, 20, 200), new TrainerOptions { Steps = 200 }.Schedule);
        Assert.Equal(100, new TrainerOptions { Steps = 5000 }.Schedule.WarmupSteps);
    }
}

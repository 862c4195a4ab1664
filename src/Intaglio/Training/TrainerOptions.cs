using System.Runtime.CompilerServices;

namespace Intaglio;

/// <summary>How a model is trained. The defaults suit a small GPT; an option out of range is an argument error of the <see cref="Trainer{TModel}"/>'s constructor.</summary>
public sealed record TrainerOptions
{
    /// <summary>How many optimizer steps the run has: where <c>Trainer.Fit</c> stops. Default 1000.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Sequences in a micro-batch. Default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Tokens a sequence; 0, the default, for the model's own context length.</summary>
    public int ContextLength { get; init; }

    /// <summary>Tokens that an encoder-decoder's encoder reads of each sequence; 0, the default, for the model's own context length.</summary>
    public int SourceLength { get; init; }

    /// <summary>Micro-batches whose gradients are added before each optimizer step. Default 1.</summary>
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>The rate after the warm-up. Default 1e-3.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Where the cosine ends; null, the default, for a tenth of <see cref="LearningRate"/>.</summary>
    public float? MinimumLearningRate { get; init; }

    /// <summary>Steps of linear warm-up; null, the default, for a tenth of <see cref="DecaySteps"/>, at most 100.</summary>
    public int? WarmupSteps { get; init; }

    /// <summary>The step at which the rate has come down to its minimum; null, the default, for <see cref="Steps"/>. A run that goes on beyond it keeps the minimum.</summary>
    public int? DecaySteps { get; init; }

    /// <summary>Decoupled decay of matrices and embeddings; biases and norms do not decay. Default 0.1.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>AdamW's β₁. Default 0.9.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>AdamW's β₂. Default 0.95; 0.99 where batches are small.</summary>
    public float Beta2 { get; init; } = 0.95f;

    /// <summary>AdamW's ε. Default 1e-8.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Gradients whose norm over all parameters is above this are scaled down to it; 0 for no clipping. Default 1.</summary>
    public float ClipNorm { get; init; } = 1;

    /// <summary>Decides the batches and dropout, not the initial weights.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps from one evaluation to the next; 0, the default, to evaluate only at the end.</summary>
    public int EvaluationInterval { get; init; }

    /// <summary>How many batches of an objective an evaluation takes; a corpus is evaluated whole. Default 20.</summary>
    public int EvaluationBatches { get; init; } = 20;

    /// <summary>Steps from one checkpoint to the next; 0, the default, to save only at the end.</summary>
    public int CheckpointInterval { get; init; }

    /// <summary>The run's directory, in which each checkpoint is a directory <c>checkpoint-N</c>; null, the default, to save none.</summary>
    public string? CheckpointDirectory { get; init; }

    /// <summary>How many checkpoints stay: the newest ones; 0 for all. Older ones are deleted once a new one stands. Default 2.</summary>
    public int CheckpointsToKeep { get; init; } = 2;

    /// <summary>
    /// Whether the checkpoint with the lowest loss on held-out text stays too. An evaluation that is the best so far is saved at once, whatever
    /// <see cref="CheckpointInterval"/> says. Default true.
    /// </summary>
    public bool KeepBestCheckpoint { get; init; } = true;

    /// <summary>The learning rate of every step.</summary>
    public LearningRateSchedule Schedule
    {
        get
        {
            var decay = DecaySteps ?? Steps;
            return new(LearningRate, MinimumLearningRate ?? LearningRate / 10, WarmupSteps ?? Math.Min(100, decay / 10), decay);
        }
    }

    /// <summary>Checks every option against its range.</summary>
    /// <param name="modelContextLength">The longest sequence of the model.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it and says what it may be.</exception>
    internal void Validate(int modelContextLength)
    {
        AtLeast(Steps, 1);
        AtLeast(BatchSize, 1);
        AtLeast(GradientAccumulation, 1);
        AtLeast(EvaluationInterval, 0);
        AtLeast(EvaluationBatches, 1);
        AtLeast(CheckpointInterval, 0);
        AtLeast(CheckpointsToKeep, 0);
        Require(ContextLength >= 0 && ContextLength <= modelContextLength, ContextLength, $"from 1 to the model's context length, {modelContextLength}, or 0 for all of it", nameof(ContextLength));
        Require(SourceLength >= 0 && SourceLength <= modelContextLength, SourceLength, $"from 1 to the model's context length, {modelContextLength}, or 0 for all of it", nameof(SourceLength));
        Require(LearningRate > 0 && float.IsFinite(LearningRate), LearningRate, "above 0", nameof(LearningRate));
        Require(WeightDecay >= 0 && float.IsFinite(WeightDecay), WeightDecay, "0 or more", nameof(WeightDecay));
        Require(Beta1 >= 0 && Beta1 < 1, Beta1, "at least 0 and below 1", nameof(Beta1));
        Require(Beta2 >= 0 && Beta2 < 1, Beta2, "at least 0 and below 1", nameof(Beta2));
        Require(Epsilon > 0 && float.IsFinite(Epsilon), Epsilon, "above 0", nameof(Epsilon));
        Require(ClipNorm >= 0 && float.IsFinite(ClipNorm), ClipNorm, "above 0, or 0 for no clipping", nameof(ClipNorm));

        var schedule = Schedule;
        Require(schedule.Minimum >= 0 && schedule.Minimum <= schedule.Peak, schedule.Minimum, $"from 0 to LearningRate, {LearningRate}", nameof(MinimumLearningRate));
        Require(schedule.DecaySteps >= 1, schedule.DecaySteps, "1 or more", nameof(DecaySteps));
        Require(schedule.WarmupSteps >= 0 && schedule.WarmupSteps <= schedule.DecaySteps, schedule.WarmupSteps, $"from 0 to the {schedule.DecaySteps} steps of the schedule", nameof(WarmupSteps));
        if (CheckpointInterval > 0 && CheckpointDirectory is null)
            throw new ArgumentException("CheckpointInterval is set, but CheckpointDirectory says nowhere to save to.", nameof(CheckpointDirectory));
    }

    private static void AtLeast(int value, int least, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Require(value >= least, value, $"{least} or more", name);

    private static void Require<T>(bool holds, T value, string expected, string name)
        where T : notnull
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {expected}.");
    }
}

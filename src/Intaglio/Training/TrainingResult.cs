namespace Intaglio;

/// <summary>How a run ended.</summary>
public enum TrainingStatus
{
    /// <summary>All steps were made.</summary>
    Completed,

    /// <summary>The run was cancelled; it ended between two steps and can be resumed.</summary>
    Cancelled,
}

/// <summary>What a call of <c>Trainer.Fit</c> did.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Step">How many steps the run has made, those before a resume included.</param>
/// <param name="ValidationLoss">Loss on the held-out text after the last step, in nats a token; null where there is none or the run was cancelled.</param>
/// <param name="Elapsed">Time that the call took.</param>
/// <param name="MillisecondsPerStep">Mean time of this call's steps, evaluations and checkpoints not counted; 0 where it made none.</param>
/// <param name="TokensPerSecond">Tokens trained on in a second of those steps.</param>
/// <param name="Checkpoint">The directory of the last checkpoint; null where <see cref="TrainerOptions.CheckpointDirectory"/> is.</param>
public sealed record TrainingResult(
    TrainingStatus Status, long Step, double? ValidationLoss, TimeSpan Elapsed, double MillisecondsPerStep, double TokensPerSecond, string? Checkpoint = null);

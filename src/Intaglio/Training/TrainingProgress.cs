using System.Globalization;

namespace Intaglio;

/// <summary>Where a run stands after a step.</summary>
/// <param name="Step">How many steps the run has made.</param>
/// <param name="Steps">How many it will have made at its end.</param>
/// <param name="Loss">Mean loss of the step's batch, in nats a token.</param>
/// <param name="SmoothedLoss">The running mean of the losses: weights fall by 0.98 a step, corrected for the start.</param>
/// <param name="LearningRate">The rate of the step.</param>
/// <param name="GradientNorm">√Σg² over all parameters, before clipping.</param>
/// <param name="TokensPerSecond">Trained tokens a second since this call of <c>Trainer.Fit</c> began, evaluations and checkpoints not counted.</param>
/// <param name="Elapsed">Since this call began.</param>
/// <param name="TimeLeft">Until the last step, at the pace so far.</param>
/// <param name="ValidationLoss">The loss on held-out text, in nats a token, where it was measured after this step.</param>
/// <param name="Checkpoint">The directory of the checkpoint that was saved after this step, where one was.</param>
public readonly record struct TrainingProgress(
    long Step,
    int Steps,
    double Loss,
    double SmoothedLoss,
    double LearningRate,
    double GradientNorm,
    double TokensPerSecond,
    TimeSpan Elapsed,
    TimeSpan TimeLeft,
    double? ValidationLoss,
    string? Checkpoint = null)
{
    /// <summary>A line for a person: step, losses, speed, the time left, and what was saved, alike in every culture.</summary>
    public override string ToString()
    {
        var heldOut = ValidationLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $"  held-out {loss:F3}") : "";
        var left = TimeLeft.ToString(TimeLeft.TotalHours < 1 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
        var saved = Checkpoint is null ? "" : $"  saved {Path.GetFileName(Checkpoint)}";
        return string.Create(CultureInfo.InvariantCulture, $"step {Step}/{Steps}  loss {SmoothedLoss:F3}{heldOut}  {TokensPerSecond:N0} tokens/s  {left} left{saved}");
    }
}

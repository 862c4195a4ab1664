namespace Intaglio;

/// <summary>What one optimizer step did.</summary>
/// <param name="Step">How many steps the run has made, this one included.</param>
/// <param name="Loss">Mean loss of the batch before the step, in nats a token.</param>
/// <param name="GradientNorm">√Σg² over all parameters, before clipping.</param>
/// <param name="LearningRate">The rate of the step.</param>
public readonly record struct TrainStep(long Step, double Loss, double GradientNorm, double LearningRate);

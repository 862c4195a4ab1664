using Intaglio.Numerics;

namespace Intaglio;

/// <summary>
/// One user's view of a device: which buffer each region is, and which random numbers are drawn. Not thread-safe; a model's weights may be bound in
/// several executions at once.
/// </summary>
public abstract class Execution : IDisposable
{
    /// <summary>Which random numbers the launches draw.</summary>
    public RandomStep Random { get; set; }

    /// <summary>How many launches of each algorithm have run, by the name of its <see cref="ITarget"/> member.</summary>
    public abstract IReadOnlyDictionary<string, long> LaunchCounts { get; }

    /// <summary>Makes a buffer the region that places refer to. The caller keeps owning it.</summary>
    public abstract void Bind(Region region, DeviceBuffer buffer);

    /// <summary>Runs a launch sequence on this device's target.</summary>
    public abstract void Run<TAction>(ref TAction action)
        where TAction : struct, ITargetAction;

    /// <summary>
    /// Σ values² over <paramref name="count"/> floats of <paramref name="region"/>, added in a fixed order, the same for any number of threads.
    /// </summary>
    public abstract double SumOfSquares(Region region, long count);

    /// <summary>
    /// AdamW with decoupled decay on a flat range (Loshchilov and Hutter, arXiv:1711.05101):
    /// g = gradient · gradientScale; m = β₁m + (1-β₁)g; v = β₂v + (1-β₂)g²; w -= rate · (m / c₁ / (√(v / c₂) + ε) + decay · w), where cᵢ = 1 - βᵢᵗ.
    /// </summary>
    /// <param name="start">First element.</param>
    /// <param name="count">How many elements.</param>
    /// <param name="step">The constants of this step.</param>
    public abstract void AdamW(long start, long count, in AdamWStep step);

    /// <summary>Waits for all launches.</summary>
    public abstract void Synchronize();

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>The constants of one AdamW step on one range.</summary>
/// <param name="LearningRate">The rate, after the schedule.</param>
/// <param name="Beta1">β₁, decay of the first moment.</param>
/// <param name="Beta2">β₂, decay of the second moment.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">Decay of this range; 0 for norms and biases.</param>
/// <param name="Correction1">1 - β₁ᵗ.</param>
/// <param name="Correction2">1 - β₂ᵗ.</param>
/// <param name="GradientScale">What gradients are multiplied by first: clipping.</param>
public readonly record struct AdamWStep(
    float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay, float Correction1, float Correction2, float GradientScale);

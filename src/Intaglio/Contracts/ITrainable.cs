using Intaglio.Numerics;

namespace Intaglio;

/// <summary>A model that can be trained: FP32 weights, and a backward pass.</summary>
/// <typeparam name="TSelf">The model's class.</typeparam>
public interface ITrainable<TSelf> : IModel<TSelf>
    where TSelf : LanguageModel, ITrainable<TSelf>
{
    /// <summary>The memory plan of training, as text: each buffer with its formula and when it lives.</summary>
    static abstract string MemoryPlan { get; }

    /// <summary>Bytes of arena that <see cref="Forward"/> and <see cref="Backward"/> need.</summary>
    /// <param name="layout">Rows of the batch.</param>
    static abstract long TrainingArenaBytes(in BatchLayout layout);

    /// <summary>Bytes that live at the moment when most do: no plan can be smaller.</summary>
    /// <param name="layout">Rows of the batch.</param>
    static abstract long TrainingArenaLowerBound(in BatchLayout layout);

    /// <summary>Bytes of arena that <see cref="Evaluate"/> needs.</summary>
    /// <param name="layout">Rows of the batch.</param>
    static abstract long EvaluationArenaBytes(in BatchLayout layout);

    /// <summary>
    /// The forward pass of a training step, up to the losses (in <see cref="BatchLayout.Losses"/>) and the gradient of what the loss reads; the head's
    /// gradient is added in the same pass.
    /// </summary>
    /// <param name="on">The target.</param>
    /// <param name="shape">Sequences and tokens of each.</param>
    /// <param name="lossScale">What each row's loss counts: 1 / (counted targets) for a mean.</param>
    static abstract void Forward<TTarget>(in TTarget on, BatchShape shape, float lossScale)
        where TTarget : struct, ITarget;

    /// <summary>The backward pass of a training step: adds to the gradients of all parameters.</summary>
    static abstract void Backward<TTarget>(in TTarget on, BatchShape shape)
        where TTarget : struct, ITarget;

    /// <summary>The losses alone: nothing is kept for a backward pass.</summary>
    static abstract void Evaluate<TTarget>(in TTarget on, BatchShape shape)
        where TTarget : struct, ITarget;
}

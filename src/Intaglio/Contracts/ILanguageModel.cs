using Intaglio.Numerics;

namespace Intaglio;

/// <summary>A decoder-only language model, as the generator emits it: description and launch sequences, all static.</summary>
/// <typeparam name="TSelf">The model's class.</typeparam>
public interface ILanguageModel<TSelf>
    where TSelf : LanguageModel, ILanguageModel<TSelf>
{
    /// <summary>What is known of the model at compile time.</summary>
    static abstract ModelDescription Description { get; }

    /// <summary>A model with random weights.</summary>
    static abstract TSelf Create(Device device, ulong seed = 0);

    /// <summary>A model with the weights of a checkpoint directory.</summary>
    static abstract TSelf Load(string directory, Device device);

    /// <summary>Bytes of arena that <see cref="Infer"/> needs.</summary>
    /// <param name="rows">Rows, a multiple of 16.</param>
    static abstract long InferenceArenaBytes(int rows);

    /// <summary>Where <see cref="Infer"/> leaves the logits: [outputs, VocabularySize], FP32.</summary>
    /// <param name="rows">Rows, a multiple of 16.</param>
    static abstract Place Logits(int rows);

    /// <summary>
    /// Runs new tokens through the model: for each row its token, position and cache slot are in the batch region (laid out for
    /// <paramref name="paddedRows"/>); keys and values go to the cache, and the logits of the rows listed in <see cref="BatchLayout.Outputs"/> to
    /// <see cref="Logits"/>.
    /// </summary>
    /// <param name="on">The target.</param>
    /// <param name="rows">How many rows are in use.</param>
    /// <param name="paddedRows">Rows that arena and batch are laid out for.</param>
    /// <param name="outputs">How many rows' logits are wanted; at most <paramref name="rows"/>.</param>
    /// <param name="slots">How many slots the cache has.</param>
    /// <param name="capacity">Positions a slot of the cache.</param>
    static abstract void Infer<TTarget>(in TTarget on, int rows, int paddedRows, int outputs, int slots, int capacity)
        where TTarget : struct, ITarget;
}

/// <summary>A language model that can be trained: FP32 weights, and a backward pass.</summary>
/// <typeparam name="TSelf">The model's class.</typeparam>
public interface ITrainable<TSelf> : ILanguageModel<TSelf>
    where TSelf : LanguageModel, ITrainable<TSelf>
{
    /// <summary>The memory plan of training, as text: each buffer with its formula and when it lives.</summary>
    static abstract string MemoryPlan { get; }

    /// <summary>Bytes of arena that <see cref="Forward"/> and <see cref="Backward"/> need.</summary>
    /// <param name="rows">Rows, a multiple of 16 (<see cref="BatchLayout.RowsFor"/>).</param>
    static abstract long TrainingArenaBytes(int rows);

    /// <summary>Bytes that live at the moment when most do: no plan can be smaller.</summary>
    /// <param name="rows">Rows, a multiple of 16.</param>
    static abstract long TrainingArenaLowerBound(int rows);

    /// <summary>Bytes of arena that <see cref="Evaluate"/> needs.</summary>
    /// <param name="rows">Rows, a multiple of 16.</param>
    static abstract long EvaluationArenaBytes(int rows);

    /// <summary>
    /// The forward pass of a training step, up to the losses (in <see cref="BatchLayout.Losses"/>) and the gradient of the last hidden state; the head's
    /// gradient is added in the same pass.
    /// </summary>
    /// <param name="on">The target.</param>
    /// <param name="batch">Sequences.</param>
    /// <param name="time">Tokens a sequence.</param>
    /// <param name="lossScale">What each row's loss counts: 1 / (counted targets) for a mean.</param>
    static abstract void Forward<TTarget>(in TTarget on, int batch, int time, float lossScale)
        where TTarget : struct, ITarget;

    /// <summary>The backward pass of a training step: adds to the gradients of all parameters.</summary>
    static abstract void Backward<TTarget>(in TTarget on, int batch, int time)
        where TTarget : struct, ITarget;

    /// <summary>The losses alone: nothing is kept for a backward pass.</summary>
    static abstract void Evaluate<TTarget>(in TTarget on, int batch, int time)
        where TTarget : struct, ITarget;
}

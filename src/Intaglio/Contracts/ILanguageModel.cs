using Intaglio.Numerics;

namespace Intaglio;

/// <summary>A model that generates tokens one after another, as the generator emits it: launch sequences, all static.</summary>
/// <typeparam name="TSelf">The model's class.</typeparam>
public interface ILanguageModel<TSelf> : IModel<TSelf>
    where TSelf : LanguageModel, ILanguageModel<TSelf>
{
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
    /// <param name="cache">Where keys and values lie.</param>
    static abstract void Infer<TTarget>(in TTarget on, int rows, int paddedRows, int outputs, in CacheLayout cache)
        where TTarget : struct, ITarget;
}

/// <summary>An encoder-decoder that generates: its decoder attends to a source that its encoder has read.</summary>
/// <typeparam name="TSelf">The model's class.</typeparam>
public interface ISequenceToSequence<TSelf> : ILanguageModel<TSelf>
    where TSelf : LanguageModel, ISequenceToSequence<TSelf>
{
    /// <summary>Bytes of arena that <see cref="EncodeSource"/> needs.</summary>
    /// <param name="layout">Rows of the source.</param>
    static abstract long SourceArenaBytes(in BatchLayout layout);

    /// <summary>Reads sources: each layer's keys and values of them go to their slots of the cache.</summary>
    /// <param name="on">The target.</param>
    /// <param name="shape">Sequences, and tokens of each source.</param>
    /// <param name="cache">Where keys and values lie.</param>
    static abstract void EncodeSource<TTarget>(in TTarget on, BatchShape shape, in CacheLayout cache)
        where TTarget : struct, ITarget;
}

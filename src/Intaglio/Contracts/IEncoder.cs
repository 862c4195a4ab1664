using Intaglio.Numerics;

namespace Intaglio;

/// <summary>A model that generates nothing: it makes something of whole sequences, as <see cref="ModelDescription.Result"/> says.</summary>
/// <typeparam name="TSelf">The model's class.</typeparam>
public interface IEncoder<TSelf> : IModel<TSelf>
    where TSelf : LanguageModel, IEncoder<TSelf>
{
    /// <summary>Bytes of arena that <see cref="Encode"/> needs.</summary>
    /// <param name="layout">Rows of the batch.</param>
    static abstract long EncodingArenaBytes(in BatchLayout layout);

    /// <summary>Where <see cref="Encode"/> leaves its result: a row for each token or sequence, FP32.</summary>
    /// <param name="layout">Rows of the batch.</param>
    static abstract Place Result(in BatchLayout layout);

    /// <summary>Runs whole sequences through the model.</summary>
    /// <param name="on">The target.</param>
    /// <param name="shape">Sequences and tokens of each.</param>
    static abstract void Encode<TTarget>(in TTarget on, BatchShape shape)
        where TTarget : struct, ITarget;
}

namespace Intaglio.Compiler;

/// <summary>Where a parameter is laid out.</summary>
internal enum Segment
{
    /// <summary>Before the layers.</summary>
    Embedding,

    /// <summary>Once a layer of the encoder, where there is a decoder too.</summary>
    EncoderLayer,

    /// <summary>Once a layer of the decoder, or of the only stack.</summary>
    Layer,

    /// <summary>After the layers.</summary>
    Head,
}

/// <summary>A tensor as a checkpoint has it.</summary>
/// <param name="Name">Its name there, <c>{layer}</c> for the layer's index.</param>
/// <param name="Shape">Its sides.</param>
internal sealed record StoredTensor(string Name, EquatableArray<int> Shape)
{
    public long Count => Shape.Aggregate(1L, (count, side) => count * side);
}

/// <summary>A trained tensor: one of a checkpoint's, or several that lie one after another, so that one product serves them all.</summary>
/// <param name="Name">Its name in emitted code.</param>
/// <param name="Stored">The tensors of a checkpoint that it is made of, stacked along the first side.</param>
/// <param name="Shape">Its sides.</param>
/// <param name="Segment">Where it is laid out.</param>
/// <param name="Decays">Whether the optimizer decays it.</param>
/// <param name="Mean">Its initial mean.</param>
/// <param name="StandardDeviation">Its initial standard deviation; 0 for a constant.</param>
/// <param name="Note">What a reader should know beside its name.</param>
internal sealed record ParameterSpec(
    string Name, EquatableArray<StoredTensor> Stored, EquatableArray<int> Shape, Segment Segment, bool Decays, double Mean, double StandardDeviation, string Note = "")
{
    /// <summary>Whether it is trained, rather than kept as the checkpoint has it.</summary>
    public bool IsTrained { get; init; } = true;

    public ParameterSpec(string name, string checkpointName, EquatableArray<int> shape, Segment segment, bool decays, double mean, double standardDeviation, string note = "")
        : this(name, new EquatableArray<StoredTensor>([new(checkpointName, shape)]), shape, segment, decays, mean, standardDeviation, note)
    {
    }
}

namespace Intaglio.Compiler;

/// <summary>Where a parameter is laid out.</summary>
internal enum Segment
{
    /// <summary>Before the layers.</summary>
    Embedding,

    /// <summary>Once a layer.</summary>
    Layer,

    /// <summary>After the layers.</summary>
    Head,
}

/// <summary>A trained tensor.</summary>
/// <param name="Name">Its name in emitted code.</param>
/// <param name="CheckpointName">Its name in a checkpoint, <c>{layer}</c> for the layer's index.</param>
/// <param name="Shape">Its sides.</param>
/// <param name="Segment">Where it is laid out.</param>
/// <param name="Decays">Whether the optimizer decays it.</param>
/// <param name="Mean">Its initial mean.</param>
/// <param name="StandardDeviation">Its initial standard deviation; 0 for a constant.</param>
/// <param name="Note">What a reader should know beside its name.</param>
internal sealed record ParameterSpec(
    string Name, string CheckpointName, EquatableArray<int> Shape, Segment Segment, bool Decays, double Mean, double StandardDeviation, string Note = "");

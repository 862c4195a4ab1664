namespace Intaglio.Numerics;

/// <summary>Which part of a model a parameter belongs to; weights are laid out in this order, layer by layer.</summary>
public enum Segment
{
    /// <summary>Before the layers.</summary>
    Embedding,

    /// <summary>One of the encoder's layers, where there is a decoder too.</summary>
    EncoderLayer,

    /// <summary>One of the decoder's layers, or of the only stack's.</summary>
    Layer,

    /// <summary>After the layers.</summary>
    Head,
}

/// <summary>What a parameter is to the optimizer.</summary>
public enum ParameterGroup
{
    /// <summary>A matrix or embedding: decays.</summary>
    Decayed,

    /// <summary>A bias or a norm's gain: does not decay.</summary>
    NotDecayed,

    /// <summary>A buffer of a checkpoint: stays as it is.</summary>
    Frozen,
}

/// <summary>How a parameter begins.</summary>
/// <param name="Mean">The mean: 1 for gains, 0 for all others.</param>
/// <param name="StandardDeviation">Of the normal distribution; 0 for a constant.</param>
public readonly record struct Initialization(float Mean, float StandardDeviation);

/// <summary>One tensor of a model.</summary>
/// <param name="Name">Its name in a checkpoint; <c>{layer}</c> stands for the layer's index.</param>
/// <param name="Offset">First element in the weights; within a layer, counted from the layer's start.</param>
/// <param name="Shape">Its shape in the checkpoint and in memory, row-major.</param>
/// <param name="Segment">Where it belongs.</param>
/// <param name="Group">Whether it decays.</param>
/// <param name="Initialization">How it begins.</param>
public sealed record ParameterEntry(string Name, long Offset, int[] Shape, Segment Segment, ParameterGroup Group, Initialization Initialization)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (count, side) => count * side);
}

/// <summary>One tensor of one layer: an entry with its index filled in.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Name">The full name.</param>
/// <param name="Offset">First element in the weights.</param>
public readonly record struct Parameter(ParameterEntry Entry, string Name, long Offset);

/// <summary>The layers of a stack in the flat buffers.</summary>
/// <param name="Segment">Which stack's.</param>
/// <param name="Layers">How many layers.</param>
/// <param name="Start">First element of layer 0.</param>
/// <param name="LayerSize">Elements from one layer to the next, padding included.</param>
public sealed record LayerStack(Segment Segment, int Layers, long Start, long LayerSize);

/// <summary>Where each parameter lies in the flat buffers of weights, gradients and optimizer state.</summary>
/// <param name="Stacks">The stacks, in the order in which they lie.</param>
/// <param name="Length">Elements in all, padding included.</param>
/// <param name="Entries">The tensors, those of a layer once.</param>
public sealed record ParameterTable(LayerStack[] Stacks, long Length, ParameterEntry[] Entries)
{
    /// <summary>Number of trained values, without padding.</summary>
    public long ParameterCount => Entries.Where(entry => entry.Group != ParameterGroup.Frozen).Sum(entry => entry.Count * (Array.Find(Stacks, stack => stack.Segment == entry.Segment)?.Layers ?? 1));

    /// <summary>Every tensor, in the order of the weights.</summary>
    public IEnumerable<Parameter> Parameters()
    {
        foreach (var entry in Entries.Where(entry => entry.Segment == Segment.Embedding))
            yield return new(entry, entry.Name, entry.Offset);

        foreach (var stack in Stacks)
        {
            for (var layer = 0; layer < stack.Layers; layer++)
            {
                foreach (var entry in Entries.Where(entry => entry.Segment == stack.Segment))
                    yield return new(entry, entry.Name.Replace("{layer}", $"{layer}", StringComparison.Ordinal), stack.Start + (layer * stack.LayerSize) + entry.Offset);
            }
        }

        foreach (var entry in Entries.Where(entry => entry.Segment == Segment.Head))
            yield return new(entry, entry.Name, entry.Offset);
    }
}

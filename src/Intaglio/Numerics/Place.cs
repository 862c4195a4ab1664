namespace Intaglio.Numerics;

/// <summary>The buffers that a compiled model works on. Each is one allocation on the device.</summary>
public enum Region
{
    /// <summary>All parameters, in the model's storage format, in the order of its <see cref="ParameterTable"/>.</summary>
    Weights,

    /// <summary>The gradient of each parameter, FP32, laid out as the weights are.</summary>
    Gradients,

    /// <summary>The optimizer's running mean of the gradients, FP32.</summary>
    FirstMoments,

    /// <summary>The optimizer's running mean of the squared gradients, FP32.</summary>
    SecondMoments,

    /// <summary>Activations, at the offsets that the memory plan gives.</summary>
    Arena,

    /// <summary>Keys and values of the tokens seen so far, by layer and slot.</summary>
    Cache,

    /// <summary>What follows from the declaration alone and is read by launches: the sines and cosines of rotary positions. Bound where a model has such tables.</summary>
    Tables,

    /// <summary>What the host sends and reads: tokens, targets, positions, slots, losses. See <see cref="BatchLayout"/>.</summary>
    Batch,
}

/// <summary>Where an operand begins: a region and an offset in bytes.</summary>
/// <param name="Region">The buffer.</param>
/// <param name="Offset">Bytes from the buffer's start; a multiple of the element's size.</param>
public readonly record struct Place(Region Region, long Offset)
{
    /// <summary>Stands for an operand that a launch does not have, such as the bias of a product without one: no place that an operand could have.</summary>
    public static Place None => new(Region.Arena, -1);

    /// <summary>The place <paramref name="bytes"/> further on.</summary>
    public static Place operator +(Place place, long bytes) => new(place.Region, place.Offset + bytes);
}

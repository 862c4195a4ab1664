using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of attention to a cache of keys and values.</summary>
public struct CachedAttentionArguments
{
    /// <summary>[Rows, Heads, HeadSize] at the shape's strides.</summary>
    public ArrayView<float> Query;

    /// <summary>[Heads, BiasStride] where the shape has a bias.</summary>
    public ArrayView<float> Bias;

    /// <summary>[Rows]: where each row stands in its sequence.</summary>
    public ArrayView<int> Positions;

    /// <summary>[Rows]: the slot of each row.</summary>
    public ArrayView<int> Slots;

    /// <summary>[slot][keys, values][KeyValueHeads][Capacity][HeadSize].</summary>
    public ArrayView<float> Cache;

    /// <summary>[Rows, Heads · HeadSize].</summary>
    public ArrayView<float> Output;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Positions a slot.</summary>
    public int Capacity;

    /// <summary>Distances of the bias a head.</summary>
    public int BiasStride;

    /// <summary>Where distance 0 stands among them.</summary>
    public int BiasOrigin;
}

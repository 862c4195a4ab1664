using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of attention to a cache of keys and values.</summary>
public struct CachedAttentionArguments
{
    /// <summary>[Rows, Heads · HeadSize] at the shape's row stride.</summary>
    public ArrayView<float> Query;

    /// <summary>[Rows]: where each row stands in its sequence.</summary>
    public ArrayView<int> Positions;

    /// <summary>[Rows]: the slot of each row.</summary>
    public ArrayView<int> Slots;

    /// <summary>[slot][keys, values][Capacity][KeyValueHeads · HeadSize].</summary>
    public ArrayView<float> Cache;

    /// <summary>[Rows, Heads · HeadSize].</summary>
    public ArrayView<float> Output;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Positions a slot.</summary>
    public int Capacity;
}

using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of storing keys and values in a cache.</summary>
public struct CacheStoreArguments
{
    /// <summary>[Rows, KeyValueHeads, HeadSize] at KeyStride and HeadStride.</summary>
    public ArrayView<float> Key;

    /// <summary>[Rows, KeyValueHeads, HeadSize] at ValueStride and HeadStride.</summary>
    public ArrayView<float> Value;

    /// <summary>[Rows]: where each row stands in its sequence.</summary>
    public ArrayView<int> Positions;

    /// <summary>[Rows]: the slot of each row.</summary>
    public ArrayView<int> Slots;

    /// <summary>[slot][keys, values][KeyValueHeads][Capacity][HeadSize].</summary>
    public ArrayView<float> Cache;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Heads of keys and values.</summary>
    public int KeyValueHeads;

    /// <summary>Width of a head.</summary>
    public int HeadSize;

    /// <summary>Floats from one row of keys to the next.</summary>
    public int KeyStride;

    /// <summary>Floats from one row of values to the next.</summary>
    public int ValueStride;

    /// <summary>Floats from one head to the next.</summary>
    public int HeadStride;

    /// <summary>Positions a slot.</summary>
    public int Capacity;
}

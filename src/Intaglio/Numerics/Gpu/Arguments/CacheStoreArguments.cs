using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of storing keys and values in a cache.</summary>
public struct CacheStoreArguments
{
    /// <summary>[Rows, Width] at RowStride.</summary>
    public ArrayView<float> Key;

    /// <summary>[Rows, Width] at RowStride.</summary>
    public ArrayView<float> Value;

    /// <summary>[Rows]: where each row stands in its sequence.</summary>
    public ArrayView<int> Positions;

    /// <summary>[Rows]: the slot of each row.</summary>
    public ArrayView<int> Slots;

    /// <summary>[slot][keys, values][Capacity][Width].</summary>
    public ArrayView<float> Cache;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>KeyValueHeads · HeadSize.</summary>
    public int Width;

    /// <summary>Floats from one row of keys to the next.</summary>
    public int RowStride;

    /// <summary>Positions a slot.</summary>
    public int Capacity;
}

using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of biases by relative position.</summary>
/// <typeparam name="TElement">A stored element of the table.</typeparam>
public struct ExpandBiasArguments<TElement>
    where TElement : unmanaged
{
    /// <summary>[buckets, Heads].</summary>
    public ArrayView<TElement> Table;

    /// <summary>[Distances].</summary>
    public ArrayView<int> Buckets;

    /// <summary>[Heads, Distances].</summary>
    public ArrayView<float> Output;

    /// <summary>Heads.</summary>
    public int Heads;

    /// <summary>Relative positions.</summary>
    public int Distances;
}

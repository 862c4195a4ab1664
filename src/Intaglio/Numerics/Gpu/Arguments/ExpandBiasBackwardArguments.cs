using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of the gradient of biases by relative position.</summary>
public struct ExpandBiasBackwardArguments
{
    /// <summary>[Batch, Heads, Distances].</summary>
    public ArrayView<float> DistanceGradient;

    /// <summary>[Distances].</summary>
    public ArrayView<int> Buckets;

    /// <summary>[TableBuckets, Heads], added to.</summary>
    public ArrayView<float> TableGradient;

    /// <summary>Sequences.</summary>
    public int Batch;

    /// <summary>Heads.</summary>
    public int Heads;

    /// <summary>Buckets.</summary>
    public int TableBuckets;

    /// <summary>Relative positions.</summary>
    public int Distances;
}

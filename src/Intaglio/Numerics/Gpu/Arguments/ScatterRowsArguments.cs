using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of output[indices[i]] += x[i].</summary>
public struct ScatterRowsArguments
{
    /// <summary>[Count, Width].</summary>
    public ArrayView<float> X;

    /// <summary>[Count].</summary>
    public ArrayView<int> Indices;

    /// <summary>[rows, Width], added to.</summary>
    public ArrayView<float> Output;

    /// <summary>Rows of x.</summary>
    public int Count;

    /// <summary>Columns.</summary>
    public int Width;
}

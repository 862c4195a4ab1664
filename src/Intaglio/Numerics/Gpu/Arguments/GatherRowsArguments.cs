using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of output[i] = x[indices[i]].</summary>
public struct GatherRowsArguments
{
    /// <summary>[rows, Width].</summary>
    public ArrayView<float> X;

    /// <summary>[Count].</summary>
    public ArrayView<int> Indices;

    /// <summary>[Count, Width].</summary>
    public ArrayView<float> Output;

    /// <summary>Rows of the output.</summary>
    public int Count;

    /// <summary>Columns.</summary>
    public int Width;
}

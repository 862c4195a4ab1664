using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of gradient += Σ x over the rows.</summary>
public struct SumRowsArguments
{
    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> X;

    /// <summary>[Width], added to.</summary>
    public ArrayView<float> Gradient;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Columns.</summary>
    public int Width;
}

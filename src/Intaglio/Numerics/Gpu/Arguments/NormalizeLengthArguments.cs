using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of rows divided by their lengths, and of the gradient.</summary>
public struct NormalizeLengthArguments
{
    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> X;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> Output;

    /// <summary>[Rows].</summary>
    public ArrayView<float> Norms;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> OutputGradient;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> InputGradient;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Columns.</summary>
    public int Width;
}

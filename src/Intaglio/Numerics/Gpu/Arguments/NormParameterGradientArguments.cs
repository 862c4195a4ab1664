using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of the gradients of a normalization's gain and bias.</summary>
public struct NormParameterGradientArguments
{
    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> OutputGradient;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> X;

    /// <summary>[Rows, 2]: mean and reciprocal standard deviation.</summary>
    public ArrayView<float> Statistics;

    /// <summary>[Width], added to.</summary>
    public ArrayView<float> GainGradient;

    /// <summary>[Width], added to.</summary>
    public ArrayView<float> BiasGradient;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Length of a row.</summary>
    public int Width;

    /// <summary>0 without a bias, 1 with one.</summary>
    public int HasBias;
}

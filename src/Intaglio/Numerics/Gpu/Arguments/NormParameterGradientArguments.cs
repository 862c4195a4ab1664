using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of the gradients of a normalization's gain and bias.</summary>
public struct NormParameterGradientArguments
{
    /// <summary>[Rows, Groups, Width].</summary>
    public ArrayView<float> OutputGradient;

    /// <summary>[Rows, Groups, Width] at the strides.</summary>
    public ArrayView<float> X;

    /// <summary>[Rows, Groups, 2]: mean and reciprocal standard deviation.</summary>
    public ArrayView<float> Statistics;

    /// <summary>[Width], added to.</summary>
    public ArrayView<float> GainGradient;

    /// <summary>[Width], added to.</summary>
    public ArrayView<float> BiasGradient;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Length of a group.</summary>
    public int Width;

    /// <summary>Groups of a row.</summary>
    public int Groups;

    /// <summary>Floats of x from one row to the next.</summary>
    public int InputStride;

    /// <summary>Floats of x from one group of a row to the next.</summary>
    public int GroupStride;

    /// <summary>0 without a bias, 1 with one.</summary>
    public int HasBias;
}

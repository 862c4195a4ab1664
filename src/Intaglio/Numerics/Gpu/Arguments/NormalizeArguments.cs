using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of a normalization.</summary>
/// <typeparam name="TElement">A stored element of gain and bias.</typeparam>
public struct NormalizeArguments<TElement>
    where TElement : unmanaged
{
    /// <summary>[Rows, Groups, Width] at the strides.</summary>
    public ArrayView<float> X;

    /// <summary>[Width].</summary>
    public ArrayView<TElement> Gain;

    /// <summary>[Width].</summary>
    public ArrayView<TElement> Bias;

    /// <summary>[Rows, Groups, Width].</summary>
    public ArrayView<float> Output;

    /// <summary>[Rows, Groups, 2]: mean and reciprocal standard deviation.</summary>
    public ArrayView<float> Statistics;

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

    /// <summary>What is added to the gain.</summary>
    public float GainOffset;

    /// <summary>0 without a bias, 1 with one.</summary>
    public int HasBias;

    /// <summary>1 where the mean is subtracted, 0 where it is taken for 0.</summary>
    public int Centers;

    /// <summary>ε, added to the variance.</summary>
    public float Epsilon;
}

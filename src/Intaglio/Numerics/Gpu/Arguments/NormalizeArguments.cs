using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of a normalization.</summary>
/// <typeparam name="TElement">A stored element of gain and bias.</typeparam>
public struct NormalizeArguments<TElement>
    where TElement : unmanaged
{
    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> X;

    /// <summary>[Width].</summary>
    public ArrayView<TElement> Gain;

    /// <summary>[Width].</summary>
    public ArrayView<TElement> Bias;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> Output;

    /// <summary>[Rows, 2]: mean and reciprocal standard deviation.</summary>
    public ArrayView<float> Statistics;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Length of a row.</summary>
    public int Width;

    /// <summary>0 without a bias, 1 with one.</summary>
    public int HasBias;

    /// <summary>1 where the mean is subtracted, 0 where it is taken for 0.</summary>
    public int Centers;

    /// <summary>ε, added to the variance.</summary>
    public float Epsilon;
}

using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of a normalization's gradient with its fusion.</summary>
/// <typeparam name="TElement">A stored element of the gain and of the row operand.</typeparam>
public struct NormalizeBackwardArguments<TElement>
    where TElement : unmanaged
{
    /// <summary>[Rows, Groups, Width].</summary>
    public ArrayView<float> OutputGradient;

    /// <summary>[Rows, Groups, Width] at the strides.</summary>
    public ArrayView<float> X;

    /// <summary>[Width].</summary>
    public ArrayView<TElement> Gain;

    /// <summary>[Rows, Groups, 2]: mean and reciprocal standard deviation.</summary>
    public ArrayView<float> Statistics;

    /// <summary>The fusion's row operand, [Width].</summary>
    public ArrayView<TElement> Row;

    /// <summary>The fusion's full operand, at the strides.</summary>
    public ArrayView<float> Full;

    /// <summary>[Rows, Groups, Width] at the strides.</summary>
    public ArrayView<float> InputGradient;

    /// <summary>The fusion's second result, at the strides.</summary>
    public ArrayView<float> Saved;

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

    /// <summary>1 where the mean is subtracted, 0 where it is taken for 0.</summary>
    public int Centers;

    /// <summary>The fusion's dropout.</summary>
    public DropoutArguments Dropout;
}

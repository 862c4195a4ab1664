using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of a normalization's gradient with its fusion.</summary>
/// <typeparam name="TElement">A stored element of the gain and of the row operand.</typeparam>
public struct NormalizeBackwardArguments<TElement>
    where TElement : unmanaged
{
    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> OutputGradient;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> X;

    /// <summary>[Width].</summary>
    public ArrayView<TElement> Gain;

    /// <summary>[Rows, 2]: mean and reciprocal standard deviation.</summary>
    public ArrayView<float> Statistics;

    /// <summary>The fusion's row operand, [Width].</summary>
    public ArrayView<TElement> Row;

    /// <summary>The fusion's full operand, [Rows, Width].</summary>
    public ArrayView<float> Full;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> InputGradient;

    /// <summary>The fusion's second result, [Rows, Width].</summary>
    public ArrayView<float> Saved;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Length of a row.</summary>
    public int Width;

    /// <summary>1 where the mean is subtracted, 0 where it is taken for 0.</summary>
    public int Centers;

    /// <summary>The fusion's dropout.</summary>
    public DropoutArguments Dropout;
}

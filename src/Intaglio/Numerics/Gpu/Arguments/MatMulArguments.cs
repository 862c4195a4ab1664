using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of output = fusion(x · W).</summary>
/// <typeparam name="TElement">A stored element of W and of the row operand.</typeparam>
public struct MatMulArguments<TElement>
    where TElement : unmanaged
{
    /// <summary>x: element (r, k) at r · RowStride + k · XInnerStride.</summary>
    public ArrayView<float> X;

    /// <summary>W: element (k, c) at k · InnerStride + c · ColumnStride.</summary>
    public ArrayView<TElement> Weight;

    /// <summary>The fusion's row operand, [Columns].</summary>
    public ArrayView<TElement> Row;

    /// <summary>The fusion's full operand, [Rows, Columns].</summary>
    public ArrayView<float> Full;

    /// <summary>[Rows, Columns].</summary>
    public ArrayView<float> Output;

    /// <summary>The fusion's second result, [Rows, Columns].</summary>
    public ArrayView<float> Saved;

    /// <summary>Rows of the result.</summary>
    public int Rows;

    /// <summary>Length of the sums.</summary>
    public int Inner;

    /// <summary>Width of the result.</summary>
    public int Columns;

    /// <summary>Elements of x from one row to the next.</summary>
    public int RowStride;

    /// <summary>Elements of x from one k to the next.</summary>
    public int XInnerStride;

    /// <summary>Elements of W from one k to the next.</summary>
    public int InnerStride;

    /// <summary>Elements of W from one column to the next.</summary>
    public int ColumnStride;

    /// <summary>The fusion's dropout.</summary>
    public DropoutArguments Dropout;
}

using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of output = fusion(x), element by element.</summary>
public struct MapArguments
{
    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> X;

    /// <summary>The fusion's row operand, [Width].</summary>
    public ArrayView<float> Row;

    /// <summary>The fusion's full operand, [Rows, Width].</summary>
    public ArrayView<float> Full;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> Output;

    /// <summary>The fusion's second result, [Rows, Width].</summary>
    public ArrayView<float> Saved;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Columns.</summary>
    public int Width;

    /// <summary>The fusion's dropout.</summary>
    public DropoutArguments Dropout;
}

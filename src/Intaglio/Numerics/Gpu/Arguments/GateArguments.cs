using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of a gated unit and of its gradients; each launch uses those that it needs.</summary>
public struct GateArguments
{
    /// <summary>[Rows, 2 · Width]: gate, then value.</summary>
    public ArrayView<float> X;

    /// <summary>The fusion's row operand, [Width].</summary>
    public ArrayView<float> Row;

    /// <summary>The fusion's full operand, [Rows, Width].</summary>
    public ArrayView<float> Full;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> Output;

    /// <summary>The fusion's second result, [Rows, Width].</summary>
    public ArrayView<float> Saved;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> OutputGradient;

    /// <summary>[Rows, 2 · Width].</summary>
    public ArrayView<float> InputGradient;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Columns of the result.</summary>
    public int Width;

    /// <summary>The fusion's dropout.</summary>
    public DropoutArguments Dropout;
}

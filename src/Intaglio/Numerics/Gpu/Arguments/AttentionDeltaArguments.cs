using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of delta[r, h] = Σ outputGradient · output over a head.</summary>
public struct AttentionDeltaArguments
{
    /// <summary>[Rows, Heads · HeadSize].</summary>
    public ArrayView<float> Output;

    /// <summary>[Rows, Heads · HeadSize].</summary>
    public ArrayView<float> OutputGradient;

    /// <summary>[Rows, Heads].</summary>
    public ArrayView<float> Delta;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Query heads.</summary>
    public int Heads;

    /// <summary>Width of one head.</summary>
    public int HeadSize;
}

using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of the embedding's gradient.</summary>
public struct EmbedBackwardArguments
{
    /// <summary>[Rows].</summary>
    public ArrayView<int> Tokens;

    /// <summary>[Rows].</summary>
    public ArrayView<int> Positions;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> OutputGradient;

    /// <summary>[Vocabulary, Width], added to.</summary>
    public ArrayView<float> TokenTableGradient;

    /// <summary>[Positions, Width], added to.</summary>
    public ArrayView<float> PositionTableGradient;

    /// <summary>Rows of the output.</summary>
    public int Rows;

    /// <summary>Length of a vector.</summary>
    public int Width;

    /// <summary>0 where positions are not embedded, 1 where they are.</summary>
    public int HasPositions;

    /// <summary>The token whose vector gets no gradient; -1 without one.</summary>
    public int PaddingToken;
}

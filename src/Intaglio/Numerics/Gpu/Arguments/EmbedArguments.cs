using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of output[r] = fusion(tokenTable[tokens[r]] + positionTable[positions[r]]).</summary>
/// <typeparam name="TElement">A stored element of the tables.</typeparam>
public struct EmbedArguments<TElement>
    where TElement : unmanaged
{
    /// <summary>[Rows].</summary>
    public ArrayView<int> Tokens;

    /// <summary>[Rows].</summary>
    public ArrayView<int> Positions;

    /// <summary>[Vocabulary, Width].</summary>
    public ArrayView<TElement> TokenTable;

    /// <summary>[Positions, Width].</summary>
    public ArrayView<TElement> PositionTable;

    /// <summary>[Rows, Width].</summary>
    public ArrayView<float> Output;

    /// <summary>Rows of the output.</summary>
    public int Rows;

    /// <summary>Length of a vector.</summary>
    public int Width;

    /// <summary>0 where positions are not embedded, 1 where they are.</summary>
    public int HasPositions;

    /// <summary>The fusion's dropout.</summary>
    public DropoutArguments Dropout;
}

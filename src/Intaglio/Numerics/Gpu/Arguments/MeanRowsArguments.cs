using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of the mean of each sequence's rows, and of its gradient.</summary>
public struct MeanRowsArguments
{
    /// <summary>[Batch · Time, Width]: the rows, or their gradient.</summary>
    public ArrayView<float> Rows;

    /// <summary>[Batch, Width]: the means, or their gradient.</summary>
    public ArrayView<float> Means;

    /// <summary>The rows that count.</summary>
    public BoundsArguments Bounds;

    /// <summary>Sequences.</summary>
    public int Batch;

    /// <summary>Rows of a sequence.</summary>
    public int Time;

    /// <summary>Columns.</summary>
    public int Width;
}

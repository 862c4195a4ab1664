using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of the loss of starts and ends of answers.</summary>
public struct SpanCrossEntropyArguments
{
    /// <summary>[Batch · Time, 2].</summary>
    public ArrayView<float> Logits;

    /// <summary>The rows that take part.</summary>
    public BoundsArguments Bounds;

    /// <summary>[Batch].</summary>
    public ArrayView<int> Starts;

    /// <summary>[Batch].</summary>
    public ArrayView<int> Ends;

    /// <summary>[Batch].</summary>
    public ArrayView<float> Losses;

    /// <summary>[Batch · Time, 2].</summary>
    public ArrayView<float> LogitsGradient;

    /// <summary>0 for the loss alone, 1 for the gradient too.</summary>
    public int WantsGradient;

    /// <summary>What each sequence's loss counts.</summary>
    public float LossScale;

    /// <summary>Sequences.</summary>
    public int Batch;

    /// <summary>Rows of a sequence.</summary>
    public int Time;
}

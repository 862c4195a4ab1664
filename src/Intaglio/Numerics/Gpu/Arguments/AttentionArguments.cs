using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of attention and of its gradients; each launch uses those that it needs. Rows are batch · time.</summary>
public struct AttentionArguments
{
    /// <summary>[Rows, Heads · HeadSize] at the shape's row stride.</summary>
    public ArrayView<float> Query;

    /// <summary>[Rows, KeyValueHeads · HeadSize] at the shape's row stride.</summary>
    public ArrayView<float> Key;

    /// <summary>As the key.</summary>
    public ArrayView<float> Value;

    /// <summary>[Rows, Heads · HeadSize].</summary>
    public ArrayView<float> Output;

    /// <summary>[Rows, Heads]: ln Σ exp(score).</summary>
    public ArrayView<float> LogSumExp;

    /// <summary>As the output.</summary>
    public ArrayView<float> OutputGradient;

    /// <summary>[Rows, Heads]: Σ outputGradient · output.</summary>
    public ArrayView<float> Delta;

    /// <summary>As the query.</summary>
    public ArrayView<float> QueryGradient;

    /// <summary>As the key.</summary>
    public ArrayView<float> KeyGradient;

    /// <summary>As the key.</summary>
    public ArrayView<float> ValueGradient;

    /// <summary>Sequences.</summary>
    public int Batch;

    /// <summary>Tokens a sequence.</summary>
    public int Time;

    /// <summary>Of the attention weights.</summary>
    public DropoutArguments Dropout;
}

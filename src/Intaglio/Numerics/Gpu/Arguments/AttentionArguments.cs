using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of attention and of its gradients; each launch uses those that it needs. Rows are batch · time, those of keys and values batch · key time.</summary>
public struct AttentionArguments
{
    /// <summary>[Rows, Heads, HeadSize] at the shape's strides.</summary>
    public ArrayView<float> Query;

    /// <summary>[Rows, KeyValueHeads, HeadSize] at the shape's strides.</summary>
    public ArrayView<float> Key;

    /// <summary>As the key.</summary>
    public ArrayView<float> Value;

    /// <summary>[Heads, BiasStride] where the shape has a bias.</summary>
    public ArrayView<float> Bias;

    /// <summary>[Batch, 2]: the first visible key of each sequence and the one after its last.</summary>
    public ArrayView<int> Bounds;

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

    /// <summary>As the value.</summary>
    public ArrayView<float> ValueGradient;

    /// <summary>[Batch, Heads, BiasStride].</summary>
    public ArrayView<float> BiasGradient;

    /// <summary>Sequences.</summary>
    public int Batch;

    /// <summary>Queries a sequence.</summary>
    public int Time;

    /// <summary>Keys a sequence.</summary>
    public int KeyTime;

    /// <summary>1 where sequences have bounds, 0 where all keys are visible.</summary>
    public int HasBounds;

    /// <summary>Distances of the bias a head.</summary>
    public int BiasStride;

    /// <summary>Where distance 0 stands among them.</summary>
    public int BiasOrigin;

    /// <summary>Of the attention weights.</summary>
    public DropoutArguments Dropout;
}

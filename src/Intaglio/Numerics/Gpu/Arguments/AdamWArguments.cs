using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of an AdamW step on a flat range.</summary>
public struct AdamWArguments
{
    /// <summary>[Count].</summary>
    public ArrayView<float> Weights;

    /// <summary>[Count].</summary>
    public ArrayView<float> Gradients;

    /// <summary>[Count].</summary>
    public ArrayView<float> FirstMoments;

    /// <summary>[Count].</summary>
    public ArrayView<float> SecondMoments;

    /// <summary>Elements.</summary>
    public long Count;

    /// <summary>The rate, after the schedule.</summary>
    public float LearningRate;

    /// <summary>β₁.</summary>
    public float Beta1;

    /// <summary>β₂.</summary>
    public float Beta2;

    /// <summary>ε.</summary>
    public float Epsilon;

    /// <summary>Decay of this range.</summary>
    public float WeightDecay;

    /// <summary>1 - β₁ᵗ.</summary>
    public float Correction1;

    /// <summary>1 - β₂ᵗ.</summary>
    public float Correction2;

    /// <summary>What gradients are multiplied by first.</summary>
    public float GradientScale;
}

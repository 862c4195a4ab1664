using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of what makes logits of products: a bias and a soft cap.</summary>
/// <typeparam name="TElement">A stored element of the bias.</typeparam>
public struct LogitsArguments<TElement>
    where TElement : unmanaged
{
    /// <summary>[Rows, Vocabulary], in place.</summary>
    public ArrayView<float> Logits;

    /// <summary>[Vocabulary].</summary>
    public ArrayView<TElement> Bias;

    /// <summary>Rows of the chunk.</summary>
    public int Rows;

    /// <summary>Logits a row.</summary>
    public int Vocabulary;

    /// <summary>0 without a bias, 1 with one.</summary>
    public int HasBias;

    /// <summary>The cap; 0 without one.</summary>
    public float SoftCap;
}

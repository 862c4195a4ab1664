namespace Intaglio;

/// <summary>
/// A layer's hidden state, or a part of what is computed of it, in a <see cref="BlockAttribute"/> method: [rows, HiddenSize]. It stands for numbers that the compiled model computes; the method
/// itself is never called.
/// </summary>
public readonly struct Tensor
{
    private static NotSupportedException Compiled => new("A [Block] method is compiled into its model; it cannot be called.");

    /// <summary>The sum, element by element.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => throw Compiled;

    /// <summary>The product, element by element.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => throw Compiled;

    /// <summary>The product with a constant.</summary>
    public static Tensor operator *(float factor, Tensor x) => throw Compiled;

    /// <summary>A function of each element.</summary>
    /// <param name="function">A <see cref="PointwiseAttribute"/> method of one float, or one of <see cref="Activations"/>.</param>
    public Tensor Map(Func<float, float> function) => throw Compiled;
}

/// <summary>A normalization that a layer owns, as the model's <see cref="NormalizationAttribute"/> says.</summary>
public delegate Tensor Norm(Tensor x);

/// <summary>A layer's attention of tokens to their own sequence, as the model's <see cref="AttentionAttribute"/> says.</summary>
public delegate Tensor SelfAttention(Tensor x);

/// <summary>A decoder layer's attention to the encoder's result, as the model's <see cref="AttentionAttribute"/> says.</summary>
public delegate Tensor CrossAttention(Tensor x);

/// <summary>A layer's feed-forward network, as the model's <see cref="FeedForwardAttribute"/> says.</summary>
public delegate Tensor FeedForward(Tensor x);

/// <summary>A product with a square matrix, and a bias, that a layer owns.</summary>
public delegate Tensor Linear(Tensor x);

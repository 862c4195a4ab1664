namespace Intaglio;

/// <summary>
/// The built-in activations and what they are made of, as <see cref="PointwiseAttribute"/> methods: callable from one's own, and readable as examples of how
/// one is written.
/// </summary>
public static class Activations
{
    /// <summary>GELU, tanh form: x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))) (Hendrycks and Gimpel, arXiv:1606.08415).</summary>
    [Pointwise]
    public static float GeluTanh(float x) => 0.5f * x * (1 + MathF.Tanh((float)Math.Sqrt(2 / Math.PI) * (x + (0.044715f * (x * x * x)))));

    /// <summary>GELU, exact: x/2 · (1 + erf(x/√2)) (Hendrycks and Gimpel, arXiv:1606.08415).</summary>
    [Pointwise]
    public static float Gelu(float x) => 0.5f * x * (1 + Erf(x / MathF.Sqrt(2)));

    /// <summary>max(x, 0).</summary>
    [Pointwise]
    public static float Relu(float x) => MathF.Max(x, 0);

    /// <summary>max(x, 0)² (So et al., arXiv:2109.08668).</summary>
    [Pointwise]
    public static float SquaredRelu(float x)
    {
        var positive = MathF.Max(x, 0);
        return positive * positive;
    }

    /// <summary>x · sigmoid(1.702·x) (Hendrycks and Gimpel, arXiv:1606.08415, section 2).</summary>
    [Pointwise]
    public static float QuickGelu(float x) => x * Sigmoid(1.702f * x);

    /// <summary>x · sigmoid(x) (Elfwing et al., arXiv:1702.03118).</summary>
    [Pointwise]
    public static float Silu(float x) => x * Sigmoid(x);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [Pointwise]
    public static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    /// <summary>ln(1 + eˣ), which is x where eˣ is infinite.</summary>
    [Pointwise]
    public static float Softplus(float x) => MathF.Max(x, 0) + MathF.Log(1 + MathF.Exp(-MathF.Abs(x)));

    /// <summary>erf x = 2/√π · ∫₀ˣ e^(-t²) dt, to float's precision.</summary>
    public static float Erf(float x)
    {
        // e^(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!, whose terms are of one sign; beyond 4 the result is 1 in single precision.
        if (MathF.Abs(x) >= 4)
            return MathF.CopySign(1, x);

        double term = x, sum = x;
        for (var n = 1; n < 100; n++)
        {
            term *= 2.0 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return (float)(2 / Math.Sqrt(Math.PI) * Math.Exp(-(double)x * x) * sum);
    }
}

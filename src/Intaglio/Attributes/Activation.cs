#if INTAGLIO_COMPILER
namespace Intaglio.Compiler;
#else
namespace Intaglio;
#endif

/// <summary>The activation between a feed-forward network's two products.</summary>
#if INTAGLIO_COMPILER
internal
#else
public
#endif
enum Activation
{
    /// <summary>GELU, tanh form: x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))). GPT-2's <c>gelu_new</c> (Hendrycks and Gimpel, arXiv:1606.08415).</summary>
    GeluTanh,

    /// <summary>GELU, exact: x/2 · (1 + erf(x/√2)) (Hendrycks and Gimpel, arXiv:1606.08415).</summary>
    Gelu,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>max(x, 0)², as in Primer (So et al., arXiv:2109.08668).</summary>
    SquaredRelu,

    /// <summary>x · sigmoid(1.702·x), an approximation of GELU (arXiv:1606.08415, section 2).</summary>
    QuickGelu,

    /// <summary>x · sigmoid(x), also called swish (Elfwing et al., arXiv:1702.03118).</summary>
    Silu,
}

#if INTAGLIO_COMPILER
namespace Intaglio.Compiler;
#else
namespace Intaglio;
#endif

/// <summary>How activations are normalized.</summary>
#if INTAGLIO_COMPILER
internal
#else
public
#endif
enum NormalizationKind
{
    /// <summary>(x - mean) / √(variance + ε) · gain + bias over the hidden dimension (Ba et al., arXiv:1607.06450).</summary>
    LayerNorm,

    /// <summary>x / √(mean(x²) + ε) · gain over the hidden dimension (Zhang and Sennrich, arXiv:1910.07467). LLaMA's.</summary>
    RmsNorm,
}

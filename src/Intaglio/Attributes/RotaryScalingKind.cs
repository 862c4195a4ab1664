#if INTAGLIO_COMPILER
namespace Intaglio.Compiler;
#else
namespace Intaglio;
#endif

/// <summary>How the angles of rotary positions are changed for sequences longer than those of pre-training (<c>rope_type</c>).</summary>
#if INTAGLIO_COMPILER
internal
#else
public
#endif
enum RotaryScalingKind
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>Positions are divided by the factor (Chen et al., arXiv:2306.15595).</summary>
    Linear,

    /// <summary>θ grows with the length, so that high frequencies stay (transformers' <c>dynamic</c>).</summary>
    DynamicNtk,

    /// <summary>Low frequencies are divided by the factor, high ones stay, those between are mixed (Peng et al., arXiv:2309.00071).</summary>
    Yarn,

    /// <summary>As YaRN's, by wavelength, as Llama 3.1 does it.</summary>
    Llama3,
}

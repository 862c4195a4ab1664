#if INTAGLIO_COMPILER
namespace Intaglio.Compiler;
#else
namespace Intaglio;
#endif

/// <summary>Which columns of a head rotary positions turn together.</summary>
#if INTAGLIO_COMPILER
internal
#else
public
#endif
enum RotaryLayout
{
    /// <summary>Column i with column i + HeadSize / 2: what transformers computes.</summary>
    HalfSplit,

    /// <summary>Column 2i with column 2i + 1: the paper's, and llama2.c's.</summary>
    Interleaved,
}

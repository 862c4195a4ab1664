#if INTAGLIO_COMPILER
namespace Intaglio.Compiler;
#else
namespace Intaglio;
#endif

/// <summary>How a model knows where a token stands.</summary>
#if INTAGLIO_COMPILER
internal
#else
public
#endif
enum PositionEncodingKind
{
    /// <summary>A trained vector for each position, added to the token's embedding, as in GPT-2.</summary>
    Learned,

    /// <summary>No position at all; a causal mask still tells a decoder the order (Haviv et al., arXiv:2203.16634).</summary>
    None,
}

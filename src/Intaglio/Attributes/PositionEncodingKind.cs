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

    /// <summary>Queries and keys turn by an angle that grows with the position, so that their product depends on the distance (Su et al., arXiv:2104.09864). LLaMA's.</summary>
    Rotary,
}

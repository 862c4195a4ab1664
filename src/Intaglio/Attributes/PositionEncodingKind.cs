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

    /// <summary>Sines and cosines of the position, added to the token's embedding (Vaswani et al., arXiv:1706.03762, section 3.5): sines and cosines in turn.</summary>
    Sinusoidal,

    /// <summary>Scores fall with the distance, by a slope of each head's own (Press et al., arXiv:2108.12409). BLOOM's.</summary>
    Alibi,

    /// <summary>A trained number for each head and range of distances is added to scores; all layers share them (Raffel et al., arXiv:1910.10683, section 2.1). T5's.</summary>
    RelativeBuckets,
}

#if INTAGLIO_COMPILER
namespace Intaglio.Compiler;
#else
namespace Intaglio;
#endif

/// <summary>Where a block's norm stands.</summary>
#if INTAGLIO_COMPILER
internal
#else
public
#endif
enum NormalizationPlacement
{
    /// <summary>x + block(norm(x)), and a norm after the last layer, as in GPT-2 (Xiong et al., arXiv:2002.04745).</summary>
    Pre,

    /// <summary>norm(x + block(x)), as in BERT (Vaswani et al., arXiv:1706.03762).</summary>
    Post,

    /// <summary>x + norm(block(norm(x))), and a norm after the last layer, as in Gemma 2 (Ding et al., arXiv:2105.13290).</summary>
    Sandwich,
}

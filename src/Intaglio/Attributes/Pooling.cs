#if INTAGLIO_COMPILER
namespace Intaglio.Compiler;
#else
namespace Intaglio;
#endif

/// <summary>Which hidden states stand for a sequence.</summary>
#if INTAGLIO_COMPILER
internal
#else
public
#endif
enum Pooling
{
    /// <summary>The first token's, as BERT's [CLS].</summary>
    First,

    /// <summary>The last token's, which in a decoder has seen all others.</summary>
    Last,

    /// <summary>The mean over the tokens.</summary>
    Mean,
}

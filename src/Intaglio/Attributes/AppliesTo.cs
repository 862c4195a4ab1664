#if INTAGLIO_COMPILER
namespace Intaglio.Compiler;
#else
namespace Intaglio;
#endif

/// <summary>Which part of a model an attribute is about.</summary>
#if INTAGLIO_COMPILER
internal
#else
public
#endif
enum AppliesTo
{
    /// <summary>All of it.</summary>
    All,

    /// <summary>The encoder: its attention, its feed-forward networks.</summary>
    EncoderSelf,

    /// <summary>The decoder: its attention to itself, its feed-forward networks.</summary>
    DecoderSelf,

    /// <summary>The decoder's attention to the encoder's result.</summary>
    Cross,
}

namespace Intaglio.Tokenizers;

/// <summary>Turns text into tokens and back. Thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>How many tokens there are; their ids run from 0 to one less.</summary>
    int VocabularySize { get; }

    /// <summary>Turns text into tokens.</summary>
    /// <exception cref="DataException">The text has a character for which there is no token.</exception>
    int[] Encode(ReadOnlySpan<char> text);

    /// <summary>The UTF-8 that a token stands for; it may begin or end inside a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    ReadOnlySpan<byte> Utf8(int token);

    /// <summary>Turns tokens into text; bytes that are no UTF-8 become U+FFFD. <see cref="StreamingDecoder"/> does the same token by token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    string Decode(ReadOnlySpan<int> tokens);
}

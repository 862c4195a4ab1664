using System.Text;

namespace Intaglio.Tokenizers;

/// <summary>
/// Turns tokens into text as they come. What it gives is whole characters only: a token that ends inside a UTF-8 sequence is held back until the next
/// ones complete it. All pieces and <see cref="Flush()"/> together are what <see cref="ITokenizer.Decode"/> gives. Not thread-safe.
/// </summary>
/// <param name="tokenizer">What the tokens are.</param>
public sealed class StreamingDecoder(ITokenizer tokenizer)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private char[] _characters = new char[16];

    /// <summary>Takes a token.</summary>
    /// <returns>The characters that it completes, valid until the next call; often none or one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public ReadOnlySpan<char> Append(int token) => Take(tokenizer.Utf8(token), isLast: false);

    /// <summary>Ends the text: what is left of an incomplete character becomes U+FFFD. The decoder is as new afterwards.</summary>
    /// <returns>The last characters, valid until the next call.</returns>
    public ReadOnlySpan<char> Flush() => Take([], isLast: true);

    private ReadOnlySpan<char> Take(ReadOnlySpan<byte> bytes, bool isLast)
    {
        // Grows at the longest token only, so that streaming allocates nothing.
        var needed = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (_characters.Length < needed)
            _characters = new char[needed];
        return _characters.AsSpan(0, _decoder.GetChars(bytes, _characters, isLast));
    }
}

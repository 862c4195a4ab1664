using System.Text;

namespace Intaglio.Tokenizers;

/// <summary>One token for each byte of the text's UTF-8: 256 tokens, nothing to train, no text that it does not know.</summary>
public sealed class ByteTokenizer : ITokenizer
{
    private const int Bytes = 256;

    private static readonly byte[] All = [.. Enumerable.Range(0, Bytes).Select(value => (byte)value)];

    /// <inheritdoc/>
    public int VocabularySize => Bytes;

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return Encode(bytes);
    }

    /// <summary>The bytes as tokens.</summary>
    public static int[] Encode(ReadOnlySpan<byte> bytes)
    {
        var tokens = new int[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            tokens[i] = bytes[i];
        return tokens;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Utf8(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Bytes);
        return All.AsSpan(token, 1);
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new byte[tokens.Length];
        for (var i = 0; i < tokens.Length; i++)
            bytes[i] = Utf8(tokens[i])[0];
        return Encoding.UTF8.GetString(bytes);
    }
}

namespace Intaglio.Fuzz;

/// <summary>Cuts JSON, whole or broken, into strings, numbers, words, punctuation and white space; put together again they are the text.</summary>
internal static class Tokens
{
    public static List<byte[]> Of(byte[] text)
    {
        var tokens = new List<byte[]>();
        for (var start = 0; start < text.Length;)
        {
            var length = LengthAt(text.AsSpan(start));
            tokens.Add(text[start..(start + length)]);
            start += length;
        }

        return tokens;
    }

    private static int LengthAt(ReadOnlySpan<byte> text) => text[0] switch
    {
        (byte)'"' => StringLength(text),
        var first when IsOfWord(first) => Run(text, IsOfWord),
        (byte)' ' => Run(text, static character => character == (byte)' '),
        _ => 1,
    };

    private static int StringLength(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == (byte)'\\')
                i++;
            else if (text[i] == (byte)'"')
                return i + 1;
        }

        return text.Length;
    }

    private static int Run(ReadOnlySpan<byte> text, Func<byte, bool> belongs)
    {
        var length = 1;
        while (length < text.Length && belongs(text[length]))
            length++;
        return length;
    }

    private static bool IsOfWord(byte character) => char.IsAsciiLetterOrDigit((char)character) || character is (byte)'-' or (byte)'+' or (byte)'.' or (byte)'_';
}

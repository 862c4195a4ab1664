using System.Text;

namespace Intaglio.Checkpoints;

/// <summary>Text of files.</summary>
internal static class Utf8Text
{
    /// <summary>What some editors begin UTF-8 files with.</summary>
    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, without a byte order mark.</summary>
    /// <exception cref="DecoderFallbackException">It is not UTF-8; the index is that of the first wrong byte.</exception>
    public static string Decode(ReadOnlySpan<byte> content)
    {
        var text = Strict.GetString(content);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }
}

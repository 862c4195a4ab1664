using System.Text.Json;
using System.Text.Unicode;

namespace Intaglio.Checkpoints;

/// <summary>Parses JSON that came from elsewhere: UTF-8 throughout, keys that occur once, no comments and no trailing commas, 64 levels at most.</summary>
internal static class StrictJson
{
    /// <param name="content">The text; a byte order mark, which some editors write, is left out.</param>
    /// <exception cref="JsonException">It is not such JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> content)
    {
        var text = content.Span.StartsWith(Utf8Text.ByteOrderMark) ? content[Utf8Text.ByteOrderMark.Length..] : content;
        return Utf8.IsValid(text.Span)
            ? JsonDocument.Parse(text, new() { AllowDuplicateProperties = false })
            : throw new JsonException("it is not UTF-8 text; save it as UTF-8");
    }
}

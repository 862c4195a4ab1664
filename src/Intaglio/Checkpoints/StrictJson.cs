using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Intaglio.Checkpoints;

/// <summary>Parses JSON that came from elsewhere: UTF-8 throughout, keys that occur once, no comments and no trailing commas, 64 levels at most.</summary>
internal static class StrictJson
{
    private const int LongestValue = 60;

    /// <param name="content">The text; a byte order mark, which some editors write, is left out.</param>
    /// <exception cref="JsonException">It is not such JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> content)
    {
        var text = content.Span.StartsWith(Utf8Text.ByteOrderMark) ? content[Utf8Text.ByteOrderMark.Length..] : content;
        return Utf8.IsValid(text.Span)
            ? JsonDocument.Parse(text, new() { AllowDuplicateProperties = false })
            : throw new JsonException("it is not UTF-8 text; save it as UTF-8");
    }

    /// <summary>Reads the content of a checkpoint's file.</summary>
    /// <exception cref="CheckpointException">It cannot be read, is no file, or is longer.</exception>
    public static byte[] ReadFile(string path, int maximumBytes)
    {
        try
        {
            return RegularFile.ReadAll(path, maximumBytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, null, "a readable file", fault.Message, $"cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Reads the object that such a file holds.</summary>
    /// <param name="content">The file's content.</param>
    /// <param name="path">The file's name, for errors.</param>
    /// <param name="read">Reads the object; what it throws of half surrogate pairs is an error of the file.</param>
    /// <exception cref="CheckpointException">It is no JSON object.</exception>
    public static T ReadObject<T>(ReadOnlyMemory<byte> content, string path, Func<JsonElement, T> read)
    {
        try
        {
            using var document = Parse(content);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? read(root)
                : throw new CheckpointException(path, null, "a JSON object", Text(root), $"expected a JSON object, found {Text(root)}");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text with half a surrogate pair, which is found only when it is looked at.
            throw new CheckpointException(path, null, "valid JSON", Excerpt.Of(fault), $"not valid JSON: {Excerpt.Of(fault)}", fault);
        }
    }

    /// <summary>The beginning of a value, as messages show it.</summary>
    public static string Text(JsonElement element) => Excerpt.Of(JsonMarshal.GetRawUtf8Value(element), LongestValue);
}

using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Intaglio.Checkpoints;

/// <summary>A checkpoint's config.json: written in transformers' style, and compared with what a model declares.</summary>
internal static class ConfigurationFile
{
    /// <summary>How many bytes <see cref="Check(ReadOnlyMemory{byte}, string, IEnumerable{ConfigurationEntry})"/> allocates for each byte at most.</summary>
    public const int AllocationPerByte = 64;

    // A configuration has a few thousand, and a few million where it names the classes of a large data set.
    private const int MaximumBytes = 16 << 20;

    /// <summary>The file's content: the keys as given, indented by 2.</summary>
    public static byte[] Content(IEnumerable<ConfigurationEntry> entries)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true, IndentSize = 2, NewLine = "\n" }))
        {
            json.WriteStartObject();
            foreach (var entry in entries)
            {
                json.WritePropertyName(entry.Key);
                WriteValue(json, entry.Value);
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Compares a file with what a model declares.</summary>
    /// <exception cref="CheckpointException">The file cannot be read, is no JSON object, or contradicts a fact; all contradictions are named.</exception>
    public static void Check(string path, IEnumerable<ConfigurationEntry> entries) => Check(Read(path), path, entries);

    /// <summary>Compares a file's content with what a model declares.</summary>
    /// <param name="content">The content; at most <see cref="AllocationPerByte"/> bytes are allocated for each byte of it, with 64 KiB besides.</param>
    /// <param name="path">The file's name, for errors.</param>
    /// <param name="entries">What the model declares.</param>
    /// <exception cref="CheckpointException">It is no JSON object, or contradicts a fact; all contradictions are named.</exception>
    public static void Check(ReadOnlyMemory<byte> content, string path, IEnumerable<ConfigurationEntry> entries)
    {
        try
        {
            using var document = StrictJson.Parse(content);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new CheckpointException(path, null, "a JSON object", Text(root), $"expected a JSON object, found {Text(root)}");

            var differences = Differences(root, entries);
            if (differences is [var first, ..])
                throw new CheckpointException(path, first.Key, first.Declared, first.Found, string.Join("; ", differences));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text with half a surrogate pair, which is found only when it is looked at.
            throw new CheckpointException(path, null, "valid JSON", Excerpt.Of(fault), $"not valid JSON: {Excerpt.Of(fault)}", fault);
        }
    }

    /// <summary>Whether the file exists and describes the model that the entries declare.</summary>
    public static bool Agrees(string path, IEnumerable<ConfigurationEntry> entries)
    {
        if (!File.Exists(path))
            return false;

        try
        {
            Check(path, entries);
            return true;
        }
        catch (CheckpointException)
        {
            return false;
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            return RegularFile.ReadAll(path, MaximumBytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, null, "a readable file", fault.Message, $"cannot be read: {fault.Message}", fault);
        }
    }

    private static List<Difference> Differences(JsonElement root, IEnumerable<ConfigurationEntry> entries)
    {
        var differences = new List<Difference>();
        foreach (var entry in entries.Where(entry => entry.IsFact))
        {
            // transformers writes null where it means its own default, as n_inner does for 4 * n_embd.
            if (root.TryGetProperty(entry.Key, out var found) && found.ValueKind != JsonValueKind.Null)
            {
                if (!IsEqual(entry.Value, found))
                    differences.Add(new(entry.Key, Text(entry.Value), Text(found), $"the file says {Text(found)}"));
            }
            else if (entry.Default is not null && !IsEqual(entry.Value, ToElement(entry.Default)))
            {
                differences.Add(new(entry.Key, Text(entry.Value), Text(entry.Default), $"the file does not say, which means {Text(entry.Default)}"));
            }
        }

        return differences;
    }

    private static bool IsEqual(object? declared, JsonElement found) => declared switch
    {
        null => found.ValueKind == JsonValueKind.Null,
        string text => found.ValueKind == JsonValueKind.String && found.ValueEquals(text),
        bool flag => found.ValueKind == (flag ? JsonValueKind.True : JsonValueKind.False),
        int or long => found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out var number) && number == Convert.ToDouble(declared, CultureInfo.InvariantCulture),

        // Models compute in FP32, so files that write 1e-05 and its nearest float in full mean the same.
        double or float => found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out var number) && (float)number == Convert.ToSingle(declared, CultureInfo.InvariantCulture),
        string[] texts => found.ValueKind == JsonValueKind.Array && found.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null).SequenceEqual(texts),
        _ => throw new ArgumentException($"A configuration cannot hold a {declared.GetType()}.", nameof(declared)),
    };

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case float or double:
                json.WriteRawValue(PythonText(Convert.ToDouble(value, CultureInfo.InvariantCulture)));
                break;
            case string[] texts:
                json.WriteStartArray();
                foreach (var text in texts)
                    json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"A configuration cannot hold a {value.GetType()}.", nameof(value));
        }
    }

    // As Python's repr: 1e-05 and 1.0, so that a file rewritten by either side shows no difference.
    private static string PythonText(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }

    private static JsonElement ToElement(object value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            WriteValue(json, value);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static string Text(object? value) => value is null ? "null" : Text(ToElement(value));

    private static string Text(JsonElement element) => Excerpt.Of(JsonMarshal.GetRawUtf8Value(element), longest: 60);

    private sealed record Difference(string Key, string Declared, string Found, string Says)
    {
        public override string ToString() => $"{Key}: the model declares {Declared}, {Says}";
    }
}

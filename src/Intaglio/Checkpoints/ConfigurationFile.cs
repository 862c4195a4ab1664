using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Intaglio.Checkpoints;

/// <summary>A fact that a config.json contradicts.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Declared">The model's value.</param>
/// <param name="Found">The file's value, or what its silence means.</param>
/// <param name="Says">The same in words.</param>
internal sealed record ConfigurationDifference(string Key, string Declared, string Found, string Says)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}: the model declares {Declared}, {Says}";
}

/// <summary>A checkpoint's config.json: written in transformers' style, and compared with what a model declares.</summary>
internal static class ConfigurationFile
{
    /// <summary>How many bytes <see cref="Check(ReadOnlyMemory{byte}, string, IEnumerable{ConfigurationEntry})"/> allocates for each byte at most.</summary>
    public const int AllocationPerByte = 64;

    // A configuration has a few thousand, and a few million where it names the classes of a large data set.
    private const int MaximumBytes = 16 << 20;

    private const string ModelType = "model_type";

    private const string RotaryTheta = "rope_theta";
    private const string RotaryScaling = "rope_scaling";

    // What the published files of BLOOM say, and where transformers keeps rotary positions from version 5 on.
    private static readonly FrozenDictionary<string, string[]> OtherNames = new Dictionary<string, string[]>
    {
        ["n_head"] = ["num_attention_heads"],
        ["hidden_size"] = ["n_embed"],
        [RotaryScaling] = ["rope_parameters"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Of one function each (transformers, activations.py).
    private static readonly FrozenDictionary<string, string[]> ActivationNames = new Dictionary<string, string[]>
    {
        ["gelu_new"] = ["gelu_pytorch_tanh", "gelu_fast", "gelu_accurate"],
        ["gelu"] = ["gelu_python"],
        ["silu"] = ["swish"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

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
    /// <exception cref="CheckpointException">The file cannot be read, is no JSON object, or contradicts a fact; the contradictions are named together.</exception>
    public static void Check(string path, IEnumerable<ConfigurationEntry> entries) => Check(StrictJson.ReadFile(path, MaximumBytes), path, entries);

    /// <summary>Compares a file's content with what a model declares.</summary>
    /// <param name="content">The content; at most <see cref="AllocationPerByte"/> bytes are allocated for each byte of it, with 64 KiB besides.</param>
    /// <param name="path">The file's name, for errors.</param>
    /// <param name="entries">What the model declares.</param>
    /// <exception cref="CheckpointException">It is no JSON object, or contradicts a fact; the contradictions are named together.</exception>
    public static void Check(ReadOnlyMemory<byte> content, string path, IEnumerable<ConfigurationEntry> entries) =>
        new MismatchReport(path, Differences(content, path, entries)).ThrowIfAny();

    /// <summary>What a file contradicts of what a model declares: another architecture first.</summary>
    /// <exception cref="CheckpointException">The file cannot be read, or is no JSON object.</exception>
    public static IReadOnlyList<ConfigurationDifference> Differences(string path, IEnumerable<ConfigurationEntry> entries) =>
        Differences(StrictJson.ReadFile(path, MaximumBytes), path, entries);

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

    private static IReadOnlyList<ConfigurationDifference> Differences(ReadOnlyMemory<byte> content, string path, IEnumerable<ConfigurationEntry> entries) =>
        StrictJson.ReadObject(content, path, root => entries
            .Where(entry => entry.IsFact)
            .Select(entry => Compare(root, entry))
            .OfType<ConfigurationDifference>()
            .OrderBy(difference => difference.Key != ModelType)
            .ToList());

    private static ConfigurationDifference? Compare(JsonElement root, ConfigurationEntry entry)
    {
        // transformers writes null where it means its own default, as n_inner does for 4 * n_embd, unless null means none, as it does for sliding_window.
        if (TryFind(root, entry.Key, out var found) && (found.ValueKind != JsonValueKind.Null || entry.Value is null))
            return IsEqual(entry.Value, found) ? null : new(entry.Key, Text(entry.Value), StrictJson.Text(found), $"the file says {StrictJson.Text(found)}");

        return entry.Default is null || IsEqual(entry.Value, ToElement(entry.Default))
            ? null
            : new(entry.Key, Text(entry.Value), Text(entry.Default), $"the file does not say, which means {Text(entry.Default)}");
    }

    // A key, another name of it, or what transformers moved into rope_parameters.
    private static bool TryFind(JsonElement root, string key, out JsonElement found)
    {
        string[] names = [key, .. OtherNames.GetValueOrDefault(key, [])];
        foreach (var name in names)
        {
            if (root.TryGetProperty(name, out found) && found.ValueKind != JsonValueKind.Null)
                return true;
        }

        if (key == RotaryTheta && TryFind(root, RotaryScaling, out var parameters) && parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(key, out found))
            return true;

        return root.TryGetProperty(key, out found);
    }

    private static bool IsEqual(object? declared, JsonElement found) => declared switch
    {
        null => found.ValueKind == JsonValueKind.Null || IsDefaultRotary(found),
        string text => found.ValueKind == JsonValueKind.String && (found.ValueEquals(text) || ActivationNames.GetValueOrDefault(text, []).Any(found.ValueEquals)),
        bool flag => found.ValueKind == (flag ? JsonValueKind.True : JsonValueKind.False),
        int or long => found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out var number) && number == Convert.ToDouble(declared, CultureInfo.InvariantCulture),

        // Models compute in FP32, so files that write 1e-05 and its nearest float in full mean the same.
        double or float => found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out var number) && (float)number == Convert.ToSingle(declared, CultureInfo.InvariantCulture),
        KeyValuePair<string, object>[] pairs => found.ValueKind == JsonValueKind.Object && pairs.All(pair => HasEqual(found, pair)),
        string[] texts => found.ValueKind == JsonValueKind.Array && found.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null).SequenceEqual(texts),
        _ => throw new ArgumentException($"A configuration cannot hold a {declared.GetType()}.", nameof(declared)),
    };

    // Rotary angles that are not changed.
    private static bool IsDefaultRotary(JsonElement found) =>
        found.ValueKind == JsonValueKind.Object && found.TryGetProperty("rope_type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("default");

    // Older files of rotary scalings say type for rope_type.
    private static bool HasEqual(JsonElement element, KeyValuePair<string, object> pair) =>
        (element.TryGetProperty(pair.Key, out var found) || (pair.Key == "rope_type" && element.TryGetProperty("type", out found))) && IsEqual(pair.Value, found);

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
            case KeyValuePair<string, object>[] pairs:
                json.WriteStartObject();
                foreach (var (key, inner) in pairs)
                {
                    json.WritePropertyName(key);
                    WriteValue(json, inner);
                }

                json.WriteEndObject();
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

    /// <summary>A value as the file has it.</summary>
    public static string Text(object? value) => value is null ? "null" : StrictJson.Text(ToElement(value));
}

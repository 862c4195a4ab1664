using System.Text.Json;

namespace Intaglio.Checkpoints;

/// <summary>Reads the JSON of a safetensors header, tensor by tensor, and checks each on its own.</summary>
internal ref struct SafetensorsHeaderParser(ReadOnlySpan<byte> header, string file)
{
    private Utf8JsonReader _json = new(header);

    public (List<SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) Parse()
    {
        var tensors = new List<SafetensorsTensor>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);

        _json.Read();
        while (NextKey(names, "header") is { } name)
        {
            if (name == SafetensorsHeader.MetadataKey)
                ReadMetadata(metadata);
            else
                tensors.Add(ReadTensor(name));
        }

        // Anything but white space behind the object makes this throw.
        _json.Read();
        return (tensors, metadata);
    }

    private void ReadMetadata(Dictionary<string, string> metadata)
    {
        Expect(JsonTokenType.StartObject, SafetensorsHeader.MetadataKey, "an object of strings");
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (NextKey(keys, SafetensorsHeader.MetadataKey) is { } key)
        {
            Expect(JsonTokenType.String, $"{SafetensorsHeader.MetadataKey}.{key}", "a string");
            metadata.Add(key, _json.GetString()!);
        }
    }

    private SafetensorsTensor ReadTensor(string name)
    {
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;

        Expect(JsonTokenType.StartObject, name, "an object with dtype, shape and data_offsets");
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (NextKey(keys, name) is { } key)
        {
            switch (key)
            {
                case "dtype":
                    Expect(JsonTokenType.String, $"{name}.dtype", "a string");
                    type = _json.GetString();
                    break;
                case "shape":
                    shape = ReadSizes($"{name}.shape");
                    break;
                case "data_offsets":
                    offsets = ReadSizes($"{name}.data_offsets");
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }

        if (type is null || shape is null || offsets is null)
            throw Fault($"{name}.{(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}", "the key", "nothing");
        if (offsets is not [var begin, var end])
            throw Fault($"{name}.data_offsets", "two numbers", $"{offsets.Count}");

        CheckSize(name, type, shape, begin, end);
        return new(name, type, shape, begin, end);
    }

    private readonly void CheckSize(string name, string type, List<long> shape, long begin, long end)
    {
        if (!TensorTypes.TryGetBits(type, out var bits))
            throw Fault($"{name}.dtype", "a type of the format, such as F32", $"\"{type}\"");
        if (begin > end)
            throw Fault($"{name}.data_offsets", "a begin that is not after the end", $"[{begin}, {end}]");

        var size = (Int128)bits;
        foreach (var side in shape)
        {
            size *= side;
            if (size > long.MaxValue)
                throw Fault($"{name}.shape", "a size that fits 64 bits", ShapeText.Of(shape));
        }

        if (size != (Int128)8 * (end - begin))
            throw Fault($"{name}.data_offsets", $"{(double)size / 8} bytes for {type} {ShapeText.Of(shape)}", $"{end - begin} bytes, [{begin}, {end}]");
    }

    private List<long> ReadSizes(string key)
    {
        const string Expected = "whole numbers from 0 to 2^63 - 1";
        Expect(JsonTokenType.StartArray, key, $"an array of {Expected}");
        var sizes = new List<long>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var size) || size < 0)
                throw Fault(key, Expected, Found());
            sizes.Add(size);
        }

        return sizes;
    }

    // The next key of the object that the reader is in, or null at its end.
    private string? NextKey(HashSet<string> seen, string owner)
    {
        if (!_json.Read() || _json.TokenType == JsonTokenType.EndObject)
            return null;

        var key = _json.GetString()!;
        return seen.Add(key) ? key : throw Fault(owner == "header" ? key : $"{owner}.{key}", "a key that occurs once", "the same key again");
    }

    private void Expect(JsonTokenType type, string key, string expected)
    {
        _json.Read();
        if (_json.TokenType != type)
            throw Fault(key, expected, Found());
    }

    private readonly string Found() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(_json.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => "null",
    };

    private readonly CheckpointException Fault(string key, string expected, string actual) =>
        new(file, key, expected, actual, $"{key}: expected {expected}, found {actual}");
}

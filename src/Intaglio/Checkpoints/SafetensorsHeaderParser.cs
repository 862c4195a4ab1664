using System.Text.Json;

namespace Intaglio.Checkpoints;

/// <summary>
/// Reads the JSON of a safetensors header, tensor by tensor, and checks each on its own. Collections are made as large as the items are many, which a look
/// ahead counts, so that what is allocated is in proportion to the header.
/// </summary>
internal ref struct SafetensorsHeaderParser(ReadOnlySpan<byte> header, string file)
{
    private readonly ReadOnlySpan<byte> _header = header;
    private Utf8JsonReader _json = new(header);

    public (Dictionary<string, SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) Parse()
    {
        _json.Read();
        var tensors = new Dictionary<string, SafetensorsTensor>(CountItems(), StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        while (ReadKey())
        {
            if (_json.ValueTextEquals(SafetensorsHeader.MetadataKey))
            {
                metadata = metadata is null ? ReadMetadata() : throw Twice(null, SafetensorsHeader.MetadataKey);
                continue;
            }

            var name = _json.GetString()!;
            if (!tensors.TryAdd(name, ReadTensor(name)))
                throw Twice(null, name);
        }

        CheckPadding();
        return (tensors, metadata ?? []);
    }

    private readonly void CheckPadding()
    {
        var end = (int)_json.BytesConsumed;
        var at = _header[end..].IndexOfAnyExcept((byte)' ');
        if (at >= 0)
            throw Fault(null, "header", "nothing but spaces behind the JSON object", $"0x{_header[end + at]:X2} at byte {end + at}");
    }

    private Dictionary<string, string> ReadMetadata()
    {
        Expect(JsonTokenType.StartObject, null, SafetensorsHeader.MetadataKey, "an object of strings");
        var metadata = new Dictionary<string, string>(CountItems(), StringComparer.Ordinal);
        while (ReadKey())
        {
            var key = _json.GetString()!;
            Expect(JsonTokenType.String, SafetensorsHeader.MetadataKey, key, "a string");
            if (!metadata.TryAdd(key, _json.GetString()!))
                throw Twice(SafetensorsHeader.MetadataKey, key);
        }

        return metadata;
    }

    private SafetensorsTensor ReadTensor(string name)
    {
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        HashSet<string>? others = null;

        Expect(JsonTokenType.StartObject, null, name, "an object with dtype, shape and data_offsets");
        var entry = this;
        while (ReadKey())
        {
            if (_json.ValueTextEquals("dtype"u8))
            {
                type = type is null ? ReadType(name) : throw Twice(name, "dtype");
            }
            else if (_json.ValueTextEquals("shape"u8))
            {
                shape = shape is null ? ReadSizes(name, "shape") : throw Twice(name, "shape");
            }
            else if (_json.ValueTextEquals("data_offsets"u8))
            {
                offsets = offsets is null ? ReadSizes(name, "data_offsets") : throw Twice(name, "data_offsets");
            }
            else
            {
                var key = _json.GetString()!;
                others ??= new(entry.CountItems(), StringComparer.Ordinal);
                if (!others.Add(key))
                    throw Twice(name, key);
                _json.Skip();
            }
        }

        if (type is null || shape is null || offsets is null)
            throw Fault(name, type is null ? "dtype" : shape is null ? "shape" : "data_offsets", "the key", "nothing");
        if (offsets is not [var begin, var end])
            throw Fault(name, "data_offsets", "two numbers", $"{offsets.Length}");

        CheckSize(name, type, shape, begin, end);
        return new(name, type, shape, begin, end);
    }

    private readonly void CheckSize(string name, string type, long[] shape, long begin, long end)
    {
        if (!TensorTypes.TryGetBits(type, out var bits))
            throw Fault(name, "dtype", "a type of the format, such as F32", $"\"{Excerpt.Of(type)}\"");
        if (begin > end)
            throw Fault(name, "data_offsets", "a begin that is not after the end", $"[{begin}, {end}]");

        var count = Int128.One;
        foreach (var side in shape)
        {
            count *= side;
            if (count > long.MaxValue)
                throw Fault(name, "shape", "a size that fits 64 bits", ShapeText.Of(shape));
        }

        var size = count * bits;
        if (size != (Int128)8 * (end - begin))
            throw Fault(name, "data_offsets", FormattableString.Invariant($"{(decimal)size / 8} bytes for {type} {ShapeText.Of(shape)}"), $"{end - begin} bytes, [{begin}, {end}]");
    }

    private string ReadType(string name)
    {
        Expect(JsonTokenType.String, name, "dtype", "a string");
        return _json.GetString()!;
    }

    private long[] ReadSizes(string name, string key)
    {
        const string Expected = "whole numbers from 0 to 2^63 - 1";
        Expect(JsonTokenType.StartArray, name, key, $"an array of {Expected}");
        var count = CountItems();
        var sizes = count == 0 ? [] : new long[count];
        for (var i = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; i++)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out sizes[i]) || sizes[i] < 0)
                throw Fault(name, key, Expected, Found());
        }

        return sizes;
    }

    // How many items the object or array that the reader has just entered has.
    private readonly int CountItems()
    {
        var ahead = _json;
        var count = 0;
        for (var skipValue = ahead.TokenType == JsonTokenType.StartObject; ahead.Read() && ahead.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray); count++)
        {
            if (skipValue)
                ahead.Read();
            ahead.Skip();
        }

        return count;
    }

    // Goes to the next key of the object that the reader is in; false at its end.
    private bool ReadKey() => _json.Read() && _json.TokenType == JsonTokenType.PropertyName;

    private void Expect(JsonTokenType type, string? owner, string key, string expected)
    {
        _json.Read();
        if (_json.TokenType != type)
            throw Fault(owner, key, expected, Found());
    }

    private readonly string Found() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => Excerpt.Of(_json.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => "null",
    };

    private readonly CheckpointException Twice(string? owner, string key) => Fault(owner, key, "a key that occurs once", "the same key again");

    private readonly CheckpointException Fault(string? owner, string key, string expected, string actual)
    {
        var full = owner is null ? key : $"{owner}.{key}";
        return new(file, full, expected, actual, $"{Excerpt.Of(full)}: expected {expected}, found {actual}");
    }
}

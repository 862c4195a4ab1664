using System.Buffers;
using System.Text.Json;

namespace Intaglio.Checkpoints;

/// <summary>A checkpoint's model.safetensors.index.json, as transformers writes it: which of several files has which tensor.</summary>
/// <param name="WeightMap">The file of each tensor, by the tensor's name.</param>
/// <param name="TotalBytes">The size of all tensors together; null where the index does not say.</param>
internal sealed record WeightsIndex(IReadOnlyDictionary<string, string> WeightMap, long? TotalBytes)
{
    /// <summary>How many bytes <see cref="Parse"/> allocates for each byte at most.</summary>
    public const int AllocationPerByte = 64;

    // Models of a hundred thousand tensors have ten million.
    private const int MaximumBytes = 32 << 20;

    private const string MapKey = "weight_map";
    private const string MetadataKey = "metadata";
    private const string TotalKey = "total_size";

    private static readonly SearchValues<char> Separators = SearchValues.Create('/', '\\', ':');

    /// <summary>The files, in the order of their names.</summary>
    public IReadOnlyList<string> Files { get; } = [.. WeightMap.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Reads an index.</summary>
    /// <exception cref="CheckpointException">It cannot be read, or is not as transformers writes it.</exception>
    public static WeightsIndex Read(string path) => Parse(StrictJson.ReadFile(path, MaximumBytes), path);

    /// <summary>Reads an index's content.</summary>
    /// <param name="content">The content; at most <see cref="AllocationPerByte"/> bytes are allocated for each byte of it, with 64 KiB besides.</param>
    /// <param name="path">The file's name, for errors.</param>
    /// <exception cref="CheckpointException">It is not as transformers writes it.</exception>
    public static WeightsIndex Parse(ReadOnlyMemory<byte> content, string path) =>
        StrictJson.ReadObject(content, path, root => new WeightsIndex(ReadMap(root, path), ReadTotal(root, path)));

    /// <summary>The file's content: keys in order, indented by 2, as Python's <c>json.dumps(indent=2, sort_keys=True)</c> has it.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true, IndentSize = 2, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataKey);
            if (TotalBytes is { } total)
                json.WriteNumber(TotalKey, total);
            json.WriteEndObject();
            json.WriteStartObject(MapKey);
            foreach (var (name, file) in WeightMap.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                json.WriteString(name, file);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static Dictionary<string, string> ReadMap(JsonElement root, string path)
    {
        const string Expected = "an object that names the file of each tensor";
        if (!root.TryGetProperty(MapKey, out var map))
            throw Fault(path, MapKey, Expected, "nothing");
        if (map.ValueKind != JsonValueKind.Object || map.GetPropertyCount() == 0)
            throw Fault(path, MapKey, Expected, StrictJson.Text(map));

        // One text for each file, however many tensors name it.
        var files = new HashSet<string>(StringComparer.Ordinal);
        var weights = new Dictionary<string, string>(map.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var item in map.EnumerateObject())
        {
            if (item.Value.ValueKind != JsonValueKind.String)
                throw Fault(path, $"{MapKey}.{item.Name}", "a file's name", StrictJson.Text(item.Value));

            var name = item.Value.GetString()!;
            if (!IsPlain(name))
                throw Fault(path, $"{MapKey}.{item.Name}", "the name of a file beside the index, never a path", StrictJson.Text(item.Value));
            if (!files.TryGetValue(name, out var file))
                files.Add(file = name);
            weights.Add(item.Name, file);
        }

        return weights;
    }

    // Separators of all systems, so that a checkpoint is good on all of them or none. Names that begin with a dot, among them . and .., are this library's own.
    private static bool IsPlain(string name) =>
        name.Length > 0 && name[0] != '.' && !name.AsSpan().ContainsAny(Separators) && !name.Any(char.IsControl);

    private static long? ReadTotal(JsonElement root, string path)
    {
        if (!root.TryGetProperty(MetadataKey, out var metadata))
            return null;
        if (metadata.ValueKind != JsonValueKind.Object)
            throw Fault(path, MetadataKey, "an object", StrictJson.Text(metadata));
        if (!metadata.TryGetProperty(TotalKey, out var total))
            return null;

        // Some writers add sizes up as floating-point numbers: 13476839424.0.
        if (total.ValueKind == JsonValueKind.Number && total.TryGetDecimal(out var bytes) && bytes is >= 0 and <= long.MaxValue && bytes == decimal.Truncate(bytes))
            return (long)bytes;
        throw Fault(path, $"{MetadataKey}.{TotalKey}", "a whole number of bytes", StrictJson.Text(total));
    }

    private static CheckpointException Fault(string path, string key, string expected, string actual) =>
        new(path, key, expected, actual, $"{Excerpt.Of(key)}: expected {expected}, found {actual}");
}

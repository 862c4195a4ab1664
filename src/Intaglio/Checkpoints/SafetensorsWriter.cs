using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Intaglio.Checkpoints;

/// <summary>One tensor that is to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements, see <see cref="TensorTypes"/>.</param>
/// <param name="Shape">Its sides, row-major.</param>
public sealed record SafetensorsEntry(string Name, string Type, IReadOnlyList<long> Shape);

/// <summary>
/// Writes a safetensors file that appears whole or not at all: header first, then the data of each tensor in the order given, in as many pieces as the
/// caller likes; <see cref="Commit"/> gives the file its name. Disposed before that, it leaves nothing behind.
/// </summary>
public sealed class SafetensorsWriter : IDisposable
{
    private const int Alignment = 8;

    private readonly AtomicFile? _file;
    private readonly Stream _stream;
    private readonly long _dataBytes;
    private long _written;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Where it will appear.</param>
    /// <param name="tensors">What it will hold, in the order in which the data will be written.</param>
    /// <param name="metadata">What to say of it; <c>format: pt</c>, which transformers wants to see, when null.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved, a type is unknown, or a side is negative.</exception>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public SafetensorsWriter(string path, IReadOnlyList<SafetensorsEntry> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var header = Header(tensors, metadata, out _dataBytes);
        _file = new(path);
        _stream = _file.Stream;
        _stream.Write(header);
    }

    /// <summary>Begins a file of which the caller sees to everything but its content; there is nothing to commit.</summary>
    internal SafetensorsWriter(Stream stream, IReadOnlyList<SafetensorsEntry> tensors)
    {
        var header = Header(tensors, metadata: null, out _dataBytes);
        _stream = stream;
        _stream.Write(header);
    }

    /// <summary>Writes the next elements.</summary>
    /// <exception cref="InvalidOperationException">There is more than the tensors hold.</exception>
    public void Write<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(elements);
        if (_written + bytes.Length > _dataBytes)
            throw new InvalidOperationException($"The tensors hold {_dataBytes} bytes; {_written + bytes.Length} are being written.");
        _stream.Write(bytes);
        _written += bytes.Length;
    }

    /// <summary>Forces the content to the disk, without giving the file its name yet.</summary>
    /// <exception cref="InvalidOperationException">Data is missing.</exception>
    public void Complete()
    {
        if (_written != _dataBytes)
            throw new InvalidOperationException($"The tensors hold {_dataBytes} bytes; {_written} have been written.");
        _file?.Complete();
    }

    /// <summary>Gives the file its name, in place of what was there.</summary>
    /// <exception cref="InvalidOperationException">Data is missing.</exception>
    /// <exception cref="IOException">The file cannot be renamed.</exception>
    public void Commit()
    {
        if (_stream.CanWrite)
            Complete();
        _file?.Commit();
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static byte[] Header(IReadOnlyList<SafetensorsEntry> tensors, IReadOnlyDictionary<string, string>? metadata, out long dataBytes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(stackalloc byte[sizeof(ulong)]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata ?? new Dictionary<string, string> { ["format"] = "pt" });
            dataBytes = WriteTensors(json, tensors);
            json.WriteEndObject();
        }

        var padding = -buffer.WrittenCount & (Alignment - 1);
        buffer.GetSpan(Alignment)[..padding].Fill((byte)' ');
        buffer.Advance(padding);

        var header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(header.Length - sizeof(ulong)));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
            return;

        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static long WriteTensors(Utf8JsonWriter json, IReadOnlyList<SafetensorsEntry> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        var begin = 0L;
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"The name {tensor.Name} is reserved or occurs twice.", nameof(tensors));

            var end = checked(begin + Bytes(tensor));
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.Type);
            json.WriteStartArray("shape");
            foreach (var side in tensor.Shape)
                json.WriteNumberValue(side);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(begin);
            json.WriteNumberValue(end);
            json.WriteEndArray();
            json.WriteEndObject();
            begin = end;
        }

        return begin;
    }

    private static long Bytes(SafetensorsEntry tensor)
    {
        if (!TensorTypes.TryGetBits(tensor.Type, out var bits))
            throw new ArgumentException($"{tensor.Name}: safetensors has no type {tensor.Type}.", nameof(tensor));
        if (tensor.Shape.Any(side => side < 0))
            throw new ArgumentException($"{tensor.Name}: the shape {ShapeText.Of(tensor.Shape)} has a negative side.", nameof(tensor));

        var size = tensor.Shape.Aggregate((long)bits, (product, side) => checked(product * side));
        return size % 8 == 0
            ? size / 8
            : throw new ArgumentException($"{tensor.Name}: {tensor.Type} {ShapeText.Of(tensor.Shape)} does not end with a byte.", nameof(tensor));
    }
}

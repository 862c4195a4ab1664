using System.Runtime.InteropServices;
using System.Text;

namespace Intaglio.Checkpoints;

/// <summary>One tensor that is to be written.</summary>
/// <param name="Name">Its name, as llama.cpp has it.</param>
/// <param name="Type">F32, F16 or BF16, see <see cref="TensorTypes"/>.</param>
/// <param name="Shape">Its sides, row-major; the file has them the other way round.</param>
internal sealed record GgufEntry(string Name, string Type, IReadOnlyList<long> Shape)
{
    /// <summary>The size of its data.</summary>
    public long Bytes => Shape.Aggregate(1L, (product, side) => checked(product * side)) * (Type == TensorTypes.F32 ? sizeof(float) : sizeof(ushort));
}

/// <summary>One key of a file's metadata.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">uint, int, float, bool, string, or an array of int, float or string.</param>
internal sealed record GgufPair(string Key, object Value);

/// <summary>
/// Writes a GGUF file of version 3 (ggml, <c>include/gguf.h</c>) that appears whole or not at all: metadata and what tensors there are, then the data of each in
/// the order given, padded to <see cref="Alignment"/> bytes, in as many pieces as the caller likes.
/// </summary>
internal sealed class GgufWriter : IDisposable
{
    /// <summary>Every tensor begins at a multiple of this, the format's default.</summary>
    public const int Alignment = 32;

    private const uint Version = 3;

    private readonly AtomicFile _file;
    private readonly IReadOnlyList<GgufEntry> _tensors;
    private int _tensor;
    private long _written;

    /// <summary>Begins a file.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public GgufWriter(string path, IReadOnlyList<GgufPair> metadata, IReadOnlyList<GgufEntry> tensors)
    {
        _tensors = tensors;
        _file = new(path);
        try
        {
            WriteHeader(metadata);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Writes the next elements, all of one tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds less.</exception>
    public void Write<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(elements);
        if (_tensor == _tensors.Count || _written + bytes.Length > _tensors[_tensor].Bytes)
            throw new InvalidOperationException($"Tensor {_tensor} of {_tensors.Count} has {_written} bytes; {bytes.Length} more are too many.");

        _file.Stream.Write(bytes);
        _written += bytes.Length;
        if (_written < _tensors[_tensor].Bytes)
            return;

        Pad();
        _tensor++;
        _written = 0;
    }

    /// <summary>Gives the file its name, in place of what was there.</summary>
    /// <exception cref="InvalidOperationException">Data is missing.</exception>
    /// <exception cref="IOException">The file cannot be renamed.</exception>
    public void Commit()
    {
        if (_tensor < _tensors.Count)
            throw new InvalidOperationException($"{_tensors[_tensor].Name} has {_written} of {_tensors[_tensor].Bytes} bytes.");
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private void Pad() => _file.Stream.Write(stackalloc byte[(int)(Padded(_file.Stream.Position) - _file.Stream.Position)]);

    private void WriteHeader(IReadOnlyList<GgufPair> metadata)
    {
        using (var header = new BinaryWriter(_file.Stream, Encoding.UTF8, leaveOpen: true))
        {
            header.Write("GGUF"u8);
            header.Write(Version);
            header.Write((ulong)_tensors.Count);
            header.Write((ulong)metadata.Count);
            foreach (var (key, value) in metadata)
            {
                WriteText(header, key);
                WriteValue(header, value);
            }

            WriteEntries(header);
        }

        Pad();
    }

    private void WriteEntries(BinaryWriter header)
    {
        var offset = 0L;
        foreach (var tensor in _tensors)
        {
            WriteText(header, tensor.Name);
            header.Write((uint)tensor.Shape.Count);
            foreach (var side in tensor.Shape.Reverse())
                header.Write((ulong)side);
            header.Write(TypeNumber(tensor.Type));
            header.Write((ulong)offset);
            offset += Padded(tensor.Bytes);
        }
    }

    // ggml_type of ggml.h.
    private static uint TypeNumber(string type) => type switch
    {
        TensorTypes.F32 => 0,
        TensorTypes.F16 => 1,
        TensorTypes.BF16 => 30,
        _ => throw new ArgumentException($"GGUF files are written with F32, F16 or BF16, not {type}.", nameof(type)),
    };

    // gguf_type of gguf.h.
    private static void WriteValue(BinaryWriter header, object value)
    {
        const uint Unsigned = 4, Signed = 5, Float = 6, Flag = 7, Text = 8, List = 9;
        switch (value)
        {
            case uint number:
                header.Write(Unsigned);
                header.Write(number);
                break;
            case int number:
                header.Write(Signed);
                header.Write(number);
                break;
            case float number:
                header.Write(Float);
                header.Write(number);
                break;
            case bool flag:
                header.Write(Flag);
                header.Write(flag);
                break;
            case string text:
                header.Write(Text);
                WriteText(header, text);
                break;
            case int[] numbers:
                Begin(Signed, numbers.Length);
                header.Write(MemoryMarshal.AsBytes<int>(numbers));
                break;
            case float[] numbers:
                Begin(Float, numbers.Length);
                header.Write(MemoryMarshal.AsBytes<float>(numbers));
                break;
            case string[] texts:
                Begin(Text, texts.Length);
                foreach (var text in texts)
                    WriteText(header, text);
                break;
            default:
                throw new ArgumentException($"GGUF metadata is not written with a {value.GetType()}.", nameof(value));
        }

        void Begin(uint type, int count)
        {
            header.Write(List);
            header.Write(type);
            header.Write((ulong)count);
        }
    }

    private static void WriteText(BinaryWriter header, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        header.Write((ulong)bytes.Length);
        header.Write(bytes);
    }
}

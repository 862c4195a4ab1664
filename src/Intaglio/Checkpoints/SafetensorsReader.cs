using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Intaglio.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Intaglio.Checkpoints;

/// <summary>
/// Reads tensors from a safetensors file (https://huggingface.co/docs/safetensors): 8 bytes of header length, a JSON header, then the data. All that
/// the format demands is checked when the file is opened; the data is read piece by piece as it is asked for. Reading is thread-safe.
/// </summary>
public sealed class SafetensorsReader : IDisposable
{
    private const int ChunkElements = 1 << 16;
    private const int LengthBytes = sizeof(ulong);

    private readonly SafeFileHandle _file;
    private readonly long _dataStart;
    private readonly Dictionary<string, SafetensorsTensor> _byName;

    private SafetensorsReader(SafeFileHandle file, string path, long dataStart, SafetensorsHeader header)
    {
        _file = file;
        _dataStart = dataStart;
        _byName = header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        Path = path;
        Tensors = header.Tensors;
        Metadata = header.Metadata;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>What the writer said of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header and layout.</summary>
    /// <exception cref="CheckpointException">The file cannot be read, or breaks a rule of the format.</exception>
    public static SafetensorsReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var header = ReadHeader(file, path, out var dataStart);
            return new(file, path, dataStart, header);
        }
        catch (Exception fault)
        {
            file?.Dispose();
            if (fault is IOException or UnauthorizedAccessException or NotSupportedException)
                throw new CheckpointException(path, null, "a readable safetensors file", fault.Message, $"cannot be read: {fault.Message}", fault);
            throw;
        }
    }

    /// <summary>Looks a tensor up.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out SafetensorsTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Reads elements of a tensor and widens them to floats, which is exact.</summary>
    /// <param name="tensor">A tensor of this file, of a type that <see cref="TensorTypes.IsReadable"/>.</param>
    /// <param name="destination">Where the elements go.</param>
    /// <param name="start">Which element is the first.</param>
    /// <exception cref="CheckpointException">The tensor has another type, or the file has become shorter since it was opened.</exception>
    public void Read(SafetensorsTensor tensor, Span<float> destination, long start = 0)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + destination.Length, tensor.Count, nameof(destination));

        switch (tensor.Type)
        {
            case TensorTypes.F32:
                ReadData(tensor, MemoryMarshal.AsBytes(destination), start * sizeof(float));
                break;
            case TensorTypes.F16:
                ReadHalves(tensor, destination, start, static bits => (float)BitConverter.UInt16BitsToHalf(bits));
                break;
            case TensorTypes.BF16:
                ReadHalves(tensor, destination, start, BFloat16.Widen);
                break;
            default:
                throw new CheckpointException(Path, tensor.Name, "F32, F16 or BF16", tensor.Type, $"{tensor.Name}: the type is {tensor.Type}; F32, F16 and BF16 can be read");
        }
    }

    /// <summary>Reads a whole tensor as floats.</summary>
    /// <exception cref="CheckpointException">There is no such tensor, or it is of a type that cannot be read as floats.</exception>
    public float[] Read(string name)
    {
        if (!TryGet(name, out var tensor))
            throw new CheckpointException(Path, name, "a tensor", "nothing", $"there is no tensor {name}");

        var values = new float[tensor.Count];
        Read(tensor, values);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static SafetensorsHeader ReadHeader(SafeFileHandle file, string path, out long dataStart)
    {
        var fileBytes = RandomAccess.GetLength(file);
        if (fileBytes < LengthBytes)
            throw new CheckpointException(path, null, "at least 8 bytes", $"{fileBytes}", $"the file has {fileBytes} bytes; the header's length alone takes 8");

        Span<byte> prefix = stackalloc byte[LengthBytes];
        ReadExactly(file, prefix, 0, path);
        if (prefix.SequenceEqual("version "u8))
            throw new CheckpointException(path, null, "a safetensors file", "a Git LFS pointer", "this is a Git LFS pointer, not the file that it points to; run git lfs pull");

        var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerBytes > SafetensorsHeader.MaximumBytes)
            throw new CheckpointException(path, "header", $"at most {SafetensorsHeader.MaximumBytes} bytes", $"{headerBytes}", $"the header is said to have {headerBytes} bytes, the format allows {SafetensorsHeader.MaximumBytes}; is this a safetensors file?");

        dataStart = LengthBytes + (long)headerBytes;
        if (dataStart > fileBytes)
            throw new CheckpointException(path, "header", $"at most {fileBytes - LengthBytes} bytes", $"{headerBytes}", $"the header is said to have {headerBytes} bytes, the file has {fileBytes} in all; it is truncated");

        var header = new byte[headerBytes];
        ReadExactly(file, header, LengthBytes, path);
        return SafetensorsHeader.Parse(header, fileBytes - dataStart, path);
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> destination, long offset, string path)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(file, destination, offset);
            if (read == 0)
                throw new CheckpointException(path, null, $"{destination.Length} more bytes at {offset}", "the end of the file", "the file became shorter while it was read");
            destination = destination[read..];
            offset += read;
        }
    }

    private void ReadHalves(SafetensorsTensor tensor, Span<float> destination, long start, Func<ushort, float> widen)
    {
        var chunk = ArrayPool<ushort>.Shared.Rent(ChunkElements);
        while (!destination.IsEmpty)
        {
            var stored = chunk.AsSpan(0, Math.Min(ChunkElements, destination.Length));
            ReadData(tensor, MemoryMarshal.AsBytes(stored), start * sizeof(ushort));
            for (var i = 0; i < stored.Length; i++)
                destination[i] = widen(stored[i]);
            destination = destination[stored.Length..];
            start += stored.Length;
        }

        ArrayPool<ushort>.Shared.Return(chunk);
    }

    private void ReadData(SafetensorsTensor tensor, Span<byte> destination, long offset)
    {
        try
        {
            ReadExactly(_file, destination, _dataStart + tensor.Begin + offset, Path);
        }
        catch (IOException fault)
        {
            throw new CheckpointException(Path, tensor.Name, null, null, $"{tensor.Name}: cannot be read: {fault.Message}", fault);
        }
    }
}

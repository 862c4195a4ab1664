using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Intaglio.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Intaglio.Checkpoints;

/// <summary>
/// Reads tensors from a safetensors file (https://huggingface.co/docs/safetensors#format): 8 bytes of header length, a JSON header, then the data. All that
/// the format demands is checked when the file is opened; the data is read piece by piece as it is asked for. Reading is thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// A file may come from anywhere. The format's rules, each of them checked: the header has at most 100,000,000 bytes, all of them in the file; it is UTF-8, is
/// a JSON object that begins with <c>{</c>, and has nothing but spaces behind it; no key occurs twice; metadata map text to text; types are of the format; sizes
/// are whole numbers, and a tensor's offsets span as many bytes as its shape and type take; the tensors cover the data from end to end, each byte once. Names
/// are text and never paths. Values are not looked at: NaN and infinities are as good as others. Keys of an entry that the format does not have are left out.
/// </para>
/// <para>
/// What opening a file allocates is bounded by its header alone, whatever that says of sizes: nothing before the header's length is checked against the
/// format and the file, then the header, and at most 16 bytes for each byte of it, with 64 KiB besides.
/// The time is in proportion to it, too.
/// </para>
/// <para>
/// Data is read piece by piece into the caller's memory. The file is not mapped: a page of a mapped file that another process cuts off ends the process by a
/// signal, where a read ends in a <see cref="CheckpointException"/>.
/// </para>
/// </remarks>
public sealed class SafetensorsReader : IDisposable
{
    /// <summary>How many bytes <see cref="Open"/> allocates for each byte of the header at most.</summary>
    internal const int AllocationPerHeaderByte = 16;

    /// <summary>How many bytes <see cref="Open"/> allocates for any file at most, errors included.</summary>
    internal const int AllocationBesides = 1 << 16;

    private const int ChunkElements = 1 << 16;

    private readonly SafeFileHandle _file;
    private readonly long _dataStart;
    private readonly IReadOnlyDictionary<string, SafetensorsTensor> _byName;

    private SafetensorsReader(SafeFileHandle file, string path, long dataStart, SafetensorsHeader header)
    {
        _file = file;
        _dataStart = dataStart;
        _byName = header.ByName;
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
            file = RegularFile.Open(path, out var fileBytes);
            Span<byte> prefix = stackalloc byte[(int)Math.Min(SafetensorsHeader.LengthBytes, fileBytes)];
            RegularFile.ReadExactly(file, prefix, 0);
            var header = new byte[SafetensorsHeader.Length(prefix, fileBytes, path)];
            RegularFile.ReadExactly(file, header, SafetensorsHeader.LengthBytes);
            var dataStart = SafetensorsHeader.LengthBytes + header.Length;
            return new(file, path, dataStart, SafetensorsHeader.Parse(header, fileBytes - dataStart, path));
        }
        catch (Exception fault)
        {
            file?.Dispose();
            if (fault is IOException or UnauthorizedAccessException)
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

        if (tensor.Type == TensorTypes.F32)
            ReadData(tensor, MemoryMarshal.AsBytes(destination), start * sizeof(float));
        else if (SixteenBitType.Find(tensor.Type) is { } type)
            ReadHalves(tensor, destination, start, type.Widen);
        else
            throw new CheckpointException(Path, tensor.Name, "F32, F16 or BF16", tensor.Type, $"{Excerpt.Of(tensor.Name)}: the type is {tensor.Type}; F32, F16 and BF16 can be read");
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

    /// <summary>Reads bytes of a tensor as they are.</summary>
    /// <exception cref="CheckpointException">The file has become shorter since it was opened.</exception>
    internal void ReadData(SafetensorsTensor tensor, Span<byte> destination, long offset)
    {
        try
        {
            RegularFile.ReadExactly(_file, destination, _dataStart + tensor.Begin + offset);
        }
        catch (IOException fault)
        {
            throw new CheckpointException(Path, tensor.Name, $"{tensor.Bytes} bytes", fault.Message, $"{Excerpt.Of(tensor.Name)}: cannot be read: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

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
}

using System.Globalization;
using System.Text;
using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>A tensor as a file describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sides">Its sides in the file's order, the fastest first.</param>
/// <param name="Type">The number of its type.</param>
/// <param name="Offset">Where its data begins, from where all data does.</param>
internal sealed record GgufFileTensor(string Name, ulong[] Sides, uint Type, ulong Offset);

/// <summary>A GGUF file read by the format's description in ggml's <c>gguf.h</c>, by nothing that writes it.</summary>
internal sealed class GgufFile
{
    private readonly byte[] _content;
    private readonly int _data;

    public GgufFile(string path)
    {
        _content = File.ReadAllBytes(path);
        using var reader = new BinaryReader(new MemoryStream(_content));
        Magic = Encoding.ASCII.GetString(reader.ReadBytes(4));
        Version = reader.ReadUInt32();
        var tensors = reader.ReadUInt64();
        var pairs = reader.ReadUInt64();
        for (var i = 0UL; i < pairs; i++)
            Metadata.Add(Text(reader), Value(reader, reader.ReadUInt32()));
        for (var i = 0UL; i < tensors; i++)
            Tensors.Add(new(Text(reader), [.. Enumerable.Range(0, (int)reader.ReadUInt32()).Select(_ => reader.ReadUInt64())], reader.ReadUInt32(), reader.ReadUInt64()));

        HeaderEnd = (int)reader.BaseStream.Position;
        _data = (HeaderEnd + 31) / 32 * 32;
    }

    public string Magic { get; }

    public uint Version { get; }

    public int HeaderEnd { get; }

    public int Length => _content.Length;

    public Dictionary<string, object> Metadata { get; } = [];

    public List<GgufFileTensor> Tensors { get; } = [];

    /// <summary>Bytes between one thing and the next, and whatever they hold.</summary>
    public IEnumerable<byte> Padding() =>
    [
        .. _content[HeaderEnd.._data],
        .. Tensors.Select((tensor, i) => _content[(Start(tensor) + Bytes(tensor))..(i + 1 < Tensors.Count ? Start(Tensors[i + 1]) : Length)]).SelectMany(static bytes => bytes),
    ];

    /// <summary>Where a tensor's data begins in the file.</summary>
    public int Start(GgufFileTensor tensor) => _data + (int)tensor.Offset;

    /// <summary>A tensor's numbers, in the order in which they lie.</summary>
    public float[] Numbers(string name)
    {
        var tensor = Tensors.Single(tensor => tensor.Name == name);
        var bytes = _content.AsSpan(Start(tensor), Bytes(tensor));
        var numbers = new float[Count(tensor)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = tensor.Type switch
            {
                0 => BitConverter.ToSingle(bytes[(4 * i)..]),
                1 => (float)BitConverter.ToHalf(bytes[(2 * i)..]),
                30 => BFloat16.Widen(BitConverter.ToUInt16(bytes[(2 * i)..])),
                _ => throw new InvalidDataException($"{name} is of type {tensor.Type}"),
            };
        }

        return numbers;
    }

    /// <summary>The metadata but for lists, a line each.</summary>
    public string[] Lines() =>
        [.. Metadata.Where(pair => pair.Value is not object[]).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value.GetType().Name} {pair.Value}"))];

    public T[] List<T>(string key) => [.. ((object[])Metadata[key]).Cast<T>()];

    private static int Count(GgufFileTensor tensor) => (int)tensor.Sides.Aggregate(1UL, (product, side) => product * side);

    private static int Bytes(GgufFileTensor tensor) => Count(tensor) * (tensor.Type == 0 ? 4 : 2);

    private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static object Value(BinaryReader reader, uint type) => type switch
    {
        4 => reader.ReadUInt32(),
        5 => reader.ReadInt32(),
        6 => reader.ReadSingle(),
        7 => reader.ReadByte() switch { 0 => false, 1 => true, var other => throw new InvalidDataException($"{other} is no bool") },
        8 => Text(reader),
        9 => List(reader, reader.ReadUInt32()),
        _ => throw new InvalidDataException($"type {type} of metadata"),
    };

    private static object[] List(BinaryReader reader, uint type) => [.. Enumerable.Range(0, (int)reader.ReadUInt64()).Select(_ => Value(reader, type))];
}

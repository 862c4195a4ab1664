using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CsCheck;
using Intaglio.Checkpoints;

namespace Intaglio.Fuzz;

/// <summary>Safetensors files that keep to the format.</summary>
internal static class ValidSafetensors
{
    private static readonly Gen<(string Type, int Bytes)> Types = Gen.OneOf(("F32", 4), ("F16", 2), ("BF16", 2), ("U8", 1), ("F64", 8), ("BOOL", 1));

    private static readonly Gen<byte[]> All =
        from tensors in Gen.Select(Types, Gen.Int[0, 4].Array[0, 4]).Array[0, 6]
        from metadata in Gen.Char['a', 'z'].Array[0, 5].Select(letters => new string(letters)).Array[0, 3]
        from padding in Gen.Int[0, 9]
        select Content(tensors, metadata, padding);

    /// <summary>A hundred, always the same.</summary>
    public static IReadOnlyList<byte[]> Some { get; } = [.. Enumerable.Range(0, 100).Select(number => All.Generate(new PCG((uint)number, 1), null, out _))];

    /// <summary>A file's header, and the data behind it; a file that has no header is all header.</summary>
    public static (byte[] Header, byte[] Data) Split(byte[] content)
    {
        var length = content.Length >= SafetensorsHeader.LengthBytes ? BinaryPrimitives.ReadUInt64LittleEndian(content) : ulong.MaxValue;
        if (length > (ulong)Math.Max(0, content.Length - SafetensorsHeader.LengthBytes))
            return (content, []);
        var end = SafetensorsHeader.LengthBytes + (int)length;
        return (content[SafetensorsHeader.LengthBytes..end], content[end..]);
    }

    /// <summary>A file of a header and data, the length in front.</summary>
    public static byte[] Join(byte[] header, byte[] data)
    {
        var length = new byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }

    private static byte[] Content((string Type, int Bytes, int[] Shape)[] tensors, string[] metadata, int padding)
    {
        var header = new StringBuilder("{\"__metadata__\":{");
        header.AppendJoin(',', metadata.Select((value, key) => $"\"{key}\":\"{value}\"")).Append('}');
        var begin = 0;
        foreach (var (number, (type, bytes, shape)) in tensors.Index())
        {
            var end = begin + (bytes * shape.Aggregate(1, (count, side) => count * side));
            header.Append(CultureInfo.InvariantCulture, $",\"t{number}\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{begin},{end}]}}");
            begin = end;
        }

        return Join(Encoding.UTF8.GetBytes(header.Append('}').Append(' ', padding).ToString()), new byte[begin]);
    }

    private static byte[] Content(((string Type, int Bytes) Type, int[] Shape)[] tensors, string[] metadata, int padding) =>
        Content([.. tensors.Select(tensor => (tensor.Type.Type, tensor.Type.Bytes, tensor.Shape))], metadata, padding);
}

using System.Buffers.Binary;
using System.Text;

namespace Intaglio.Benchmarks.Onnx;

/// <summary>
/// Writes protocol buffers' wire format (protobuf.dev/programming-guides/encoding) to a stream that can seek: a message's length is filled in when it ends, as a varint of
/// five bytes, so that nothing is held in memory.
/// </summary>
internal sealed class ProtobufWriter(Stream stream)
{
    private const int LengthBytes = 5;
    private const int BitsOfByte = 7;
    private const byte More = 0x80;

    private enum Wire
    {
        Varint = 0,
        Bytes = 2,
        Fixed32 = 5,
    }

    public void Integer(int field, long value)
    {
        Tag(field, Wire.Varint);
        Varint((ulong)value);
    }

    public void Single(int field, float value)
    {
        Tag(field, Wire.Fixed32);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        stream.Write(bytes);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Wire.Bytes);
        Varint((ulong)value.Length);
        stream.Write(value);
    }

    /// <summary>Begins a message, which ends when it is disposed.</summary>
    public Message Begin(int field)
    {
        Tag(field, Wire.Bytes);
        stream.Seek(LengthBytes, SeekOrigin.Current);
        return new(stream, stream.Position);
    }

    private void Tag(int field, Wire wire) => Varint(((ulong)field << 3) | (ulong)wire);

    private void Varint(ulong value)
    {
        for (; value >= More; value >>= BitsOfByte)
            stream.WriteByte((byte)(value | More));
        stream.WriteByte((byte)value);
    }

    /// <summary>A message that is being written.</summary>
    public readonly struct Message(Stream stream, long start) : IDisposable
    {
        public void Dispose()
        {
            var end = stream.Position;
            var length = end - start;
            stream.Position = start - LengthBytes;
            for (var index = 1; index < LengthBytes; index++, length >>= BitsOfByte)
                stream.WriteByte((byte)(length | More));
            stream.WriteByte((byte)length);
            stream.Position = end;
        }
    }
}

using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Intaglio.Checkpoints;
using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Written_file_has_the_bytes_that_the_format_describes()
    {
        var path = _directory["a.safetensors"];
        using (var writer = new SafetensorsWriter(path, [new("w", TensorTypes.F32, [1, 2]), new("s", TensorTypes.BF16, [])]))
        {
            writer.Write<float>([1f, -2f]);
            writer.Write<ushort>([0x3F80]);
            writer.Commit();
        }

        var content = File.ReadAllBytes(path);
        const string Header = """{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"s":{"dtype":"BF16","shape":[],"data_offsets":[8,10]}}""";
        var headerBytes = (int)BinaryPrimitives.ReadUInt64LittleEndian(content);
        Assert.Equal(Header.PadRight(headerBytes), Encoding.UTF8.GetString(content, 8, headerBytes));
        Assert.Equal(0, headerBytes % 8);
        Assert.InRange(headerBytes - Header.Length, 0, 7);
        Assert.Equal([0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0, 0x80, 0x3F], content[(8 + headerBytes)..]);
        Assert.Equal(["a.safetensors"], _directory.Names());
    }

    [Fact]
    public void Any_file_reads_back_as_written()
    {
        var shape = Gen.Long[0, 5].List[0, 3];
        var tensor = Gen.Select(Gen.String[0, 12], Gen.OneOf(Gen.Const(TensorTypes.F32), Gen.Const(TensorTypes.F16), Gen.Const(TensorTypes.BF16)), shape);
        var path = _directory["any.safetensors"];

        tensor.List[0, 6].Sample(
            tensors =>
            {
                // Names that are not Unicode cannot be written at all; what counts is that all others can.
                SafetensorsEntry[] entries = [.. tensors.Select((item, index) => new SafetensorsEntry($"{index}{Valid(item.Item1)}", item.Item2, item.Item3))];
                var random = new Random(entries.Length);
                byte[][] data = [.. entries.Select(entry => Bytes(random, entry))];
                using (var writer = new SafetensorsWriter(path, entries))
                {
                    foreach (var bytes in data)
                        writer.Write<byte>(bytes);
                    writer.Commit();
                }

                using var reader = SafetensorsReader.Open(path);
                Assert.Equal(entries.Length, reader.Tensors.Count);
                for (var i = 0; i < entries.Length; i++)
                {
                    Assert.True(reader.TryGet(entries[i].Name, out var found));
                    Assert.Equal(entries[i].Type, found.Type);
                    Assert.Equal(entries[i].Shape, found.Shape);
                    Assert.Equal(Widened(entries[i].Type, data[i]), reader.Read(entries[i].Name));
                }
            },
            iter: 200,
            threads: 1);
    }

    [Theory]
    [InlineData(TensorTypes.F16)]
    [InlineData(TensorTypes.BF16)]
    public void Every_16_bit_number_is_widened_exactly(string type)
    {
        var path = _directory["halves.safetensors"];
        ushort[] all = [.. Enumerable.Range(0, 65_536).Select(bits => (ushort)bits)];
        using (var writer = new SafetensorsWriter(path, [new("x", type, [65_536])]))
        {
            writer.Write<ushort>(all);
            writer.Commit();
        }

        using var reader = SafetensorsReader.Open(path);
        var read = reader.Read("x");

        for (var bits = 0; bits < all.Length; bits++)
        {
            var expected = type == TensorTypes.F16 ? Value(bits, exponentBits: 5) : Value(bits, exponentBits: 8);
            Assert.True(read[bits] == expected || (double.IsNaN(read[bits]) && double.IsNaN(expected)), $"0x{bits:X4}: {read[bits]} is not {expected}");
        }
    }

    [Fact]
    public void Part_of_a_tensor_can_be_read_across_chunks()
    {
        const int Count = 200_000;
        var path = _directory["long.safetensors"];
        ushort[] stored = [.. Enumerable.Range(0, Count).Select(i => BFloat16.Narrow(i % 256))];
        using (var writer = new SafetensorsWriter(path, [new("before", TensorTypes.F32, [3]), new("x", TensorTypes.BF16, [Count])]))
        {
            writer.Write<float>([1, 2, 3]);
            writer.Write<ushort>(stored);
            writer.Commit();
        }

        using var reader = SafetensorsReader.Open(path);
        Assert.True(reader.TryGet("x", out var tensor));
        var part = new float[150_001];
        reader.Read(tensor, part, 49_999);

        Assert.Equal(Enumerable.Range(49_999, 150_001).Select(i => (float)(i % 256)), part);
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(tensor, part, 50_000));
    }

    [SkippableFact]
    public void Tensor_beyond_4_GB_is_read()
    {
        Skip.If(OperatingSystem.IsWindows(), "files are not sparse by themselves there");
        const long Before = 5_000_000_000;
        var header = $$"""{"big":{"dtype":"U8","shape":[{{Before}}],"data_offsets":[0,{{Before}}]},"x":{"dtype":"F32","shape":[2],"data_offsets":[{{Before}},{{Before + 8}}] } }""";
        using (var file = File.Create(_directory["big.safetensors"]))
        {
            file.Write(BitConverter.GetBytes((long)header.Length));
            file.Write(Encoding.ASCII.GetBytes(header));
            file.Seek(Before, SeekOrigin.Current);
            file.Write([.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)]);
        }

        using var reader = SafetensorsReader.Open(_directory["big.safetensors"]);

        Assert.Equal([1.5f, -2f], reader.Read("x"));
    }

    [Fact]
    public void Tensor_of_another_type_is_refused_by_name()
    {
        var path = _directory["integers.safetensors"];
        using (var writer = new SafetensorsWriter(path, [new("ids", "I64", [1])]))
        {
            writer.Write<long>([7]);
            writer.Commit();
        }

        using var reader = SafetensorsReader.Open(path);
        var fault = Assert.Throws<CheckpointException>(() => reader.Read("ids"));

        Assert.Equal(("ids", "I64"), (fault.Key, fault.Actual));
        Assert.Throws<CheckpointException>(() => reader.Read("none"));
    }

    [Fact]
    public void File_that_is_not_committed_leaves_nothing()
    {
        var path = _directory["kept.safetensors"];
        File.WriteAllText(path, "old");

        using (var writer = new SafetensorsWriter(path, [new("x", TensorTypes.F32, [2])]))
        {
            writer.Write<float>([1]);
            Assert.Throws<InvalidOperationException>(writer.Commit);
            Assert.Throws<InvalidOperationException>(() => writer.Write<float>([2, 3]));
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["kept.safetensors"], _directory.Names());
    }

    [Fact]
    public void Complete_file_has_no_name_before_it_is_committed()
    {
        var path = _directory["late.safetensors"];
        using var writer = new SafetensorsWriter(path, [new("x", TensorTypes.F32, [1])], new Dictionary<string, string> { ["step"] = "7" });
        writer.Write<float>([1]);
        writer.Complete();
        Assert.False(File.Exists(path));

        writer.Commit();

        using var reader = SafetensorsReader.Open(path);
        Assert.Equal("7", reader.Metadata["step"]);
    }

    [Fact]
    public void Impossible_entries_are_refused_before_a_file_exists()
    {
        SafetensorsEntry[][] impossible =
        [
            [new("x", "F31", [1])],
            [new("x", TensorTypes.F32, [-1])],
            [new("x", "F4", [3])],
            [new("__metadata__", TensorTypes.F32, [1])],
            [new("x", TensorTypes.F32, [1]), new("x", TensorTypes.F32, [1])],
        ];

        foreach (var entries in impossible)
            Assert.Throws<ArgumentException>(() => new SafetensorsWriter(_directory["x"], entries));

        Assert.Throws<OverflowException>(() => new SafetensorsWriter(_directory["x"], [new("x", TensorTypes.F32, [long.MaxValue, 2])]));
        Assert.Empty(_directory.Names());
    }

    [Fact]
    public void Unknown_keys_and_empty_tensors_are_allowed()
    {
        var header = """{"b":{"dtype":"F32","shape":[0,4611686018427387904],"data_offsets":[4,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"note":{"by":["hand"]}}}""";
        var content = new byte[8 + header.Length + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(content, (ulong)header.Length);
        Encoding.ASCII.GetBytes(header, content.AsSpan(8));
        BinaryPrimitives.WriteSingleLittleEndian(content.AsSpan(8 + header.Length), 2.5f);
        File.WriteAllBytes(_directory["odd.safetensors"], content);

        using var reader = SafetensorsReader.Open(_directory["odd.safetensors"]);

        Assert.Equal([2.5f], reader.Read("a"));
        Assert.Empty(reader.Read("b"));
    }

    public void Dispose() => _directory.Dispose();

    // Sign, exponent and fraction by the definition of IEEE 754, in double.
    private static double Value(int bits, int exponentBits)
    {
        var fractionBits = 15 - exponentBits;
        var bias = (1 << (exponentBits - 1)) - 1;
        var sign = bits >> 15 == 0 ? 1.0 : -1.0;
        var exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
        var fraction = (bits & ((1 << fractionBits) - 1)) / (double)(1 << fractionBits);
        if (exponent == (1 << exponentBits) - 1)
            return fraction == 0 ? sign * double.PositiveInfinity : double.NaN;
        return exponent == 0 ? sign * fraction * Math.Pow(2, 1 - bias) : sign * (1 + fraction) * Math.Pow(2, exponent - bias);
    }

    private static string Valid(string text) => string.Concat(text.EnumerateRunes());

    private static byte[] Bytes(Random random, SafetensorsEntry entry)
    {
        var bytes = new byte[entry.Shape.Aggregate(1L, (count, side) => count * side) * (entry.Type == TensorTypes.F32 ? 4 : 2)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static float[] Widened(string type, byte[] data) => type switch
    {
        TensorTypes.F32 => [.. data.Chunk(4).Select(bytes => BitConverter.ToSingle(bytes))],
        TensorTypes.F16 => [.. data.Chunk(2).Select(bytes => (float)BitConverter.ToHalf(bytes))],
        _ => [.. data.Chunk(2).Select(bytes => BitConverter.UInt32BitsToSingle((uint)BitConverter.ToUInt16(bytes) << 16))],
    };
}

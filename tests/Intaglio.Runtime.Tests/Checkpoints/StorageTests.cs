using System.Runtime.InteropServices;
using Intaglio.Checkpoints;
using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Types of tensors in files, against those of weights in memory.</summary>
public sealed class StorageTests : IDisposable
{
    // 16 · 4096 = 65536: the embedding of positions has room for every 16-bit number.
    private static readonly ModelDescription Wide = WeightsOnly.Gpt2(context: 4096);

    private readonly TemporaryDirectory _directory = new();
    private readonly HostDevice _device = new();

    [Theory]
    [InlineData(TensorTypes.F32, NumberFormat.FP32)]
    [InlineData(TensorTypes.F16, NumberFormat.FP16)]
    [InlineData(TensorTypes.BF16, NumberFormat.BF16)]
    public void File_that_is_loaded_and_saved_in_its_type_has_the_same_bits(string type, NumberFormat format)
    {
        var original = SaveAllBits(type, format);

        using (var model = WeightsOnly.Load(_directory.Path, _device, Wide))
            model.Save(_directory["copy"], new() { StorageFormat = format });

        Assert.Equal(original, File.ReadAllBytes(_directory["copy/model.safetensors"]));
    }

    [Fact]
    public void Bf16_file_passes_a_bf16_model_bit_for_bit()
    {
        var original = SaveAllBits(TensorTypes.BF16, NumberFormat.BF16);

        using (var model = WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2(context: 4096, format: NumberFormat.BF16)))
            model.Save(_directory["copy"]);

        Assert.Equal(original, File.ReadAllBytes(_directory["copy/model.safetensors"]));
    }

    [Theory]
    [InlineData(NumberFormat.FP32, TensorTypes.F32)]
    [InlineData(NumberFormat.FP16, TensorTypes.F16)]
    [InlineData(NumberFormat.BF16, TensorTypes.BF16)]
    public void Model_of_bf16_is_saved_in_any_type(NumberFormat format, string type)
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(format: NumberFormat.BF16), seed: 4);

        model.Save(_directory.Path, new() { StorageFormat = format });

        using var reader = SafetensorsReader.Open(_directory["model.safetensors"]);
        Assert.All(reader.Tensors, tensor => Assert.Equal(type, tensor.Type));

        // 11 bits of significand hold bfloat16's 8; weights of this size are no subnormals of binary16 but for a few, which lose bits below 2^-25.
        Assert.All(model.ReadParameter("wte.weight").Zip(reader.Read("transformer.wte.weight")), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, format == NumberFormat.FP16 ? Math.ScaleB(1, -25) : 0));
    }

    // Expectations are by the definition of binary16: steps of 2^-24 below 2^-14, of 2^-10 from 1 to 2, of 32 from 32768 on.
    [Theory]
    [InlineData(1f + (1f / 2048), 0x3C00)] // a tie, to even
    [InlineData(1f + (3f / 2048), 0x3C02)] // a tie, to even
    [InlineData(1f + (1f / 2048) + (1f / 8388608), 0x3C01)]
    [InlineData(65519.996f, 0x7BFF)]
    [InlineData(-65504f, 0xFBFF)]
    [InlineData(5.9604645E-08f, 0x0001)] // 2^-24
    [InlineData(2.9802322E-08f, 0x0000)] // 2^-25, a tie
    [InlineData(2.9802326E-08f, 0x0001)]
    [InlineData(8.940697E-08f, 0x0002)] // 1.5 · 2^-24, a tie
    [InlineData(6.097555E-05f, 0x03FF)] // the largest subnormal
    [InlineData(-0f, 0x8000)]
    [InlineData(float.PositiveInfinity, 0x7C00)]
    [InlineData(float.NegativeInfinity, 0xFC00)]
    public void Number_is_rounded_to_the_nearest_of_binary16(float value, int bits) => Assert.Equal(bits, Saved(value, NumberFormat.FP16));

    // 0x3F80 is 1 and its last bit 2^-7.
    [Theory]
    [InlineData(1f + (1f / 256), 0x3F80)] // a tie, to even
    [InlineData(1f + (3f / 256), 0x3F82)] // a tie, to even
    [InlineData(1f + (1f / 256) + (1f / 8388608), 0x3F81)]
    [InlineData(float.Epsilon, 0x0000)]
    [InlineData(9.1835E-41f, 0x0001)] // 2^-133, the smallest subnormal
    public void Number_is_rounded_to_the_nearest_of_bfloat16(float value, int bits) => Assert.Equal(bits, Saved(value, NumberFormat.BF16));

    [Theory]
    [InlineData(0x7F800001u, NumberFormat.FP16)]
    [InlineData(0xFF801FFFu, NumberFormat.FP16)]
    [InlineData(0x7F800001u, NumberFormat.BF16)]
    [InlineData(0xFF80FFFFu, NumberFormat.BF16)]
    public void Payload_that_would_be_lost_leaves_a_NaN(uint bits, NumberFormat format)
    {
        var saved = Saved(BitConverter.UInt32BitsToSingle(bits), format);

        Assert.Equal(bits >> 31, (uint)saved >> 15);
        Assert.True(format == NumberFormat.FP16 ? Half.IsNaN(BitConverter.UInt16BitsToHalf(saved)) : float.IsNaN(BFloat16.Widen(saved)));
    }

    [Theory]
    [InlineData(NumberFormat.FP16, 65520f, "F16", "65504")]
    [InlineData(NumberFormat.FP16, -1e30f, "F16", "65504")]
    [InlineData(NumberFormat.BF16, float.MaxValue, "BF16", "3.3895314E+38")]
    public void Number_beyond_the_type_is_named_and_nothing_is_written(NumberFormat format, float value, string type, string largest)
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2());
        model.Save(_directory.Path);
        var before = File.ReadAllBytes(_directory["model.safetensors"]);
        var bias = new float[16];
        bias[5] = value;
        model.WriteParameter("h.1.ln_2.bias", bias);

        var fault = Assert.Throws<CheckpointException>(() => model.Save(_directory.Path, new() { StorageFormat = format }));

        Assert.Equal("transformer.h.1.ln_2.bias", fault.Key);
        Assert.Contains(FormattableString.Invariant($"element 5 is {value:R}, and {type} ends at {largest}"), fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_directory["model.safetensors"]));
        Assert.Equal(["config.json", "model.safetensors"], _directory.Names());
    }

    [Fact]
    public void Types_may_be_mixed_in_a_file()
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(), seed: 8);
        string[] types = [TensorTypes.F32, TensorTypes.F16, TensorTypes.BF16];
        model.Save(_directory.Path);
        var parameters = model.Description.Parameters.Parameters().ToList();
        using (var writer = new SafetensorsWriter(_directory["model.safetensors"], [.. parameters.Select((parameter, i) => new SafetensorsEntry(parameter.Name, types[i % 3], [.. parameter.Entry.Shape.Select(side => (long)side)]))]))
        {
            foreach (var (i, parameter) in parameters.Index())
            {
                var values = model.ReadParameter(parameter.Name);
                if (i % 3 == 0)
                    writer.Write<float>(values);
                else if (i % 3 == 1)
                    writer.Write<Half>([.. values.Select(value => (Half)value)]);
                else
                    writer.Write<ushort>([.. values.Select(BFloat16.Narrow)]);
            }

            writer.Commit();
        }

        using var wide = WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2());
        using var narrow = WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2(format: NumberFormat.BF16));

        foreach (var (i, parameter) in parameters.Index())
        {
            var expected = model.ReadParameter(parameter.Name).Select(value => (i % 3) switch { 0 => value, 1 => (float)(Half)value, _ => BFloat16.Widen(BFloat16.Narrow(value)) }).ToArray();
            Assert.Equal(expected, wide.ReadParameter(parameter.Name));
            Assert.Equal(expected.Select(value => BFloat16.Widen(BFloat16.Narrow(value))), narrow.ReadParameter(parameter.Name));
        }
    }

    // 1 + 2^-8 + 2^-10 of binary16 is above the middle between 1 and 1 + 2^-7, 1 + 2^-8 is the middle; 2^-24 and 3 · 2^-24 are subnormals of binary16 alone.
    [Theory]
    [InlineData(0x3C05, 0x3F81)]
    [InlineData(0x3C04, 0x3F80)]
    [InlineData(0x3C0C, 0x3F82)]
    [InlineData(0x0001, 0x3380)]
    [InlineData(0x8003, 0xB440)]
    [InlineData(0x7BFF, 0x4780)] // 65504, nearest to 65536
    [InlineData(0xFC00, 0xFF80)]
    [InlineData(0x7C01, 0x7FC0)] // a NaN whose payload is below bfloat16's
    [InlineData(0x7D55, 0x7FAA)] // a NaN whose payload is cut
    public void Binary16_is_rounded_into_a_bf16_model(int half, int expected)
    {
        using (var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2()))
            model.Save(_directory.Path, new() { StorageFormat = NumberFormat.FP16 });
        Replace("transformer.ln_f.bias", (ushort)half);

        using var narrow = WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2(format: NumberFormat.BF16));
        narrow.Save(_directory["copy"]);

        Assert.Equal(expected, First("copy/model.safetensors", "transformer.ln_f.bias"));
    }

    [Theory]
    [InlineData(NumberFormat.INT8)]
    [InlineData(NumberFormat.INT4)]
    public void Integers_are_no_format_of_a_file(NumberFormat format) =>
        Assert.Throws<ArgumentException>(() => new SaveOptions { StorageFormat = format });

    public void Dispose() => _directory.Dispose();

    // A checkpoint whose positions have all bit patterns there are; of F32, all upper halves before a lower half of many bits.
    private byte[] SaveAllBits(string type, NumberFormat format)
    {
        using (var model = WeightsOnly.Create(_device, Wide, seed: 3))
            model.Save(_directory.Path, new() { StorageFormat = format });
        var content = File.ReadAllBytes(_directory["model.safetensors"]);
        var data = Data(content, "transformer.wpe.weight");
        for (var bits = 0; bits < 65_536; bits++)
        {
            if (type == TensorTypes.F32)
                BitConverter.TryWriteBytes(data[(4 * bits)..], ((uint)bits << 16) | 0x5A5Bu);
            else
                BitConverter.TryWriteBytes(data[(2 * bits)..], (ushort)bits);
        }

        File.WriteAllBytes(_directory["model.safetensors"], content);
        return content;
    }

    private ushort Saved(float value, NumberFormat format)
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2());
        var bias = new float[16];
        bias[0] = value;
        model.WriteParameter("ln_f.bias", bias);
        model.Save(_directory.Path, new() { StorageFormat = format });
        return First("model.safetensors", "transformer.ln_f.bias");
    }

    private ushort First(string file, string tensor) => MemoryMarshal.Read<ushort>(Data(File.ReadAllBytes(_directory[file]), tensor));

    private void Replace(string tensor, ushort bits)
    {
        var content = File.ReadAllBytes(_directory["model.safetensors"]);
        MemoryMarshal.Write(Data(content, tensor), bits);
        File.WriteAllBytes(_directory["model.safetensors"], content);
    }

    // By the offsets that the header states as text.
    private static Span<byte> Data(byte[] content, string tensor)
    {
        var start = 8 + (int)BitConverter.ToInt64(content);
        using var header = System.Text.Json.JsonDocument.Parse(content.AsMemory(8, start - 8));
        var offsets = header.RootElement.GetProperty(tensor).GetProperty("data_offsets");
        return content.AsSpan((start + offsets[0].GetInt32())..(start + offsets[1].GetInt32()));
    }
}

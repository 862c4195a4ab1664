using System.Buffers.Binary;
using System.Text;
using Intaglio.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Files that break one rule of the format each: every one is an error that names the file and what is wrong, and none is anything worse.</summary>
public sealed class SafetensorsHostileTests : IDisposable
{
    private const string Four = """{"dtype":"F32","shape":[4],"data_offsets":[0,16]}""";

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string, int, string> Headers => new()
    {
        // what it is, header, bytes of data, what the message must say
        { "empty header", "", 0, "not a JSON object" },
        { "white space before the object", " {}", 0, "not a JSON object" },
        { "an array", "[]", 0, "not a JSON object" },
        { "byte order mark", "\uFEFF{}", 0, "not a JSON object" },
        { "cut in the middle", "{\"a\":{\"dtype\":\"F32\"", 0, "not valid JSON" },
        { "not closed", "{\"a\":" + Four, 16, "not valid JSON" },
        { "text behind the object", "{} x", 0, "not valid JSON" },
        { "a second object", "{}{}", 0, "not valid JSON" },
        { "zeros as padding", "{}\0\0\0\0\0\0", 0, "not valid JSON" },
        { "a comment", "{/* */}", 0, "not valid JSON" },
        { "a trailing comma", "{\"a\":" + Four + ",}", 16, "not valid JSON" },
        { "half a surrogate pair in a name", "{\"\\ud800\":" + Four + "}", 16, "not valid JSON" },
        { "half a surrogate pair in a type", """{"a":{"dtype":"\ud800","shape":[4],"data_offsets":[0,16]}}""", 16, "not valid JSON" },
        { "a name twice", "{\"a\":" + Four + ",\"a\":" + Four + "}", 16, "a: expected a key that occurs once" },
        { "a name twice, once escaped", "{\"a\":" + Four + ",\"\\u0061\":" + Four + "}", 16, "a: expected a key that occurs once" },
        { "a tensor that is an array", """{"a":["F32",[4],[0,16]]}""", 16, "a: expected an object" },
        { "a tensor that is null", """{"a":null}""", 0, "a: expected an object" },
        { "no dtype", """{"a":{"shape":[4],"data_offsets":[0,16]}}""", 16, "a.dtype" },
        { "no shape", """{"a":{"dtype":"F32","data_offsets":[0,16]}}""", 16, "a.shape" },
        { "no offsets", """{"a":{"dtype":"F32","shape":[4]}}""", 16, "a.data_offsets" },
        { "dtype twice", """{"a":{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 16, "a.dtype: expected a key that occurs once" },
        { "unknown dtype", """{"a":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}}""", 16, "\"F128\"" },
        { "dtype in lower case", """{"a":{"dtype":"f32","shape":[4],"data_offsets":[0,16]}}""", 16, "\"f32\"" },
        { "dtype that is a number", """{"a":{"dtype":32,"shape":[4],"data_offsets":[0,16]}}""", 16, "a.dtype: expected a string, found 32" },
        { "shape that is a number", """{"a":{"dtype":"F32","shape":4,"data_offsets":[0,16]}}""", 16, "a.shape: expected an array" },
        { "negative side", """{"a":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}""", 16, "a.shape: expected whole numbers" },
        { "two negative sides", """{"a":{"dtype":"F32","shape":[-2,-2],"data_offsets":[0,16]}}""", 16, "a.shape: expected whole numbers" },
        { "broken side", """{"a":{"dtype":"F32","shape":[4.5],"data_offsets":[0,16]}}""", 16, "4.5" },
        { "side with an exponent", """{"a":{"dtype":"F32","shape":[4e0],"data_offsets":[0,16]}}""", 16, "4e0" },
        { "side that is text", """{"a":{"dtype":"F32","shape":["4"],"data_offsets":[0,16]}}""", 16, "found a string" },
        { "nested shape", """{"a":{"dtype":"F32","shape":[[4]],"data_offsets":[0,16]}}""", 16, "found an array" },
        { "side beyond 64 bits", """{"a":{"dtype":"F32","shape":[18446744073709551620],"data_offsets":[0,16]}}""", 16, "18446744073709551620" },
        { "size that wraps to the right one", """{"a":{"dtype":"F32","shape":[4611686018427387905,4],"data_offsets":[0,16]}}""", 16, "fits 64 bits" },
        { "many large sides", """{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,9223372036854775807,9223372036854775807],"data_offsets":[0,16]}}""", 16, "fits 64 bits" },
        { "begin after end", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}""", 16, "not after the end" },
        { "one offset", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[16]}}""", 16, "two numbers" },
        { "three offsets", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16,16]}}""", 16, "two numbers" },
        { "negative offset", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}}""", 16, "a.data_offsets: expected whole numbers" },
        { "offsets that are an object", """{"a":{"dtype":"F32","shape":[4],"data_offsets":{"begin":0}}}""", 16, "a.data_offsets: expected an array" },
        { "data shorter than the shape", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,12]}}""", 12, "expected 16 bytes" },
        { "data longer than the shape", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}""", 16, "expected 12 bytes" },
        { "half a byte", """{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}""", 1, "expected 1.5 bytes" },
        { "end behind the file", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 12, "truncated" },
        { "both offsets behind the file", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[9223372036854775791,9223372036854775807]}}""", 16, "truncated" },
        { "gap at the start", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[4,20]}}""", 20, "gap" },
        { "gap in the middle", "{\"a\":" + Four + ""","b":{"dtype":"F32","shape":[1],"data_offsets":[20,24]}}""", 24, "gap" },
        { "overlap", "{\"a\":" + Four + ""","b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}""", 20, "overlaps" },
        { "the same data twice", "{\"a\":" + Four + ",\"b\":" + Four + "}", 16, "overlaps" },
        { "a tensor inside another", "{\"a\":" + Four + ""","b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 16, "overlaps" },
        { "bytes behind the last tensor", "{\"a\":" + Four + "}", 17, "belong to no tensor" },
        { "data without tensors", "{}", 8, "belong to no tensor" },
        { "metadata that is text", """{"__metadata__":"pt"}""", 0, "__metadata__: expected an object" },
        { "metadata with a number", """{"__metadata__":{"step":1}}""", 0, "__metadata__.step: expected a string" },
        { "metadata with an object", """{"__metadata__":{"a":{"b":"c"}}}""", 0, "__metadata__.a: expected a string" },
        { "metadata with null", """{"__metadata__":{"a":null}}""", 0, "__metadata__.a: expected a string, found null" },
        { "metadata key twice", """{"__metadata__":{"a":"b","a":"b"}}""", 0, "__metadata__.a: expected a key that occurs once" },
        { "metadata twice", """{"__metadata__":{},"__metadata__":{}}""", 0, "__metadata__: expected a key that occurs once" },
        { "deep nesting", "{\"a\":" + new string('[', 100_000), 0, "expected an object" },
        { "deep nesting in an unknown key", "{\"a\":{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}}", 0, "not valid JSON" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Broken_header_is_reported(string what, string header, int dataBytes, string message)
    {
        var fault = Assert.Throws<CheckpointException>(() => Open(File(header, dataBytes)));

        Assert.StartsWith(_directory["hostile.safetensors"], fault.Message, StringComparison.Ordinal);
        Assert.True(fault.Message.Contains(message, StringComparison.Ordinal), $"{what}: {fault.Message}");
        Assert.Equal(_directory["hostile.safetensors"], fault.File);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void File_shorter_than_the_length_is_reported(int bytes)
    {
        var fault = Assert.Throws<CheckpointException>(() => Open(new byte[bytes]));

        Assert.Contains($"the file has {bytes} bytes", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3UL, "truncated")]
    [InlineData(100_000_000UL, "truncated")]
    [InlineData(100_000_001UL, "the format allows 100000000")]
    [InlineData(1UL << 63, "the format allows 100000000")]
    [InlineData(ulong.MaxValue, "the format allows 100000000")]
    public void Header_length_beyond_the_file_or_the_format_is_reported(ulong length, string message)
    {
        var content = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(content, length);

        Assert.Contains(message, Assert.Throws<CheckpointException>(() => Open(content)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_header_is_reported()
    {
        var whole = File("{\"a\":" + Four + "}", 16);

        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<CheckpointException>(() => Open(whole[..length]));
    }

    [Fact]
    public void Header_that_is_not_utf8_is_reported()
    {
        var content = File("{\"?\":" + Four + "}", 16);
        content[10] = 0xFF;

        Assert.Contains("not valid JSON", Assert.Throws<CheckpointException>(() => Open(content)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Git_lfs_pointer_is_recognised()
    {
        var fault = Assert.Throws<CheckpointException>(() => Open("version https://git-lfs.github.com/spec/v1\n"u8.ToArray()));

        Assert.Contains("git lfs pull", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_flipped_bit_is_reported_or_harmless()
    {
        var whole = File("{\"a\":" + Four + "}", 16);

        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // What still opens (another name, other data, BF16 in place of nothing) has to stay readable.
                using var reader = Open(damaged);
                foreach (var tensor in reader.Tensors.Where(tensor => TensorTypes.IsReadable(tensor.Type)))
                    Assert.Equal(tensor.Count, reader.Read(tensor.Name).Length);
            }
            catch (CheckpointException fault)
            {
                Assert.StartsWith(_directory["hostile.safetensors"], fault.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Missing_file_and_directory_are_reported()
    {
        Assert.Equal(_directory["none"], Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(_directory["none"])).File);
        Assert.Equal(_directory.Path, Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(_directory.Path)).File);
    }

    [Fact]
    public void File_that_shrinks_while_it_is_open_is_reported()
    {
        using var reader = Open(File("{\"a\":" + Four + "}", 16));
        using (var file = System.IO.File.Open(_directory["hostile.safetensors"], new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite }))
            file.SetLength(file.Length - 1);

        Assert.Contains("shorter", Assert.Throws<CheckpointException>(() => reader.Read("a")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static byte[] File(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var content = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(content, (ulong)json.Length);
        json.CopyTo(content, 8);
        return content;
    }

    private SafetensorsReader Open(byte[] content)
    {
        System.IO.File.WriteAllBytes(_directory["hostile.safetensors"], content);
        return SafetensorsReader.Open(_directory["hostile.safetensors"]);
    }
}

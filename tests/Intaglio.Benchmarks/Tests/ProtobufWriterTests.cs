using Intaglio.Benchmarks.Onnx;
using Xunit;

namespace Intaglio.Benchmarks.Tests;

/// <summary>The examples of protobuf.dev/programming-guides/encoding.</summary>
public sealed class ProtobufWriterTests
{
    [Fact]
    public void Integer_is_a_varint() => Assert.Equal("089601", Written(writer => writer.Integer(1, 150)));

    [Fact]
    public void Negative_integer_has_ten_bytes() => Assert.Equal("08FEFFFFFFFFFFFFFFFF01", Written(writer => writer.Integer(1, -2)));

    [Fact]
    public void Text_has_its_length_before_it() => Assert.Equal("120774657374696E67", Written(writer => writer.Text(2, "testing")));

    [Fact]
    public void Single_is_little_endian() => Assert.Equal("150000803F", Written(writer => writer.Single(2, 1)));

    // The guide has a length of one byte; five say the same.
    [Fact]
    public void Length_of_a_message_is_filled_in_when_it_ends() => Assert.Equal("1A8380808000" + "089601" + "2001", Written(writer =>
    {
        using (writer.Begin(3))
            writer.Integer(1, 150);
        writer.Integer(4, 1);
    }));

    private static string Written(Action<ProtobufWriter> write)
    {
        using var stream = new MemoryStream();
        write(new(stream));
        return Convert.ToHexString(stream.ToArray());
    }
}

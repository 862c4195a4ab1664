using Intaglio.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>A good file, damaged at every place.</summary>
public sealed class SafetensorsDamageTests : IDisposable
{
    private const string Four = """{"dtype":"F32","shape":[4],"data_offsets":[0,16]}""";

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Truncated_header_is_reported()
    {
        var whole = SafetensorsFiles.Content("{\"a\":" + Four + "}", 16);

        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<CheckpointException>(() => Open(whole[..length]));
    }

    [Fact]
    public void Any_flipped_bit_is_reported_or_harmless()
    {
        var whole = SafetensorsFiles.Content("{\"a\":" + Four + "}", 16);

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
    public void File_that_shrinks_while_it_is_open_is_reported()
    {
        using var reader = Open(SafetensorsFiles.Content("{\"a\":" + Four + "}", 16));
        using (var file = File.Open(_directory["hostile.safetensors"], new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite }))
            file.SetLength(file.Length - 1);

        Assert.Contains("shorter", Assert.Throws<CheckpointException>(() => reader.Read("a")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private SafetensorsReader Open(byte[] content)
    {
        File.WriteAllBytes(_directory["hostile.safetensors"], content);
        return SafetensorsReader.Open(_directory["hostile.safetensors"]);
    }
}

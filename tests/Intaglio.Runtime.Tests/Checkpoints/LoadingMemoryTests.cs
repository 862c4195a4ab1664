using System.Text;
using System.Text.Json;
using Intaglio.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Loading takes the memory of the weights and little more, however large tensors are.</summary>
public sealed class LoadingMemoryTests : IDisposable
{
    // A chunk and its conversion, 1 MiB each, headers, names and the report; no tensor of 160 MB has room in it.
    private const long Slack = 8 << 20;

    private readonly TemporaryDirectory _directory = new();

    /// <summary>Everything that loading allocates is allocated on its own thread, or is the weights; no file is mapped.</summary>
    [SkippableTheory]
    [InlineData(TensorTypes.F32, NumberFormat.FP32, 4, long.MaxValue)]
    [InlineData(TensorTypes.F32, NumberFormat.FP32, 4, 100_000_000)]
    [InlineData(TensorTypes.F16, NumberFormat.FP32, 2, long.MaxValue)]
    [InlineData(TensorTypes.F32, NumberFormat.BF16, 4, long.MaxValue)]
    [InlineData(TensorTypes.BF16, NumberFormat.BF16, 2, long.MaxValue)]
    public void Large_checkpoint_takes_no_more_memory_than_its_weights(string type, NumberFormat format, int bytes, long maxShardBytes)
    {
        Skip.If(OperatingSystem.IsWindows(), "files are not sparse by themselves there");
        using var device = Device.Cpu();
        var description = WeightsOnly.Gpt2(vocabulary: 40_000, width: 1024, layers: 3, heads: 16, format: format);
        WriteSparse(description, type, bytes, maxShardBytes);
        var file = Directory.GetFiles(_directory.Path, "*.safetensors").Sum(path => new FileInfo(path).Length);
        Assert.InRange(file, 75_000_000L * bytes, 80_000_000L * bytes);
        using var model = new WeightsOnly(device, description);
        var before = GC.GetAllocatedBytesForCurrentThread();

        CheckpointLoader.Load(model, _directory.Path);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Slack);
        Assert.Equal(1, model.ReadParameter("ln_f.bias")[1023]);
    }

    [Fact]
    public void File_that_becomes_shorter_while_it_is_read_is_reported()
    {
        using var host = new HostDevice();
        using var model = WeightsOnly.Create(host, WeightsOnly.Gpt2());
        model.Save(_directory.Path);
        using var reader = SafetensorsReader.Open(_directory["model.safetensors"]);
        Assert.Equal(16, reader.Read("transformer.ln_f.bias").Length);

        using (var file = File.OpenWrite(_directory["model.safetensors"]))
            file.SetLength(file.Length - 1);

        var fault = Assert.Throws<CheckpointException>(() => reader.Read("transformer.ln_f.bias"));
        Assert.Equal((_directory["model.safetensors"], "transformer.ln_f.bias"), (fault.File, fault.Key));
        Assert.Contains("the file became shorter while it was read", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    // Zeros, of which a file system stores nothing, but for the last number of all, which is 1.
    private void WriteSparse(ModelDescription description, string type, int bytes, long maxShardBytes)
    {
        var shards = Shard.Divide(description.Parameters.Parameters(), bytes, maxShardBytes);
        foreach (var shard in shards)
        {
            var begin = 0L;
            var entries = new Dictionary<string, object>();
            foreach (var parameter in shard.Parameters)
            {
                var end = begin + (parameter.Entry.Count * bytes);
                entries[TensorNames.Saved(description, parameter.Name)] = new { dtype = type, shape = parameter.Entry.Shape, data_offsets = (long[])[begin, end] };
                begin = end;
            }

            var header = JsonSerializer.SerializeToUtf8Bytes(entries);
            using var file = File.Create(_directory[shard.Name]);
            file.Write(BitConverter.GetBytes((long)header.Length));
            file.Write(header);
            file.SetLength(8 + header.Length + begin);
            if (shard == shards[^1])
                WriteOne(file, type);
        }

        if (shards.Length > 1)
        {
            var map = shards.SelectMany(shard => shard.Parameters.Select(parameter => (TensorNames.Saved(description, parameter.Name), shard.Name))).ToDictionary();
            File.WriteAllText(CheckpointDirectory.Index(_directory.Path), JsonSerializer.Serialize(new { weight_map = map }), Encoding.UTF8);
        }

        File.WriteAllBytes(_directory["config.json"], ConfigurationFile.Content(description.Configuration));
    }

    private static void WriteOne(FileStream file, string type)
    {
        byte[] one = type switch
        {
            TensorTypes.F32 => [0, 0, 0x80, 0x3F],
            TensorTypes.F16 => [0, 0x3C],
            _ => [0x80, 0x3F],
        };
        file.Seek(-one.Length, SeekOrigin.End);
        file.Write(one);
    }
}

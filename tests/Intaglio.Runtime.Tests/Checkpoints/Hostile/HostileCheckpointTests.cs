using Intaglio.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>A checkpoint that does not load leaves a model as it was.</summary>
public sealed class HostileCheckpointTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HostDevice _device = new();

    [Fact]
    public void Hostile_weights_change_nothing() => AssertNothingChanges("model.safetensors", SafetensorsFiles.All);

    [Fact]
    public void Hostile_configuration_changes_nothing() => AssertNothingChanges("config.json", ConfigurationFiles.All.Where(file => file.Complaint is not null));

    [Theory]
    [InlineData("\"dtype\":\"F32\",\"shape\":[16]", "\"dtype\":\"I32\",\"shape\":[16]", "F32, F16 or BF16")]
    [InlineData("\"shape\":[20,16]", "\"shape\":[16,20]", "[20, 16]")]
    [InlineData("\"shape\":[20,16]", "\"shape\":[320]", "[20, 16]")]
    [InlineData("\"shape\":[20,16]", "\"shape\":[1,20,16]", "[20, 16]")]
    [InlineData("transformer.ln_f.bias", "transformer.ln_f.bios", "[16]")]
    [InlineData("transformer.ln_f.bias", "../../../ln_f.bias/..", "[16]")]
    public void One_wrong_tensor_changes_nothing(string original, string changed, string expected)
    {
        using var source = WeightsOnly.Create(_device, WeightsOnly.Gpt2(), seed: 1);
        source.Save(_directory.Path);
        var content = File.ReadAllBytes(_directory["model.safetensors"]);
        var at = content.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(original));
        Assert.True(at > 0);
        byte[] damaged = [.. content[..at], .. System.Text.Encoding.ASCII.GetBytes(changed), .. content[(at + original.Length)..]];
        BitConverter.TryWriteBytes(damaged, BitConverter.ToInt64(content) + changed.Length - original.Length);
        File.WriteAllBytes(_directory["model.safetensors"], damaged);
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(), seed: 2);
        var before = Weights(model);

        var fault = Assert.Throws<CheckpointException>(() => CheckpointLoader.Load(model, _directory.Path));

        Assert.Equal(expected, fault.Expected);
        Assert.Equal(before, Weights(model));
    }

    [Fact]
    public void Factory_leaves_no_memory_behind()
    {
        using (var source = WeightsOnly.Create(_device, WeightsOnly.Gpt2()))
            source.Save(_directory.Path);

        foreach (var file in SafetensorsFiles.All)
        {
            File.WriteAllBytes(_directory["model.safetensors"], file.Write());
            Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2()));
        }

        Assert.Equal(0, _device.LiveBuffers);
    }

    public void Dispose() => _directory.Dispose();

    // A file that keeps to the format is still not this model's: all of these are refused.
    private void AssertNothingChanges(string name, IEnumerable<HostileFile> files)
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(), seed: 2);
        using (var source = WeightsOnly.Create(_device, WeightsOnly.Gpt2(), seed: 1))
            source.Save(_directory.Path);
        var before = Weights(model);

        foreach (var file in files)
        {
            File.WriteAllBytes(_directory[name], file.Write());

            var fault = Assert.Throws<CheckpointException>(() => CheckpointLoader.Load(model, _directory.Path));

            Assert.Equal(_directory[name], fault.File);
            Assert.True(before.AsSpan().SequenceEqual(Weights(model)), file.Name);
        }
    }

    private static byte[] Weights(WeightsOnly model)
    {
        var bytes = new byte[model.Weights.Bytes];
        model.Weights.Read<byte>(bytes);
        return bytes;
    }
}

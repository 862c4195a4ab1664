using Intaglio.Checkpoints;
using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

public sealed class SaveAndLoadTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HostDevice _device = new();

    [Theory]
    [InlineData(NumberFormat.FP32, true)]
    [InlineData(NumberFormat.BF16, true)]
    [InlineData(NumberFormat.FP32, false)]
    public void Saved_model_is_loaded_bit_for_bit(NumberFormat format, bool isTied)
    {
        var description = WeightsOnly.Gpt2(format: format, isTied: isTied);
        using var model = WeightsOnly.Create(_device, description, seed: 5);

        model.Save(_directory["new/model"]);
        using var loaded = WeightsOnly.Load(_directory["new/model"], _device, description);

        Assert.Equal(Bytes(model), Bytes(loaded));
    }

    [Fact]
    public void Names_are_those_of_transformers()
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(isTied: false));
        model.Save(_directory.Path);

        using var reader = SafetensorsReader.Open(_directory["model.safetensors"]);

        Assert.True(reader.TryGet("transformer.h.1.attn.c_attn.weight", out var tensor));
        Assert.Equal([16L, 48L], tensor.Shape);
        Assert.True(reader.TryGet("lm_head.weight", out _));
        Assert.False(reader.TryGet("transformer.lm_head.weight", out _));
        Assert.Equal("pt", reader.Metadata["format"]);
        Assert.All(reader.Tensors, item => Assert.Equal(TensorTypes.F32, item.Type));
        Assert.Equal(["config.json", "model.safetensors"], _directory.Names());
    }

    [Fact]
    public void Bf16_model_saves_bf16_and_loads_into_fp32_exactly()
    {
        using var narrow = WeightsOnly.Create(_device, WeightsOnly.Gpt2(format: NumberFormat.BF16), seed: 6);
        narrow.Save(_directory.Path);

        using (var reader = SafetensorsReader.Open(_directory["model.safetensors"]))
            Assert.All(reader.Tensors, item => Assert.Equal(TensorTypes.BF16, item.Type));
        using var wide = WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2());
        Assert.Equal(narrow.ReadParameter("wte.weight"), wide.ReadParameter("wte.weight"));
    }

    [Fact]
    public void F32_file_is_rounded_into_a_bf16_model()
    {
        using var wide = WeightsOnly.Create(_device, WeightsOnly.Gpt2(), seed: 6);
        wide.Save(_directory.Path);

        using var narrow = WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2(format: NumberFormat.BF16));

        Assert.Equal(wide.ReadParameter("wte.weight").Select(value => BFloat16.Widen(BFloat16.Narrow(value))), narrow.ReadParameter("wte.weight"));
    }

    [Fact]
    public void F16_file_without_prefix_is_loaded()
    {
        var description = WeightsOnly.Gpt2();
        using var model = WeightsOnly.Create(_device, description, seed: 9);
        model.Save(_directory.Path);
        Rewrite(entries => [.. entries.Select(entry => entry with { Name = entry.Name.Replace("transformer.", "", StringComparison.Ordinal), Type = TensorTypes.F16 })],
            values => System.Runtime.InteropServices.MemoryMarshal.AsBytes<Half>([.. values.Select(value => (Half)value)]).ToArray());

        using var loaded = WeightsOnly.Load(_directory.Path, _device, description);

        Assert.Equal(model.ReadParameter("h.1.mlp.c_fc.weight").Select(value => (float)(Half)value), loaded.ReadParameter("h.1.mlp.c_fc.weight"));
    }

    [Fact]
    public void Tensors_that_other_writers_add_are_ignored()
    {
        var description = WeightsOnly.Gpt2();
        using var model = WeightsOnly.Create(_device, description);
        model.Save(_directory.Path);
        Append(new("transformer.h.0.attn.bias", TensorTypes.F32, [1]), new("h.11.attn.masked_bias", TensorTypes.F32, [1]));

        using var loaded = WeightsOnly.Load(_directory.Path, _device, description);

        Assert.Equal(Bytes(model), Bytes(loaded));
    }

    [Theory]
    [InlineData("extra")]
    [InlineData("h.x.attn.bias")]
    [InlineData("h..attn.bias")]
    [InlineData("h.0.attn.bias.more")]
    [InlineData("more.h.0.attn.bias")]
    [InlineData("transformer.h.2.ln_1.weight")]
    public void Other_tensors_are_unexpected(string name)
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2());
        model.Save(_directory.Path);
        Append(new SafetensorsEntry(name, TensorTypes.F32, [1]));

        var fault = Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2()));

        Assert.Equal((name, "nothing"), (fault.Key, fault.Expected));
        Assert.Contains($"unexpected: {name} F32 [1]", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_unexpected_and_misshapen_tensors_are_reported_together_and_nothing_stays()
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2());
        model.Save(_directory.Path);
        Rewrite(entries =>
        [
            .. entries.Select(entry => entry.Name switch
            {
                "transformer.ln_f.bias" => entry with { Name = "ln_g.bias" },
                "transformer.h.0.attn.c_attn.weight" => entry with { Shape = [48, 16] },
                _ => entry,
            }),
        ]);
        var live = _device.LiveBuffers;

        var fault = Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2()));

        Assert.Contains("transformer.h.0.attn.c_attn.weight: the model declares [16, 48], the file has [48, 16]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("missing: transformer.ln_f.bias [16]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected: ln_g.bias F32 [16]", fault.Message, StringComparison.Ordinal);
        Assert.Equal(live, _device.LiveBuffers);
    }

    [Fact]
    public void Long_lists_are_cut()
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(layers: 1));
        model.Save(_directory.Path);
        File.WriteAllBytes(_directory["config.json"], ConfigurationFile.Content(WeightsOnly.Gpt2(layers: 30).Configuration));

        var fault = Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2(layers: 30)));

        // 29 layers of 12 tensors, 8 of which are shown.
        Assert.Contains("and 340 more", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensor_under_both_names_is_refused()
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2());
        model.Save(_directory.Path);
        Append(new SafetensorsEntry("wte.weight", TensorTypes.F32, [20, 16]));

        Assert.Contains("both", Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensor_of_integers_is_refused()
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2());
        model.Save(_directory.Path);
        Rewrite(entries => [.. entries.Select(entry => entry.Name == "transformer.ln_f.bias" ? entry with { Type = "I32" } : entry)]);

        Assert.Contains("ln_f.bias: the model declares F32, F16 or BF16, the file has I32", Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors", "model.safetensors: the file is not there")]
    [InlineData("config.json", "config.json: the file is not there")]
    public void Missing_file_is_named(string name, string message)
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2());
        model.Save(_directory.Path);
        File.Delete(_directory[name]);

        Assert.Contains(message, Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("pytorch_model-00001-of-00002.bin")]
    [InlineData("pytorch_model.bin.index.json")]
    public void Other_layouts_are_recognised(string name)
    {
        File.WriteAllText(_directory[name], "{}");

        var fault = Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2()));

        Assert.Contains($"there is a {name}, which is not supported: save it with safe_serialization=True", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Directory_that_is_none_is_reported()
    {
        File.WriteAllText(_directory["file"], "");

        Assert.Contains("this is a file", Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory["file"], _device, WeightsOnly.Gpt2())).Message, StringComparison.Ordinal);
        Assert.Contains("this is not there", Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory["none"], _device, WeightsOnly.Gpt2())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Configuration_of_another_model_is_reported_before_its_tensors()
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(layers: 3));
        model.Save(_directory.Path);

        var fault = Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2()));

        Assert.Equal(("n_layer", "2", "3"), (fault.Key, fault.Expected, fault.Actual));
    }

    [Fact]
    public void Saving_over_a_file_is_reported_and_leaves_the_file()
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2());
        File.WriteAllText(_directory["file"], "old");

        var fault = Assert.Throws<CheckpointException>(() => model.Save(_directory["file"]));

        Assert.Equal(_directory["file"], fault.File);
        Assert.Equal("old", File.ReadAllText(_directory["file"]));
        Assert.Throws<CheckpointException>(() => model.Save(_directory["file/below"]));
    }

    [SkippableFact]
    public void Saving_where_nothing_can_be_written_is_reported()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/proc is Linux's");
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2());

        Assert.Contains("cannot be saved here", Assert.Throws<CheckpointException>(() => model.Save("/proc/self")).Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => model.Save("/proc/none"));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    public void Directory_in_the_place_of_a_file_is_reported_and_nothing_is_written(string name)
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2());
        Directory.CreateDirectory(_directory[name]);

        Assert.Throws<CheckpointException>(() => model.Save(_directory.Path));

        Assert.Equal([name], _directory.Names());
    }

    [Fact]
    public void Failure_while_writing_leaves_the_old_checkpoint_whole()
    {
        var description = WeightsOnly.Gpt2();
        using var model = WeightsOnly.Create(_device, description, seed: 1);
        model.Save(_directory.Path);
        byte[][] before = [File.ReadAllBytes(_directory["config.json"]), File.ReadAllBytes(_directory["model.safetensors"])];

        // A table that claims more weights than the device holds fails in the middle of the last tensors.
        var broken = new WeightsOnly(_device, description with { Parameters = description.Parameters with { Length = 2000 } });

        Assert.ThrowsAny<Exception>(() => broken.Save(_directory.Path));
        Assert.ThrowsAny<Exception>(() => broken.Save(_directory["new"]));

        Assert.Equal(before, [File.ReadAllBytes(_directory["config.json"]), File.ReadAllBytes(_directory["model.safetensors"])]);
        Assert.Equal(["config.json", "model.safetensors"], _directory.Names());
    }

    [Fact]
    public void Saving_over_another_models_checkpoint_replaces_both_files()
    {
        using var other = WeightsOnly.Create(_device, WeightsOnly.Gpt2(width: 32));
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(), seed: 2);
        other.Save(_directory.Path);

        model.Save(_directory.Path);

        using var loaded = WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2());
        Assert.Equal(Bytes(model), Bytes(loaded));
        Assert.Equal(["config.json", "model.safetensors"], _directory.Names());
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(32, false)]
    public void Weights_never_stand_beside_the_configuration_of_another_model(int widthBefore, bool isSameModel)
    {
        using var before = WeightsOnly.Create(_device, WeightsOnly.Gpt2(width: widthBefore));
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(width: 16));
        before.Save(_directory.Path);

        // A directory that takes the weights' place while they are written makes the first of the two renames fail.
        _device.Reading = () =>
        {
            if (File.Exists(_directory["model.safetensors"]))
                File.Delete(_directory["model.safetensors"]);
            Directory.CreateDirectory(_directory["model.safetensors"]);
        };
        Assert.Throws<CheckpointException>(() => model.Save(_directory.Path));

        // Whatever the rename did, another model's configuration is gone by then, and the own one may stay.
        Assert.Equal(isSameModel ? ["config.json", "model.safetensors"] : ["model.safetensors"], _directory.Names());
    }

    [SkippableFact]
    public void Published_checkpoint_with_default_inner_size_is_loaded()
    {
        var directory = SharedData.Find("hf-tiny/gpt2-a");
        var description = WeightsOnly.Gpt2(vocabulary: 96, context: 32, width: 32, layers: 2, heads: 4);

        using var model = WeightsOnly.Load(directory, _device, description);

        CheckAgainstFile(model, description, directory);
    }

    [SkippableFact]
    public void Published_checkpoint_is_loaded_and_its_copy_has_the_same_tensors()
    {
        var directory = SharedData.Find("gpt2-tiny-random");
        var description = WeightsOnly.Gpt2(vocabulary: 1000, context: 512, width: 32, layers: 5, heads: 4);

        using var model = WeightsOnly.Load(directory, _device, description);
        CheckAgainstFile(model, description, directory);
        model.Save(_directory.Path);

        using var original = SafetensorsReader.Open(System.IO.Path.Combine(directory, "model.safetensors"));
        using var copy = SafetensorsReader.Open(_directory["model.safetensors"]);
        Assert.Equal(
            original.Tensors.Select(tensor => tensor.ToString()).Order(StringComparer.Ordinal),
            copy.Tensors.Select(tensor => tensor.ToString()).Order(StringComparer.Ordinal));
        Assert.All(original.Tensors, tensor => Assert.Equal(original.Read(tensor.Name), copy.Read(tensor.Name)));
    }

    [SkippableFact]
    public void Published_checkpoint_of_another_head_count_is_refused()
    {
        var directory = SharedData.Find("hf-tiny/gpt2-a");

        var fault = Assert.Throws<CheckpointException>(
            () => WeightsOnly.Load(directory, _device, WeightsOnly.Gpt2(vocabulary: 96, context: 32, width: 32, layers: 2, heads: 8, inner: 100)));

        Assert.Contains("n_head: the model declares 8, the file says 4", fault.Message, StringComparison.Ordinal);
        Assert.Contains("n_inner: the model declares 100, the file does not say, which means 128", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static byte[] Bytes(LanguageModel model)
    {
        var bytes = new byte[model.Weights.Bytes];
        model.Weights.Read<byte>(bytes);
        return bytes;
    }

    // Bytes straight from the file, found by the offsets that its header states as text.
    private static void CheckAgainstFile(WeightsOnly model, ModelDescription description, string directory)
    {
        var content = File.ReadAllBytes(System.IO.Path.Combine(directory, "model.safetensors"));
        var dataStart = 8 + (int)BitConverter.ToInt64(content);
        using var header = System.Text.Json.JsonDocument.Parse(content.AsMemory(8, dataStart - 8));
        foreach (var parameter in description.Parameters.Parameters())
        {
            var begin = header.RootElement.GetProperty($"transformer.{parameter.Name}").GetProperty("data_offsets")[0].GetInt32();
            var values = model.ReadParameter(parameter.Name);
            for (var i = 0; i < values.Length; i++)
                Assert.Equal(BitConverter.ToSingle(content, dataStart + begin + (i * sizeof(float))), values[i]);
        }
    }

    private void Append(params SafetensorsEntry[] added) => Rewrite(entries => [.. entries, .. added]);

    private void Rewrite(Func<SafetensorsEntry[], SafetensorsEntry[]> change, Func<float[], byte[]>? convert = null) =>
        SafetensorsEdit.Rewrite(_directory["model.safetensors"], change, convert);
}

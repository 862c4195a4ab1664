using System.Text.Json;
using System.Text.Json.Nodes;
using Intaglio.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Checkpoints of several files.</summary>
public sealed class ShardTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";

    private static readonly ModelDescription Small = WeightsOnly.Gpt2();

    private readonly TemporaryDirectory _directory = new();
    private readonly HostDevice _device = new();

    [Theory]
    [InlineData(1, 28)]
    [InlineData(4096, 12)]
    [InlineData(10_000, 4)]
    public void Saved_shards_are_loaded_bit_for_bit(long maxShardBytes, int files)
    {
        using var model = Save(maxShardBytes);

        Assert.Equal(["config.json", .. Names(files), Index], _directory.Names());
        AssertLoads(model);
    }

    // Sums made by hand of the sizes: wte 1280, wpe 512, and for each layer 64 64 3072 192 1024 64 64 64 4096 256 4096 64, then 64 64.
    [Theory]
    [InlineData(5000)]
    [InlineData(4992)]
    public void Tensors_are_divided_as_transformers_divides_them(long maxShardBytes)
    {
        using var model = Save(maxShardBytes);

        string[] starts = [.. Names(7).Select(name =>
        {
            using var shard = SafetensorsReader.Open(_directory[name]);
            return $"{shard.Tensors[0].Name} {shard.Tensors.Sum(tensor => tensor.Bytes)}";
        })];

        Assert.Equal(
            [
                "transformer.wte.weight 4992", // 1280 512 64 64 3072, and 192 would be too much
                "transformer.h.0.attn.c_attn.bias 1408",
                "transformer.h.0.mlp.c_fc.weight 4352",
                "transformer.h.0.mlp.c_proj.weight 4288",
                "transformer.h.1.attn.c_attn.weight 4480",
                "transformer.h.1.mlp.c_fc.weight 4352",
                "transformer.h.1.mlp.c_proj.weight 4288",
            ],
            starts);
    }

    [Fact]
    public void Tensor_larger_than_a_shard_has_a_file_of_its_own()
    {
        using var model = Save(maxShardBytes: 2000);

        using var shard = SafetensorsReader.Open(_directory[Map()["transformer.h.0.attn.c_attn.weight"]!.GetValue<string>()]);

        Assert.Equal("transformer.h.0.attn.c_attn.weight", Assert.Single(shard.Tensors).Name);
    }

    [Fact]
    public void Index_is_that_of_transformers()
    {
        using var model = Save(maxShardBytes: 10_000);

        var text = File.ReadAllText(_directory[Index]);
        using var index = JsonDocument.Parse(text);
        var names = index.RootElement.GetProperty("weight_map").EnumerateObject().Select(pair => pair.Name).ToList();

        // 1280 + 512 + 2 · 13120 + 128, the sizes above.
        Assert.StartsWith("{\n  \"metadata\": {\n    \"total_size\": 28160\n  },\n  \"weight_map\": {\n    \"transformer.h.0.attn.c_attn.bias\": \"model-0000", text, StringComparison.Ordinal);
        Assert.EndsWith("\"\n  }\n}\n", text, StringComparison.Ordinal);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(28, names.Count);
    }

    [Fact]
    public void Model_that_fits_one_file_has_no_index()
    {
        using var model = WeightsOnly.Create(_device, Small);

        model.Save(_directory.Path);

        Assert.Equal(["config.json", "model.safetensors"], _directory.Names());
        Assert.Equal(5_000_000_000, new SaveOptions().MaxShardBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SaveOptions { MaxShardBytes = 0 });
    }

    [Theory]
    [InlineData(long.MaxValue, 4096)]
    [InlineData(4096, long.MaxValue)]
    [InlineData(4096, 10_000)]
    [InlineData(10_000, 4096)]
    [InlineData(4096, 4096)]
    public void Files_of_an_earlier_save_are_not_left(long before, long after)
    {
        Save(before, seed: 1).Dispose();
        File.WriteAllText(_directory["model-notes-of-mine.safetensors"], "");

        using var model = Save(after, seed: 2);

        AssertLoads(model);
        var weights = after == long.MaxValue ? ["model.safetensors"] : Directory.GetFiles(_directory.Path, "model-0*").Select(path => Path.GetFileName(path)!).ToArray();
        Assert.Equal(after switch { long.MaxValue => 1, 4096 => 12, _ => 4 }, weights.Length);
        Assert.True(_directory.Names().ToHashSet().SetEquals([.. weights, "config.json", "model-notes-of-mine.safetensors", .. after == long.MaxValue ? Array.Empty<string>() : [Index]]));
    }

    [Theory]
    [InlineData(long.MaxValue, 4096)]
    [InlineData(4096, long.MaxValue)]
    [InlineData(4096, 10_000)]
    [InlineData(4096, 4096)]
    public void Failure_while_writing_leaves_the_old_checkpoint_whole(long before, long after)
    {
        Save(before, seed: 1).Dispose();
        var files = Content();
        using var model = WeightsOnly.Create(_device, Small, seed: 2);
        var reads = 0;
        _device.Reading = () => _ = ++reads == 20 ? throw new IOException("no space") : 0;

        Assert.Throws<CheckpointException>(() => model.Save(_directory.Path, new() { MaxShardBytes = after }));

        Assert.Equal(files, Content());
    }

    // The second of the new files cannot get its name, which the first has by then.
    [Fact]
    public void Shards_of_two_saves_are_never_loaded_together()
    {
        Save(4096, seed: 1).Dispose();
        using var model = WeightsOnly.Create(_device, Small, seed: 2);
        var second = _directory["model-00002-of-00012.safetensors"];
        _device.Reading = () =>
        {
            if (Directory.Exists(second) || Directory.GetFiles(_directory.Path, ".model-00012*").Length == 0)
                return;
            File.Delete(second);
            Directory.CreateDirectory(second);
        };

        Assert.Throws<CheckpointException>(() => model.Save(_directory.Path, new() { MaxShardBytes = 4096 }));

        Assert.True(Directory.Exists(second));
        Assert.DoesNotContain(Index, _directory.Names());
        Assert.Contains("without its index", Fault().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_file_goes_before_an_index()
    {
        using var model = WeightsOnly.Create(_device, Small, seed: 3);
        model.Save(_directory.Path);
        File.WriteAllText(_directory[Index], "damaged");

        AssertLoads(model);
    }

    [Fact]
    public void Index_of_another_writer_is_loaded()
    {
        using var model = Save(10_000);
        Change(root =>
        {
            root["metadata"] = new JsonObject { ["total_parameters"] = 1 };
            foreach (var (name, file) in root["weight_map"]!.AsObject().ToList())
                root["weight_map"]![name] = file!.GetValue<string>().Replace("model-", "my model ", StringComparison.Ordinal);
        });
        foreach (var name in Names(4))
            File.Move(_directory[name], _directory[name.Replace("model-", "my model ", StringComparison.Ordinal)]);

        AssertLoads(model);
    }

    [Fact]
    public void Missing_shard_is_named()
    {
        Save(4096).Dispose();
        File.Delete(_directory["model-00003-of-00012.safetensors"]);

        var fault = Fault();

        Assert.Equal((_directory[Index], "model-00003-of-00012.safetensors beside the index", "nothing"), (fault.File, fault.Expected, fault.Actual));
        Assert.Equal("model-00003-of-00012.safetensors", Map()[fault.Key!["weight_map.".Length..]]!.GetValue<string>());
        Assert.Contains("all 12 files of the index are needed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_shard_is_named()
    {
        Save(4096).Dispose();
        var path = _directory["model-00003-of-00012.safetensors"];
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);

        Assert.Equal(path, Fault().File);
    }

    [Fact]
    public void Tensor_that_the_map_lacks_is_named()
    {
        Save(4096).Dispose();
        Change(root => root["weight_map"]!.AsObject().Remove("transformer.wpe.weight"));

        Says("weight_map.transformer.wpe.weight", "model-00001-of-00012.safetensors", "nothing");
    }

    [Fact]
    public void Tensor_in_another_shard_than_the_map_says_is_named()
    {
        Save(4096).Dispose();
        Change(root => root["weight_map"]!["transformer.wpe.weight"] = "model-00002-of-00012.safetensors");

        Says("weight_map.transformer.wpe.weight", "model-00001-of-00012.safetensors", "model-00002-of-00012.safetensors");
    }

    [Fact]
    public void Tensor_that_no_shard_has_is_named()
    {
        Save(4096).Dispose();
        Change(root => root["weight_map"]!["more"] = "model-00002-of-00012.safetensors");

        Says("weight_map.more", "the tensor in model-00002-of-00012.safetensors", "nothing");
    }

    [Fact]
    public void Tensor_in_two_shards_is_named()
    {
        Save(4096).Dispose();
        File.Copy(_directory["model-00001-of-00012.safetensors"], _directory["model-00002-of-00012.safetensors"], overwrite: true);

        Says("weight_map.transformer.wte.weight", "model-00002-of-00012.safetensors", "model-00001-of-00012.safetensors");
    }

    [Fact]
    public void Wrong_total_is_named()
    {
        Save(4096).Dispose();
        var total = JsonNode.Parse(File.ReadAllText(_directory[Index]))!["metadata"]!["total_size"]!.GetValue<long>();
        Change(root => root["metadata"]!["total_size"] = total + 1);

        Says("metadata.total_size", $"{total}", $"{total + 1}");
    }

    [Fact]
    public void Mismatches_are_reported_over_all_shards()
    {
        using (var wide = WeightsOnly.Create(_device, WeightsOnly.Gpt2(inner: 48)))
            wide.Save(_directory.Path, new() { MaxShardBytes = 4096 });
        File.WriteAllBytes(_directory["config.json"], ConfigurationFile.Content(Small.Configuration));

        var fault = Fault();

        Assert.Equal(_directory[Index], fault.File);
        foreach (var layer in (int[])[0, 1])
        {
            var file = Map()[$"transformer.h.{layer}.mlp.c_fc.weight"]!.GetValue<string>();
            Assert.Contains($"transformer.h.{layer}.mlp.c_fc.weight in {file}: the model declares [16, 64], the file has [16, 48]", fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../model.safetensors")]
    public void Index_reads_no_file_elsewhere(string path)
    {
        Save(4096).Dispose();
        Change(root => root["weight_map"]!["transformer.wpe.weight"] = path);

        Says("weight_map.transformer.wpe.weight", "the name of a file beside the index, never a path", $"\"{path}\"");
    }

    [Fact]
    public void Hostile_index_changes_nothing()
    {
        Save(4096, seed: 1).Dispose();
        using var model = WeightsOnly.Create(_device, Small, seed: 2);
        var before = Bytes(model);

        foreach (var file in IndexFiles.All)
        {
            File.WriteAllBytes(_directory[Index], file.Write());

            Assert.Equal(_directory[Index], Assert.Throws<CheckpointException>(() => CheckpointLoader.Load(model, _directory.Path)).File);
            Assert.Equal(before, Bytes(model));
        }
    }

    public void Dispose() => _directory.Dispose();

    private static string[] Names(int count) => [.. Enumerable.Range(1, count).Select(file => $"model-{file:00000}-of-{count:00000}.safetensors")];

    private static byte[] Bytes(LanguageModel model)
    {
        var bytes = new byte[model.Weights.Bytes];
        model.Weights.Read<byte>(bytes);
        return bytes;
    }

    private Dictionary<string, string> Content() =>
        Directory.GetFiles(_directory.Path).ToDictionary(path => path, path => Convert.ToHexString(File.ReadAllBytes(path)));

    private WeightsOnly Save(long maxShardBytes, ulong seed = 0)
    {
        var model = WeightsOnly.Create(_device, Small, seed);
        model.Save(_directory.Path, new() { MaxShardBytes = maxShardBytes });
        return model;
    }

    private JsonObject Map() => JsonNode.Parse(File.ReadAllText(_directory[Index]))!["weight_map"]!.AsObject();

    private void Change(Action<JsonNode> change)
    {
        var root = JsonNode.Parse(File.ReadAllText(_directory[Index]))!;
        change(root);
        File.WriteAllText(_directory[Index], root.ToJsonString());
    }

    private void AssertLoads(WeightsOnly model)
    {
        using var loaded = WeightsOnly.Load(_directory.Path, _device, Small);
        Assert.Equal(Bytes(model), Bytes(loaded));
    }

    private CheckpointException Fault()
    {
        var live = _device.LiveBuffers;
        var fault = Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, Small));
        Assert.Equal(live, _device.LiveBuffers);
        return fault;
    }

    private void Says(string key, string expected, string actual)
    {
        var fault = Fault();
        Assert.Equal((_directory[Index], key, expected, actual), (fault.File, fault.Key, fault.Expected, fault.Actual));
        Assert.Contains(key, fault.Message, StringComparison.Ordinal);
    }
}

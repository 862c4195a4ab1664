using Intaglio.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>A head in the file of a model that has none of its own.</summary>
public sealed class TiedHeadTests : IDisposable
{
    private static readonly ModelDescription Tied = WeightsOnly.Gpt2();

    private readonly TemporaryDirectory _directory = new();
    private readonly HostDevice _device = new();

    [Theory]
    [InlineData("lm_head.weight", long.MaxValue)]
    [InlineData("transformer.lm_head.weight", long.MaxValue)]
    [InlineData("lm_head.weight", 4096)]
    public void Head_that_is_the_embedding_is_ignored(string name, long maxShardBytes)
    {
        using var model = SaveWithHead(name, [20, 16], static _ => { }, maxShardBytes);

        using var loaded = WeightsOnly.Load(_directory.Path, _device, Tied);

        Assert.Equal(model.ReadParameter("wte.weight"), loaded.ReadParameter("wte.weight"));
    }

    [Fact]
    public void Head_of_another_number_is_named()
    {
        using var model = SaveWithHead("lm_head.weight", [20, 16], head => head[35] = 7);
        var live = _device.LiveBuffers;

        var fault = Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, Tied));

        Assert.Equal((_directory["model.safetensors"], "lm_head.weight", "7"), (fault.File, fault.Key, fault.Actual));
        Assert.Contains("the file's head is another: at [2, 3] it has 7, transformer.wte.weight has ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(live, _device.LiveBuffers);
    }

    // Equal numbers that differ in a bit.
    [Fact]
    public void Head_is_compared_bit_for_bit()
    {
        using var model = SaveWithHead("lm_head.weight", [20, 16], head => head[0] = -0f, changeEmbedding: embedding => embedding[0] = 0f);

        Assert.Contains("at [0, 0] it has -0, ", Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, Tied)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Difference_behind_the_first_chunk_is_found()
    {
        // 70,000 rows of 16 are more than four chunks.
        var description = WeightsOnly.Gpt2(vocabulary: 70_000);
        using var model = SaveWithHead("lm_head.weight", [70_000, 16], head => head[^1] += 1, description: description);

        Assert.Contains("at [69999, 15]", Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, description)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Head_of_another_shape_is_reported()
    {
        using var model = SaveWithHead("lm_head.weight", [16, 20], static _ => { });

        var fault = Assert.Throws<CheckpointException>(() => WeightsOnly.Load(_directory.Path, _device, Tied));

        Assert.Contains("lm_head.weight: the model declares [20, 16], the file has [16, 20]", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private WeightsOnly SaveWithHead(
        string name, long[] shape, Action<float[]> changeHead, long maxShardBytes = long.MaxValue, Action<float[]>? changeEmbedding = null, ModelDescription? description = null)
    {
        var model = WeightsOnly.Create(_device, description ?? Tied, seed: 5);
        var embedding = model.ReadParameter("wte.weight");
        changeEmbedding?.Invoke(embedding);
        model.WriteParameter("wte.weight", embedding);
        model.Save(_directory.Path, new() { MaxShardBytes = maxShardBytes });
        var head = embedding.ToArray();
        changeHead(head);
        Add(name, shape, head);
        return model;
    }

    // Into the only file, or into one more of an index.
    private void Add(string name, long[] shape, float[] values)
    {
        var index = _directory["model.safetensors.index.json"];
        if (!File.Exists(index))
        {
            SafetensorsEdit.Rewrite(_directory["model.safetensors"], entries => [.. entries, new(name, TensorTypes.F32, shape)], added: values);
            return;
        }

        using (var writer = new SafetensorsWriter(_directory["head.safetensors"], [new(name, TensorTypes.F32, shape)]))
        {
            writer.Write<float>(values);
            writer.Commit();
        }

        var read = WeightsIndex.Read(index);
        var map = read.WeightMap.Append(new(name, "head.safetensors")).ToDictionary(pair => pair.Key, pair => pair.Value);
        File.WriteAllBytes(index, new WeightsIndex(map, read.TotalBytes + (values.Length * sizeof(float))).ToJson());
    }
}

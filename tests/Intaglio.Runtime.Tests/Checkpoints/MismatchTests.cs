using Intaglio.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>What is said of a checkpoint that is not the model's: all at once, the most telling first.</summary>
public sealed class MismatchTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HostDevice _device = new();

    [SkippableFact]
    public void Checkpoint_of_another_family_is_told_by_its_type_its_facts_and_its_tensors()
    {
        var directory = SharedData.Find("hf-tiny/llama-a");

        var fault = Fault(directory, WeightsOnly.Gpt2());

        Assert.Equal((Path.Combine(directory, "config.json"), "model_type", "\"gpt2\"", "\"llama\""), (fault.File, fault.Key, fault.Expected, fault.Actual));
        AssertInOrder(
            fault.Message,
            "model_type: the model declares \"gpt2\", the file says \"llama\"",
            "n_embd: the model declares 16, the file does not say, which means 768",
            "model.safetensors: the tensors are not this model's. ",
            "missing: transformer.wte.weight [20, 16]",
            "and 20 more",
            "unexpected: ",
            "model.embed_tokens.weight");
    }

    [Fact]
    public void Facts_and_tensors_are_told_together()
    {
        using (var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(layers: 3)))
            model.Save(_directory.Path);

        var fault = Fault(_directory.Path, WeightsOnly.Gpt2());

        Assert.Equal((_directory["config.json"], "n_layer"), (fault.File, fault.Key));
        AssertInOrder(fault.Message, "n_layer: the model declares 2, the file says 3", "model.safetensors: ", "unexpected: transformer.h.2.ln_1.weight F32 [16]", "and 4 more");
    }

    [Theory]
    [InlineData("transformer.", "module.", "28 of the missing tensors are there under the prefix module., such as module.wte.weight: ")]
    [InlineData("", "base_model.model.", "28 of the missing tensors are there under the prefix base_model.model.transformer., such as base_model.model.transformer.wte.weight")]
    public void Names_under_other_prefixes_are_found(string prefix, string other, string says)
    {
        using (var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2()))
            model.Save(_directory.Path);
        Rename(name => other + name[prefix.Length..]);

        Assert.Contains(says, Fault(_directory.Path, WeightsOnly.Gpt2()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_and_without_prefix_may_be_mixed()
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(), seed: 5);
        model.Save(_directory.Path);
        Rename(name => name.Contains("h.0", StringComparison.Ordinal) ? name["transformer.".Length..] : name);

        using var loaded = WeightsOnly.Load(_directory.Path, _device, WeightsOnly.Gpt2());

        Assert.Equal(model.ReadParameter("h.0.mlp.c_fc.weight"), loaded.ReadParameter("h.0.mlp.c_fc.weight"));
    }

    [Fact]
    public void Name_of_many_words_takes_no_time()
    {
        var prefixes = new OtherPrefixes();
        prefixes.Expect("wte.weight");

        prefixes.Find(string.Concat(Enumerable.Repeat("a.", 1 << 20)) + "wte.weight");

        Assert.Empty(prefixes.Found());
    }

    public void Dispose() => _directory.Dispose();

    private static void AssertInOrder(string text, params string[] parts)
    {
        var from = 0;
        foreach (var part in parts)
        {
            var at = text.IndexOf(part, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"\"{part}\" is not behind the others in: {text}");
            from = at + part.Length;
        }
    }

    private CheckpointException Fault(string directory, ModelDescription description) =>
        Assert.Throws<CheckpointException>(() => WeightsOnly.Load(directory, _device, description));

    private void Rename(Func<string, string> change) =>
        SafetensorsEdit.Rewrite(_directory["model.safetensors"], entries => [.. entries.Select(entry => entry with { Name = change(entry.Name) })]);
}

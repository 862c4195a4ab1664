using Intaglio.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Models that llama.cpp cannot express, and files that cannot be written.</summary>
public sealed class GgufErrorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Device _device = Device.Cpu(1);

    [Fact]
    public void What_llama_cpp_cannot_express_is_named()
    {
        Refused(MistralOfGguf.Create(_device, 1), "sliding_window", "sliding_window is 5, and llama has no window shorter than the context of 16");
        Refused(GeluLlamaOfGguf.Create(_device, 1), "hidden_act", "hidden_act is \"gelu_new\", and llama has silu");
        Refused(ExactGptOfGguf.Create(_device, 1), "activation_function", "activation_function is \"gelu\", and gpt2 has gelu_new");
        Refused(WideQwen2OfGguf.Create(_device, 1), "rope_scaling", "and qwen2 has the rope_type linear or yarn, or none; head_dim is 8, and qwen2 has hidden_size / num_attention_heads, 24 / 4");
        Refused(ScaledGemma2OfGguf.Create(_device, 1), "query_pre_attn_scalar", "query_pre_attn_scalar is 4, and gemma2 has 16; tie_word_embeddings is false, and gemma2 has true");
        Refused(OwnOfGguf.Create(_device, 1), "normalization", "OwnOfGguf cannot be llama.cpp's llama: normalization is \"LayerNorm\", and llama has \"RmsNorm\"; norm_bias is true, and llama has false; qk_norm is true, and llama has false");
        Refused(TinyEncoder.Create(_device, 1), "is_causal", "is_causal is false, and llama has true; normalization is");
        Refused(ScaledOfGguf.Create(_device, 1), "attention_scale", "attention_scale is 1.0, and llama has 1 / √head_dim, head_dim being 8");
    }

    [Fact]
    public void Architectures_that_are_not_written_are_named()
    {
        Refused(BertOfGguf.Create(_device, 1), "model_type", "BertOfGguf is model_type bert, and GGUF files are written of decoders of llama, mistral, qwen2, gemma2, gpt2, bloom");
        Refused(TinyTranslator.Create(_device, 1), "model_type", "TinyTranslator is an encoder-decoder, and GGUF files");
    }

    [Fact]
    public void Number_beyond_the_type_is_named_and_the_file_before_stays()
    {
        using var model = LlamaOfGguf.Create(_device, 1);
        model.SaveGguf(_directory["model.gguf"]);
        var before = File.ReadAllBytes(_directory["model.gguf"]);
        var values = model.ReadParameter("layers.1.mlp.down_proj.weight");
        values[7] = 65520;
        model.WriteParameter("layers.1.mlp.down_proj.weight", values);

        var fault = Assert.Throws<CheckpointException>(() => model.SaveGguf(_directory["model.gguf"], new() { StorageFormat = NumberFormat.FP16 }));

        Assert.Equal("blk.1.ffn_down.weight", fault.Key);
        Assert.Contains("element 7 is 65520, and F16 ends at 65504", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_directory["model.gguf"]));
        Assert.Equal(["model.gguf"], _directory.Names());
    }

    [Fact]
    public void Place_that_cannot_be_written_is_named()
    {
        using var model = LlamaOfGguf.Create(_device, 1);

        var fault = Assert.Throws<CheckpointException>(() => model.SaveGguf(_directory["nowhere/model.gguf"]));

        Assert.Equal(_directory["nowhere/model.gguf"], fault.File);
        Assert.Contains("cannot be saved here", fault.Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => model.SaveGguf(_directory.Path));
        Assert.Throws<ArgumentException>(() => model.SaveGguf(""));
        Assert.Empty(_directory.Names());
    }

    [Theory]
    [InlineData(NumberFormat.INT8)]
    [InlineData(NumberFormat.INT4)]
    public void Integers_are_no_format_of_a_file(NumberFormat format) => Assert.Throws<ArgumentException>(() => new GgufOptions { StorageFormat = format });

    public void Dispose()
    {
        _directory.Dispose();
        _device.Dispose();
    }

    private void Refused(LanguageModel model, string key, string says)
    {
        using (model)
        {
            var fault = Assert.Throws<CheckpointException>(() => model.SaveGguf(_directory["model.gguf"]));
            Assert.Equal(key, fault.Key);
            Assert.Contains(says, fault.Message, StringComparison.Ordinal);
            Assert.Empty(_directory.Names());
        }
    }
}

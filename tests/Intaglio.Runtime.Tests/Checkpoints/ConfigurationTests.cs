using Intaglio.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void File_is_written_as_transformers_writes_it()
    {
        ConfigurationEntry[] entries =
        [
            new("architectures", new[] { "GPT2LMHeadModel" }, IsFact: false),
            new("layer_norm_epsilon", 1e-05, IsFact: true),
            new("attn_pdrop", 0.1, IsFact: false),
            new("scale", 1.0, IsFact: false),
            new("n_embd", 32, IsFact: true),
            new("n_inner", null, IsFact: true),
            new("use_cache", true, IsFact: false),
            new("model_type", "gpt2", IsFact: true),
        ];

        // What Python's json.dumps(..., indent=2) gives for these values.
        const string Expected = """
            {
              "architectures": [
                "GPT2LMHeadModel"
              ],
              "layer_norm_epsilon": 1e-05,
              "attn_pdrop": 0.1,
              "scale": 1.0,
              "n_embd": 32,
              "n_inner": null,
              "use_cache": true,
              "model_type": "gpt2"
            }

            """;
        Assert.Equal(Expected, System.Text.Encoding.UTF8.GetString(ConfigurationFile.Content(entries)));
    }

    [Fact]
    public void File_of_the_same_model_is_accepted()
    {
        var entries = WeightsOnly.Gpt2().Configuration;
        var path = Write(System.Text.Encoding.UTF8.GetString(ConfigurationFile.Content(entries)));

        ConfigurationFile.Check(path, entries);
    }

    [Fact]
    public void All_contradictions_are_reported_together()
    {
        var path = Write("""{"model_type":"gpt2","n_embd":768,"n_head":12,"n_layer":12,"vocab_size":50257,"n_positions":1024,"n_inner":64}""");

        var fault = Assert.Throws<CheckpointException>(() => ConfigurationFile.Check(path, WeightsOnly.Gpt2().Configuration));

        Assert.Equal(("n_embd", "16", "768"), (fault.Key, fault.Expected, fault.Actual));
        Assert.StartsWith($"{path}: n_embd: the model declares 16, the file says 768; ", fault.Message, StringComparison.Ordinal);
        foreach (var key in new[] { "n_head: the model declares 2, the file says 12", "n_layer: ", "vocab_size: ", "n_positions: " })
            Assert.Contains(key, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("n_inner", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 1, null, null, "{}", null)]
    [InlineData(true, 1, 1, null, "{}", null)]
    [InlineData(true, 1, 2, null, "{}", "the model declares 1, the file does not say, which means 2")]
    [InlineData(true, 1, 1, null, """{"key":null}""", null)]
    [InlineData(true, 1, 2, null, """{"key":null}""", "does not say, which means 2")]
    [InlineData(true, 1, null, null, """{"key":1.0}""", null)]
    [InlineData(true, 1, null, null, """{"key":"1"}""", "the file says \"1\"")]
    [InlineData(true, 1, null, null, """{"key":true}""", "the file says true")]
    [InlineData(true, 1, null, null, """{"key":1e999}""", "the file says 1e999")]
    [InlineData(true, 16777216, null, null, """{"key":16777217}""", "the file says 16777217")]
    [InlineData(false, 1, 2, null, """{"key":2}""", null)]
    [InlineData(true, 1e-5, null, null, """{"key":0.00001}""", null)]
    [InlineData(true, 1e-5, null, null, """{"key":9.999999747378752e-06}""", null)]
    [InlineData(true, 1e-5, null, null, """{"key":1e-6}""", "the model declares 1e-05, the file says 1e-6")]
    [InlineData(true, true, null, null, """{"key":true}""", null)]
    [InlineData(true, true, null, null, """{"key":false}""", "the file says false")]
    [InlineData(true, true, false, null, "{}", "which means false")]
    [InlineData(true, "gelu", null, null, """{"key":"ge\u006cu"}""", null)]
    [InlineData(true, "gelu", "gelu_new", null, "{}", "which means \"gelu_new\"")]
    [InlineData(true, null, null, null, """{"key":null}""", null)]
    [InlineData(true, null, 4096, null, """{"key":null}""", null)]
    [InlineData(true, null, 4096, null, "{}", "the model declares null, the file does not say, which means 4096")]
    [InlineData(true, null, null, null, """{"key":3}""", "the model declares null, the file says 3")]
    [InlineData(true, null, null, "a,b", """{"key":["a","b"]}""", null)]
    [InlineData(true, null, null, "a,b", """{"key":["b","a"]}""", "the file says [\"b\",\"a\"]")]
    [InlineData(true, null, null, "a,b", """{"key":["a",1]}""", "the file says [\"a\",1]")]
    public void Fact_is_compared_by_value(bool isFact, object? declared, object? defaultValue, string? list, string json, string? message)
    {
        var path = Write(json);
        ConfigurationEntry[] entries = [new("key", list?.Split(',') ?? declared, isFact, defaultValue)];

        var fault = Record.Exception(() => ConfigurationFile.Check(path, entries));

        if (message is null)
            Assert.Null(fault);
        else
            Assert.Contains(message, Assert.IsType<CheckpointException>(fault).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hidden_size", 64, """{"n_embed":64}""", null)]
    [InlineData("hidden_size", 64, """{"n_embed":32}""", "the file says 32")]
    [InlineData("n_head", 8, """{"num_attention_heads":8}""", null)]
    [InlineData("hidden_act", "gelu_new", """{"hidden_act":"gelu_pytorch_tanh"}""", null)]
    [InlineData("hidden_act", "silu", """{"hidden_act":"swish"}""", null)]
    [InlineData("hidden_act", "gelu", """{"hidden_act":"gelu_new"}""", "the file says \"gelu_new\"")]
    [InlineData("rope_theta", 5e5, """{"rope_parameters":{"rope_theta":500000.0,"rope_type":"default"}}""", null)]
    [InlineData("rope_theta", 5e5, """{"rope_parameters":{"rope_theta":10000.0}}""", "the file says 10000.0")]
    [InlineData("rope_theta", 5e5, """{"rope_parameters":3}""", "which means 1")]
    [InlineData("rope_scaling", null, """{"rope_parameters":{"rope_theta":500000.0,"rope_type":"default"}}""", null)]
    [InlineData("rope_scaling", null, """{"rope_scaling":{"rope_type":"linear","factor":2.0}}""", "the file says {")]
    public void Other_spellings_of_transformers_mean_the_same(string key, object? declared, string json, string? message)
    {
        var fault = Record.Exception(() => ConfigurationFile.Check(Write(json), [new(key, declared, IsFact: true, Default: declared is null ? null : 1)]));

        if (message is null)
            Assert.Null(fault);
        else
            Assert.Contains(message, Assert.IsType<CheckpointException>(fault).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private string Write(string content)
    {
        File.WriteAllText(_directory["config.json"], content);
        return _directory["config.json"];
    }
}

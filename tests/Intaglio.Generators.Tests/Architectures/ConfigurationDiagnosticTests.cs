using System.Globalization;
using Intaglio.Generators.Parsing.Json;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Intaglio.Generators.Tests.Architectures;

/// <summary>What is said of a config.json that declares a model, and where: <c>[|</c> and <c>|]</c> stand around the place in the file.</summary>
public sealed class ConfigurationDiagnosticTests
{
    [Theory]
    [InlineData("INTG057", "expected a key in quotes or }, found '/'", "{[|/|]/ BERT\n}")]
    [InlineData("INTG057", "expected a key in quotes, found '}'", """{"model_type": "bert",[|}|]""")]
    [InlineData("INTG057", "expected a value, found 'N'", """{"model_type": "gpt2", "n_embd": [|N|]aN}""")]
    [InlineData("INTG057", "found \"n_layer\" again", """{"model_type": "gpt2", "n_layer": 1, [|"n_layer"|]: 2}""")]
    [InlineData("INTG057", "expected an object, found an array", "[|[]|]")]
    [InlineData("INTG057", "expected a value, found the end of the text", "[||]")]
    [InlineData("INTG058", "There is no model_type; known are bert, roberta, gpt2", """[|{|]"n_layer": 1}""")]
    [InlineData("INTG058", "model_type is \"opt\"; known are bert", """{"model_type": [|"opt"|]}""")]
    [InlineData("INTG058", "model_type is 7", """{"model_type": [|7|]}""")]
    [InlineData("INTG059", "hidden_size is \"32\"; it must be a whole number of at least 1", """{"model_type": "bert", "hidden_size": [|"32"|]}""")]
    [InlineData("INTG059", "hidden_size is 32.5; it must be a whole number", """{"model_type": "bert", "hidden_size": [|32.5|]}""")]
    [InlineData("INTG059", "num_hidden_layers is 0", """{"model_type": "bert", "num_hidden_layers": [|0|]}""")]
    [InlineData("INTG059", "vocab_size is 99999999999", """{"model_type": "bert", "vocab_size": [|99999999999|]}""")]
    [InlineData("INTG059", "vocab_size is null", """{"model_type": "bert", "vocab_size": [|null|]}""")]
    [InlineData("INTG059", "hidden_act is \"mish\"; it must be \"gelu\"", """{"model_type": "bert", "hidden_act": [|"mish"|]}""")]
    [InlineData("INTG059", "it must be a number from 0 to below 1", """{"model_type": "bert", "hidden_dropout_prob": [|1|]}""")]
    [InlineData("INTG059", "it must be a number above 0", """{"model_type": "bert", "layer_norm_eps": [|1e-999|]}""")]
    [InlineData("INTG059", "it must be a number above 0", """{"model_type": "bert", "layer_norm_eps": [|1e999|]}""")]
    [InlineData("INTG059", "it must be true or false", """{"model_type": "gpt2", "tie_word_embeddings": [|1|]}""")]
    [InlineData("INTG059", "pad_token_id is 30522; it must be below vocab_size, 30522", """{"model_type": "bert", "pad_token_id": [|30522|]}""")]
    [InlineData("INTG059", "it must be an array of text", """{"model_type": "bert", "architectures": [|"BertModel"|]}""")]
    [InlineData("INTG059", "it must be an object with a text for each number", """{"model_type": "bert", "architectures": ["BertForTokenClassification"], "id2label": [|{"1": "B"}|]}""")]
    [InlineData("INTG059", "it must be an object or null", """{"model_type": "llama", "rope_scaling": [|4|]}""")]
    [InlineData("INTG059", "or one of them after gated-", """{"model_type": "t5", "feed_forward_proj": [|"gated-tanh"|]}""")]
    [InlineData("INTG060", "\"relative_key\", which is not supported; it can be \"absolute\"", """{"model_type": "bert", "position_embedding_type": [|"relative_key"|]}""")]
    [InlineData("INTG060", "is_decoder is true", """{"model_type": "bert", "is_decoder": [|true|]}""")]
    [InlineData("INTG060", "is_encoder_decoder is false", """{"model_type": "t5", "is_encoder_decoder": [|false|]}""")]
    [InlineData("INTG060", "quantization_config is an object", """{"model_type": "llama", "quantization_config": [|{"bits": 4}|]}""")]
    [InlineData("INTG060", "pruned_heads is an object", """{"model_type": "bert", "pruned_heads": [|{"0": [1]}|]}""")]
    [InlineData("INTG060", "\"longrope\", which is not supported; it can be \"default\", \"linear\"", """{"model_type": "llama", "rope_scaling": {"type": [|"longrope"|], "short_factor": []}}""")]
    [InlineData("INTG060", "use_sliding_window is true", """{"model_type": "qwen2", "use_sliding_window": [|true|]}""")]
    [InlineData("INTG060", "\"GPT2ForSequenceClassification\", which is not supported; it can be \"GPT2LMHeadModel\"", """{"model_type": "gpt2", "architectures": [[|"GPT2ForSequenceClassification"|]]}""")]
    [InlineData("INTG060", "problem_type is \"regression\"", """{"model_type": "bert", "architectures": ["BertForSequenceClassification"], "problem_type": [|"regression"|]}""")]
    [InlineData("INTG060", "apply_residual_connection_post_layernorm is true", """{"model_type": "bloom", "apply_residual_connection_post_layernorm": [|true|]}""")]
    [InlineData("INTG060", "encoder_layerdrop is 0.1", """{"model_type": "bart", "encoder_layerdrop": [|0.1|]}""")]
    [InlineData("INTG060", "it can be \"sliding_attention\" and \"full_attention\" in turn", """{"model_type": "gemma2", "num_hidden_layers": 2, "layer_types": [[|"full_attention"|], "full_attention"]}""")]
    [InlineData("INTG061", "hidden_sise is no key of bert", """{"model_type": "bert", [|"hidden_sise"|]: 32}""")]
    [InlineData("INTG061", "alpha is no key of rope_scaling", """{"model_type": "llama", "rope_scaling": {"rope_type": "linear", "factor": 2, [|"alpha"|]: 1}}""")]
    [InlineData("INTG062", "n_ctx contradicts n_positions", """{"model_type": "gpt2", "n_positions": 32, "n_ctx": [|64|]}""")]
    [InlineData("INTG062", "dense_act_fn contradicts feed_forward_proj", """{"model_type": "t5", "feed_forward_proj": "relu", "dense_act_fn": [|"silu"|]}""")]
    [InlineData("INTG062", "is_gated_act contradicts feed_forward_proj", """{"model_type": "t5", "feed_forward_proj": "gated-silu", "is_gated_act": [|false|]}""")]
    [InlineData("INTG062", "num_labels contradicts id2label: there are 1 labels", """{"model_type": "bert", "architectures": ["BertForTokenClassification"], "id2label": {"0": "A"}, "num_labels": [|3|]}""")]
    [InlineData("INTG062", "label2id contradicts id2label", """{"model_type": "bert", "architectures": ["BertForTokenClassification"], "id2label": {"0": "A", "1": "B"}, "label2id": [|{"A": 1, "B": 0}|]}""")]
    [InlineData("INTG062", "encoder_attention_heads contradicts d_model: 5 heads do not divide 32 columns", """{"model_type": "bart", "d_model": 32, "encoder_attention_heads": [|5|], "decoder_attention_heads": 4}""")]
    [InlineData("INTG062", "max_position_embeddings contradicts pad_token_id", """{"model_type": "roberta", "max_position_embeddings": [|2|]}""")]
    [InlineData("INTG062", "layer_types contradicts num_hidden_layers", """{"model_type": "qwen2", "num_hidden_layers": 2, "layer_types": [|["full_attention"]|]}""")]
    [InlineData("INTG006", "Heads (5) does not divide HiddenSize (32); use", """{"model_type": "bert", "hidden_size": 32, "num_attention_heads": [|5|]}""")]
    [InlineData("INTG020", "KeyValueHeads (3) does not divide Heads (4)", """{"model_type": "llama", "hidden_size": 32, "num_attention_heads": 4, "num_key_value_heads": [|3|]}""")]
    public async Task Mistake_in_the_file_is_reported_where_it_stands(string id, string message, string marked)
    {
        var markup = Markup.Parse(marked);
        var diagnostic = markup.AssertReports(id, message, await Project.BuildAsync([new("models/config.json", markup.Source)], HfTiny.Source));

        var line = diagnostic.Location.GetLineSpan();
        Assert.Equal(LocationKind.ExternalFile, diagnostic.Location.Kind);
        Assert.Equal("models/config.json", line.Path);
        Assert.Equal(markup.Source[..markup.Spans[0].Start].Count(character => character == '\n'), line.StartLinePosition.Line);
    }

    [Fact]
    public async Task All_mistakes_of_a_file_are_reported()
    {
        const string File = """{"model_type": "bert", "hidden_size": -1, "num_hidden_layers": "two", "hidden_act": 3, "is_decoder": true, "what": 1}""";
        var reported = await Project.BuildAsync([new("config.json", File)], HfTiny.Source);
        Assert.Equal(["INTG059", "INTG059", "INTG059", "INTG060", "INTG061"], reported.Select(diagnostic => diagnostic.Id).Order());
    }

    [Theory]
    [InlineData("INTG055", "config.json is none of the project's additional files, which are none; add <AdditionalFiles Include=\"config.json\" />")]
    [InlineData("INTG055", "which are a/model.json, b/config.json5;", "a/model.json", "b/config.json5")]
    [InlineData("INTG056", "a/config.json, b/config.json; write more of the path", "a/config.json", "b/config.json")]
    public async Task File_that_is_not_the_one_is_reported_at_the_attribute(string id, string message, params string[] paths)
    {
        var markup = Markup.Parse("using Intaglio; [[|Architecture(\"config.json\")|]] partial class Story;");
        markup.AssertReports(id, message, await Project.BuildAsync([.. paths.Select(path => new TextFile(path, """{"model_type": "bert"}"""))], markup.Source));
    }

    [Fact]
    public async Task File_that_cannot_be_read_is_reported_at_the_attribute()
    {
        var markup = Markup.Parse("using Intaglio; [[|Architecture(\"config.json\")|]] partial class Story;");
        markup.AssertReports("INTG055", "cannot be read", await Project.BuildAsync([new("config.json", null)], markup.Source));
    }

    [Theory]
    [InlineData("config.json", "config.json")]
    [InlineData("./config.json", "config.json")]
    [InlineData("bert/config.json", "/repository/models/bert/config.json")]
    [InlineData("..\\\\bert\\\\config.json", "../bert/config.json")]
    public async Task File_is_found_from_the_source_or_by_the_end_of_its_path(string written, string path) =>
        Assert.Empty(await Project.BuildAsync([new("other/config.json", "{}"), new(path, """{"model_type": "bert"}""")], $"using Intaglio; [Architecture(\"{written}\")] partial class Story;"));

    [Fact]
    public async Task Attribute_overrides_the_file_and_its_mistake_stands_at_the_attribute()
    {
        var file = new TextFile("config.json", """{"model_type": "bert", "hidden_size": 32, "num_attention_heads": 4}""");
        var markup = Markup.Parse("using Intaglio; [Architecture(\"config.json\"), Attention([|Heads = 5|])] partial class Story;");
        markup.AssertReports("INTG006", "Heads (5)", await Project.BuildAsync([file], markup.Source));

        var spec = Parsed.Spec("using Intaglio; [Architecture(\"config.json\"), Attention(Heads = 8), SequenceClassification(7)] partial class Story;", file);
        Assert.Equal((8, 7), (spec.Main.Attention.Heads, ((Compiler.SequenceClassificationHeadSpec)spec.Head).Labels.Count));
    }

    [Fact]
    public void Attribute_of_all_parts_overrides_what_the_file_says_of_one()
    {
        var file = new TextFile("config.json", """{"model_type": "bart", "d_model": 32, "encoder_attention_heads": 4, "decoder_attention_heads": 2, "encoder_ffn_dim": 64, "decoder_ffn_dim": 48}""");
        Assert.Equal([(4, 64), (2, 48)], Stacks(""));
        Assert.Equal([(8, 64), (8, 48)], Stacks(", Attention(Heads = 8)"));
        Assert.Equal([(4, 96), (2, 48)], Stacks(", FeedForward(AppliesTo = AppliesTo.EncoderSelf, IntermediateSize = 96)"));

        IEnumerable<(int, int)> Stacks(string attributes) => Parsed.Spec($"using Intaglio; [Architecture(\"config.json\"){attributes}] partial class Story;", file)
            .Stacks.Select(stack => (stack.Attention.Heads, ((Compiler.DenseFeedForwardSpec)stack.FeedForward).IntermediateSize));
    }

    [Fact]
    public async Task Family_s_attribute_beside_a_file_of_another_is_reported()
    {
        var file = new TextFile("config.json", """{"model_type": "t5"}""");
        var markup = Markup.Parse("using Intaglio; [Architecture(\"config.json\"), [|Bert|]] partial class Story;");
        markup.AssertReports("INTG062", "[Bert] contradicts [Architecture]: its file is of t5; remove [Bert]", await Project.BuildAsync([file], markup.Source));
        Assert.Empty(await Project.BuildAsync([file], "using Intaglio; [Architecture(\"config.json\"), FlanT5] partial class Story;"));
    }

    [Fact]
    public async Task Model_based_on_one_with_a_file_has_what_the_file_says_and_none_of_its_reports()
    {
        const string Source = "using Intaglio; [Architecture(\"config.json\")] partial class Story; [BasedOn<Story>, Encoder(Layers = 3)] partial class Derived;";
        var file = new TextFile("config.json", """{"model_type": "bert", "hidden_size": 384}""");
        Assert.Empty(await Project.BuildAsync([file], Source));
        var spec = Parsed.Spec(Source, file, "Derived");
        Assert.Equal((384, 3), (spec.HiddenSize, spec.Main.Layers));

        Assert.Single(await Project.BuildAsync([new("config.json", """{"model_type": "bert", "hidden_size": 0}""")], Source));
    }

    /// <summary>Any value for any key: what is read is a model that can be compiled, or there are errors.</summary>
    [Fact]
    public void No_value_of_a_key_makes_the_reader_fail()
    {
        string[] values = ["null", "true", "\"x\"", "-1", "0", "7", "1.5", "2147483647", "2147483648", "1e999", "-1e-999", "[]", "{}", "[[null]]", "{\"0\": 1}", "{\"type\": null}", "{\"rope_type\": \"yarn\", \"factor\": []}"];
        var compilation = Project.Compile(HfTiny.Source);
        foreach (var type in Parsing.Architectures.ArchitectureTable.All.Keys)
        {
            var spec = Parsed.Spec(HfTiny.Source, new TextFile("config.json", $$"""{"model_type": "{{type}}"}"""));
            var keys = Compiler.Family.Of(spec).Configuration(spec).Select(key => key.Key).Concat(Parsing.Architectures.ArchitectureTable.WithoutEffect).Append("rope_parameters").Append("layer_types").Distinct();
            foreach (var (key, value) in keys.SelectMany(key => values.Select(value => (key, value))))
            {
                var model = Parsed.Model(compilation, "Story", new TextFile("config.json", key == "model_type" ? $$"""{"model_type": {{value}}}""" : $$"""{"model_type": "{{type}}", "{{key}}": {{value}}}"""));
                if (model.Spec is { } read)
                    Assert.NotEmpty(Compiler.Family.Of(read).Parameters(read).All);
            }
        }
    }

    [Fact]
    public void Labels_of_any_text_are_escaped_where_they_are_emitted()
    {
        const string File = """{"model_type": "bert", "hidden_size": 64, "num_attention_heads": 1, "architectures": ["BertForSequenceClassification"], "id2label": {"0": "say \"a\"\n\\", "1": "\ud83d\ude00é"}}""";
        var compilation = Project.CompileWithGenerated([new("config.json", File)], HfTiny.Source);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var texts = compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantTokens()).Where(token => token.Value is string).Select(token => (string)token.Value!);
        Assert.Superset(new HashSet<string> { "say \"a\"\n\\", "😀é" }, texts.ToHashSet());
    }

    [Theory]
    [InlineData("""{"type": "linear", "factor": 2.0}""", 1, 2f, 2048)]
    [InlineData("""{"rope_type": "dynamic", "factor": 4}""", 2, 4f, 2048)]
    [InlineData("""{"rope_type": "yarn", "factor": 4, "original_max_position_embeddings": 512, "beta_fast": 32.0, "beta_slow": 1}""", 3, 4f, 512)]
    public async Task Old_and_new_spellings_of_rotary_scaling_are_read(string scaling, int kind, float factor, int original)
    {
        foreach (var key in new[] { "rope_scaling", "rope_parameters" })
        {
            var file = new TextFile("config.json", $$"""{"model_type": "llama", "hidden_size": 256, "num_attention_heads": 4, "{{key}}": {{scaling}}}""");
            Assert.Empty(await Project.BuildAsync([file], HfTiny.Source));
            var read = Parsed.Spec(HfTiny.Source, file).PositionEncoding.Scaling!;
            Assert.Equal((kind, factor, original), ((int)read.Kind, read.Factor, read.OriginalContext));
        }
    }

    [Fact]
    public void Mistral_without_a_window_keeps_its_name()
    {
        var spec = Parsed.Spec(HfTiny.Source, new TextFile("config.json", """{"model_type": "mistral", "sliding_window": null}"""));
        Assert.Equal(0, spec.Main.Attention.SlidingWindow);
        var keys = Compiler.Family.Of(spec).Configuration(spec).ToDictionary(key => key.Key, key => key.Value);
        Assert.Equal(("mistral", null), ((string)keys["model_type"]!, keys["sliding_window"]));
    }
}

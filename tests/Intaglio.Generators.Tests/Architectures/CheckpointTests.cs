using System.Globalization;
using System.Text.Json.Nodes;
using Intaglio.Build;
using Intaglio.Compiler.Tests.Data;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Intaglio.Generators.Tests.Architectures;

/// <summary>The checkpoint beside a config.json against the model that it declares.</summary>
public sealed class CheckpointTests
{
    private const string Configuration = """{"model_type": "gpt2", "vocab_size": 8, "n_positions": 4, "n_embd": 4, "n_head": 1, "n_layer": 1}""";

    private static readonly Markup Declaration = Markup.Parse("using Intaglio; [[|Architecture(\"config.json\")|]] partial class Story;");

    public static TheoryData<string> Fixtures => [.. DeclaredTests.Declarations.Select(row => (string)row[0])];

    [SkippableTheory]
    [MemberData(nameof(Fixtures))]
    public async Task Checkpoint_of_the_same_model_fits(string fixture)
    {
        var index = IndexOf(SharedData.Find($"hf-tiny/{fixture}/model.safetensors"));
        Assert.Contains("\"header\": {", index.GetText()!.ToString(), StringComparison.Ordinal);
        Assert.Empty(await Project.BuildAsync([HfTiny.File(fixture), index], HfTiny.Source));
    }

    [SkippableFact]
    public async Task Head_that_an_attribute_declares_need_not_be_in_the_checkpoint()
    {
        var index = IndexOf(SharedData.Find("hf-tiny/bert-a/model.safetensors"));
        Assert.Empty(await Project.BuildAsync([HfTiny.File("bert-a"), index], "using Intaglio; [Architecture(\"config.json\"), SequenceClassification(7)] partial class Story;"));
    }

    [Theory]
    [InlineData("transformer.h.0.ln_1.weight", null, "transformer.h.0.ln_1.weight is missing; the model has [4]")]
    [InlineData("transformer.h.0.attn.c_attn.weight", """{"dtype": "F32", "shape": [4, 4]}""", "transformer.h.0.attn.c_attn.weight is [4, 4]; the model has [4, 12]")]
    [InlineData("transformer.h.0.attn.c_attn.bias", """{"dtype": "I8", "shape": [12]}""", "transformer.h.0.attn.c_attn.bias is I8; the model has F32, F16 or BF16")]
    [InlineData("transformer.h.1.ln_1.weight", """{"dtype": "F16", "shape": [4]}""", "transformer.h.1.ln_1.weight is F16 [4]; the model has no place for it")]
    [InlineData("wte.weight", """{"dtype": "F32", "shape": [8, 4]}""", "transformer.wte.weight is there twice, as transformer.wte.weight and as wte.weight; the model has one of them")]
    [InlineData("lm_head.weight", """{"dtype": "F32", "shape": [9, 4]}""", "lm_head.weight is [9, 4]; the model has [8, 4]")]
    public async Task Tensor_that_does_not_fit_is_reported_at_the_attribute(string name, string? entry, string message)
    {
        var header = Header();
        header.Remove(name);
        if (entry is not null)
            header.Add(name, JsonNode.Parse(entry));

        var diagnostic = Declaration.AssertReports("INTG063", message, await Project.BuildAsync([new("config.json", Configuration), Index(header.ToJsonString())], Declaration.Source));
        Assert.Contains("model.safetensors is not of this model", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transformer.h.0.attn.masked_bias", """{"dtype": "F32", "shape": []}""")]
    [InlineData("h.0.attn.bias", """{"dtype": "BOOL", "shape": [1, 1, 4, 4]}""")]
    [InlineData("lm_head.weight", """{"dtype": "BF16", "shape": [8, 4]}""")]
    [InlineData("__metadata__", """{"format": "pt"}""")]
    public async Task Tensor_that_other_writers_store_is_left_out(string name, string entry)
    {
        var header = Header();
        header.Add(name, JsonNode.Parse(entry));
        Assert.Empty(await Project.BuildAsync([new("config.json", Configuration), Index(header.ToJsonString())], Declaration.Source));
    }

    [Fact]
    public async Task Tensors_of_several_files_are_one_checkpoint()
    {
        var tensors = Header().ToList();
        var files = tensors.Chunk(5).Select((part, number) => Index(new JsonObject(part.Select(tensor => KeyValuePair.Create(tensor.Key, tensor.Value!.DeepClone())).Cast<KeyValuePair<string, JsonNode?>>()).ToJsonString(), $"model-{number}.safetensors"));
        Assert.Empty(await Project.BuildAsync([new("config.json", Configuration), .. files], Declaration.Source));
    }

    [Fact]
    public async Task Checkpoint_of_another_folder_is_another_model_s()
    {
        var index = new TextFile("obj/model.safetensors.tensors", """{"checkpoint": "other/model.safetensors", "stamp": "", "header": {}}""");
        Assert.Empty(await Project.BuildAsync([new("config.json", Configuration), index], Declaration.Source));
    }

    [Fact]
    public async Task Model_of_other_sizes_is_a_few_errors_and_a_number()
    {
        var reported = await Project.BuildAsync([new("config.json", Configuration), Index("{}")], Declaration.Source);
        Assert.Equal(9, reported.Count);
        Assert.Contains(reported, diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture).EndsWith($"{Header().Count - 8} more tensors do not fit either", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"header\": {\"a\": }", "its header is not valid JSON: expected a value, found '}'")]
    [InlineData("\"header\": {\"a\": 1}", "its header has no dtype and shape for a")]
    [InlineData("\"header\": {\"a\": {\"dtype\": \"F32\", \"shape\": [-1]}}", "its header has no dtype and shape for a")]
    [InlineData("\"header\": {\"a\": {\"dtype\": \"F32\", \"shape\": [99999999999999999999]}}", "its header has no dtype and shape for a")]
    [InlineData("\"header\": []", "its header is no JSON object")]
    [InlineData("\"fault\": \"it has 3 bytes\"", "it has 3 bytes")]
    public async Task Header_that_cannot_be_read_is_reported(string rest, string message)
    {
        var index = new TextFile("obj/a.tensors", $$"""{"checkpoint": "model.safetensors", "stamp": "", {{rest}}}""");
        Declaration.AssertReports("INTG064", $"The header of model.safetensors cannot be read: {message}", await Project.BuildAsync([new("config.json", Configuration), index], Declaration.Source));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"checkpoint\": 3, \"stamp\": 4}")]
    [InlineData("{\"checkpoint\": \"a")]
    public async Task Text_that_the_build_did_not_write_is_left_out(string text) =>
        Assert.Empty(await Project.BuildAsync([new("config.json", Configuration), new("obj/a.tensors", text)], Declaration.Source));

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "it has 3 bytes; the header's length alone takes 8")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, "its header is said to have 9223372036854775808 bytes, more than the 8388608 that are read")]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, (byte)'{' }, "its header is said to have 9 bytes, more than there are")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, (byte)'[' }, "its header is no JSON object")]
    [InlineData(new byte[] { (byte)'v', (byte)'e', (byte)'r', (byte)'s', (byte)'i', (byte)'o', (byte)'n', (byte)' ' }, "it is a Git LFS pointer; run git lfs pull")]
    public async Task File_that_is_no_checkpoint_is_reported_with_the_reason(byte[] content, string message)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("intaglio-index-").FullName, "model.safetensors");
        await File.WriteAllBytesAsync(path, content);
        var configuration = new TextFile(Path.Combine(Path.GetDirectoryName(path)!, "config.json"), Configuration);
        Declaration.AssertReports("INTG064", message, await Project.BuildAsync([configuration, IndexOf(path)], Declaration.Source));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void Index_of_several_files_stands_for_those_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("intaglio-shards-").FullName;
        foreach (var name in new[] { "model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors", "other-00001-of-00001.safetensors", "model.safetensors.index.json", "config.json" })
            File.WriteAllText(Path.Combine(folder, name), "");

        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], Of("model.safetensors.index.json"));
        Assert.Equal(["model.safetensors"], Of("model.safetensors"));
        Assert.Empty(Of("config.json"));
        Assert.Empty(Of("missing.safetensors.index.json"));
        Directory.Delete(folder, recursive: true);

        IEnumerable<string?> Of(string name) => CheckpointIndex.CheckpointsOf(Path.Combine(folder, name)).Select(Path.GetFileName);
    }

    private static TextFile IndexOf(string checkpoint) => new($"obj/{CheckpointIndex.NameOf(checkpoint)}", CheckpointIndex.Of(checkpoint));

    private static TextFile Index(string header, string name = "model.safetensors") => new($"obj/{name}.tensors", $$"""{"checkpoint": "{{name}}", "stamp": "", "header": {{header}}}""");

    // What transformers 4.40 writes for this configuration.
    private static JsonObject Header()
    {
        var header = new JsonObject();
        Add("wte.weight", 8, 4);
        Add("wpe.weight", 4, 4);
        Add("h.0.ln_1.weight", 4);
        Add("h.0.ln_1.bias", 4);
        Add("h.0.attn.c_attn.weight", 4, 12);
        Add("h.0.attn.c_attn.bias", 12);
        Add("h.0.attn.c_proj.weight", 4, 4);
        Add("h.0.attn.c_proj.bias", 4);
        Add("h.0.ln_2.weight", 4);
        Add("h.0.ln_2.bias", 4);
        Add("h.0.mlp.c_fc.weight", 4, 16);
        Add("h.0.mlp.c_fc.bias", 16);
        Add("h.0.mlp.c_proj.weight", 16, 4);
        Add("h.0.mlp.c_proj.bias", 4);
        Add("ln_f.weight", 4);
        Add("ln_f.bias", 4);
        return header;

        void Add(string name, params int[] shape) =>
            header.Add($"transformer.{name}", new JsonObject { ["dtype"] = "F32", ["shape"] = new JsonArray([.. shape.Select(side => (JsonNode?)side)]) });
    }
}

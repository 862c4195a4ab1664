using System.Text.Json;
using Intaglio.Compiler.Tests.Data;
using Intaglio.Generation;
using Xunit;

namespace Intaglio.ExecutionTests;

/// <summary>
/// PyTorch's own cases of nn.TransformerEncoderLayer (test/cpp/api/transformer.cpp): an encoder of one layer whose token embeddings are the case's vectors, and whose
/// head, an identity, says what the layer made of them.
/// </summary>
[Collection(TargetsCollection.Name)]
public sealed class TorchEncoderLayerTests(Targets targets)
{
    // atol of the published cases.
    private const float Tolerance = 1e-5f;

    private static readonly float[] Identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    public void Outputs_of_a_layer_are_the_published_ones(string target)
    {
        using var published = JsonDocument.Parse(File.ReadAllBytes(SharedData.Find("torch-encoder-layer/cases.json")));
        foreach (var layer in published.RootElement.GetProperty("cases").EnumerateArray())
        {
            var computed = layer.GetProperty("activation").GetString() == "relu" ? Run<TorchReluLayer>(layer, target) : Run<TorchGeluLayer>(layer, target);

            Assert.All(BySequence(layer.GetProperty("output")).Zip(computed), pair => Assert.Equal((float)pair.First, pair.Second, Tolerance));
        }
    }

    private float[] Run<TModel>(JsonElement layer, string target)
        where TModel : LanguageModel, IEncoder<TModel>
    {
        var time = layer.GetProperty("input").GetArrayLength();
        float[] vectors = [.. BySequence(layer.GetProperty("input")).Select(value => (float)value)];
        var tokens = vectors.Length / 4;
        using var model = TModel.Create(targets.Open(target));
        model.WriteParameter("embed_tokens.weight", [.. vectors, .. new float[(TModel.Description.VocabularySize * 4) - vectors.Length]]);
        FillByCosine(model);
        using var session = model.OpenSession(new() { BatchSize = tokens / time, Length = time });

        return session.Run([.. Enumerable.Range(0, tokens)], tokens / time).ToArray();
    }

    // PyTorch numbers the values of query, key and value in one tensor.
    private static void FillByCosine(LanguageModel model)
    {
        Fill("self_attn.q_proj.weight", 16, 0);
        Fill("self_attn.k_proj.weight", 16, 16);
        Fill("self_attn.v_proj.weight", 16, 32);
        Fill("self_attn.q_proj.bias", 4, 0);
        Fill("self_attn.k_proj.bias", 4, 4);
        Fill("self_attn.v_proj.bias", 4, 8);
        Fill("self_attn.o_proj.weight", 16, 0);
        Fill("self_attn.o_proj.bias", 4, 0);
        Fill("mlp.up_proj.weight", 64, 0);
        Fill("mlp.up_proj.bias", 16, 0);
        Fill("mlp.down_proj.weight", 64, 0);
        Fill("mlp.down_proj.bias", 4, 0);
        foreach (var norm in new[] { "input_layernorm", "post_attention_layernorm" })
        {
            Fill(norm + ".weight", 4, 0);
            Fill(norm + ".bias", 4, 0);
        }

        model.WriteParameter("head.out.weight", Identity);
        model.WriteParameter("head.out.bias", new float[4]);

        void Fill(string name, int count, int first) => model.WriteParameter("layers.0." + name, [.. Enumerable.Range(first, count).Select(i => MathF.Cos(i))]);
    }

    // The cases come as [sequence, batch, feature].
    private static IEnumerable<double> BySequence(JsonElement values)
    {
        var steps = values.EnumerateArray().Select(step => step.EnumerateArray().ToList()).ToList();
        return Enumerable.Range(0, steps[0].Count).SelectMany(sequence => steps.SelectMany(step => step[sequence].Numbers()));
    }
}

/// <summary>nn.TransformerEncoderLayer(d_model=4, nhead=2, dim_feedforward=16, dropout=0), with an identity behind it.</summary>
[Transformer(HiddenSize = 4, ContextLength = 8, VocabularySize = 16)]
[Encoder(Layers = 1)]
[Attention(Heads = 2)]
[FeedForward(IntermediateSize = 16, Activation = Activation.Relu)]
[Normalization(Placement = NormalizationPlacement.Post)]
[PositionEncoding(PositionEncodingKind.None)]
[TokenClassification(4)]
internal sealed partial class TorchReluLayer;

/// <summary>The same with the exact GELU.</summary>
[BasedOn<TorchReluLayer>, FeedForward(Activation = Activation.Gelu)]
internal sealed partial class TorchGeluLayer;

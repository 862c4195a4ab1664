using Intaglio.Compiler;

namespace Intaglio.Generators.Parsing;

/// <summary>What a family's attribute stands for: the arguments that it sets, as if they were written, below all that are. Sizes are those of the smallest model that was published under the name.</summary>
internal static class FamilyDefaults
{
    private static readonly Dictionary<string, object> PostNorm = new()
    {
        [Keys.NormalizationKind] = (int)NormalizationKind.LayerNorm,
        [Keys.Placement] = (int)NormalizationPlacement.Post,
        [Keys.Activation] = (int)Activation.Gelu,
        [Keys.EmbeddingNormalize] = true,
    };

    private static readonly Dictionary<string, object> Bert = With(PostNorm, new()
    {
        [ModelAttributes.Encoder] = true,
        [Keys.HiddenSize] = 768,
        [Keys.ContextLength] = 512,
        [Keys.VocabularySize] = 30522,
        [Keys.EncoderLayers] = 12,
        [Keys.Heads] = 12,
        [Keys.Epsilon] = 1e-12f,
        [Keys.TokenTypes] = 2,
        [Keys.PaddingToken] = 0,
    });

    private static readonly Dictionary<string, object> Gpt2 = new()
    {
        [ModelAttributes.Decoder] = true,
        [Keys.HiddenSize] = 768,
        [Keys.ContextLength] = 1024,
        [Keys.VocabularySize] = 50257,
        [Keys.Layers] = 12,
        [Keys.Heads] = 12,
    };

    private static readonly Dictionary<string, object> Llama = new()
    {
        [ModelAttributes.Decoder] = true,
        [Keys.HiddenSize] = 4096,
        [Keys.ContextLength] = 2048,
        [Keys.VocabularySize] = 32000,
        [Keys.Layers] = 32,
        [Keys.Heads] = 32,
        [Keys.IntermediateSize] = 11008,
        [Keys.QueryKeyValueBias] = false,
        [Keys.OutputBias] = false,
        [Keys.Activation] = (int)Activation.Silu,
        [Keys.Gated] = true,
        [Keys.FeedForwardBias] = false,
        [Keys.NormalizationKind] = (int)NormalizationKind.RmsNorm,
        [Keys.Epsilon] = 1e-6f,
        [Keys.PositionEncodingKind] = (int)PositionEncodingKind.Rotary,
        [Keys.TieWordEmbeddings] = false,
    };

    private static readonly Dictionary<string, object> T5 = new()
    {
        [ModelAttributes.Encoder] = true,
        [ModelAttributes.Decoder] = true,
        [Keys.HiddenSize] = 512,
        [Keys.ContextLength] = 512,
        [Keys.VocabularySize] = 32128,
        [Keys.EncoderLayers] = 6,
        [Keys.Layers] = 6,
        [Keys.Heads] = 8,
        [Keys.HeadSize] = 64,
        [Keys.Scale] = 1f,
        [Keys.QueryKeyValueBias] = false,
        [Keys.OutputBias] = false,
        [Keys.IntermediateSize] = 2048,
        [Keys.Activation] = (int)Activation.Relu,
        [Keys.FeedForwardBias] = false,
        [Keys.NormalizationKind] = (int)NormalizationKind.RmsNorm,
        [Keys.Epsilon] = 1e-6f,
        [Keys.PositionEncodingKind] = (int)PositionEncodingKind.RelativeBuckets,
    };

    private static readonly Dictionary<string, IReadOnlyDictionary<string, object>> Families = new()
    {
        [ModelAttributes.Bert] = Bert,

        // Positions are counted from one after the padding token on.
        [ModelAttributes.Roberta] = With(Bert, new()
        {
            [Keys.VocabularySize] = 50265,
            [Keys.Epsilon] = 1e-5f,
            [Keys.TokenTypes] = 1,
            [Keys.PaddingToken] = 1,
            [Keys.PositionOffset] = 2,
        }),
        [ModelAttributes.Gpt2] = Gpt2,
        [ModelAttributes.Bloom] = With(Gpt2, new()
        {
            [Keys.HiddenSize] = 1024,
            [Keys.ContextLength] = 2048,
            [Keys.VocabularySize] = 250880,
            [Keys.Layers] = 24,
            [Keys.Heads] = 16,
            [Keys.PositionEncodingKind] = (int)PositionEncodingKind.Alibi,
            [Keys.EmbeddingNormalize] = true,
        }),
        [ModelAttributes.Llama] = Llama,
        [ModelAttributes.T5] = T5,
        [ModelAttributes.FlanT5] = With(T5, new()
        {
            [Keys.EncoderLayers] = 8,
            [Keys.Layers] = 8,
            [Keys.Heads] = 6,
            [Keys.IntermediateSize] = 1024,
            [Keys.Activation] = (int)Activation.GeluTanh,
            [Keys.Gated] = true,
            [Keys.TieWordEmbeddings] = false,
        }),
        [ModelAttributes.Bart] = With(PostNorm, new()
        {
            [ModelAttributes.Encoder] = true,
            [ModelAttributes.Decoder] = true,
            [Keys.HiddenSize] = 768,
            [Keys.ContextLength] = 1024,
            [Keys.VocabularySize] = 50265,
            [Keys.EncoderLayers] = 6,
            [Keys.Layers] = 6,
            [Keys.Heads] = 12,
                [Keys.PositionOffset] = 2,
            [Keys.PaddingToken] = 1,
            [Keys.LogitBias] = true,
        }),
    };

    /// <summary>Those of a family's attribute; null of other attributes.</summary>
    public static IReadOnlyDictionary<string, object>? Of(string attribute) => Families.TryGetValue(attribute, out var defaults) ? defaults : null;

    private static Dictionary<string, object> With(Dictionary<string, object> defaults, Dictionary<string, object> changes)
    {
        var all = new Dictionary<string, object>(defaults);
        foreach (var pair in changes)
            all[pair.Key] = pair.Value;
        return all;
    }
}

using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>Mistakes of stacks, heads, objectives, positions and layers of one's own: which id each has, where it is reported, and that it is the only error.</summary>
public sealed class StackDiagnosticTests
{
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "INTG070", "[LanguageModelingHead] needs a decoder, but the model is an encoder", "[Encoder, [|LanguageModelingHead|]] internal partial class Story;" },
        { "INTG070", "[MaskedLanguageModelingHead] needs an encoder without a decoder, but the model is a decoder", "[Decoder, [|MaskedLanguageModelingHead|]] internal partial class Story;" },
        { "INTG070", "[QuestionAnswering] needs one stack, but the model is an encoder-decoder", "[Encoder, Decoder, [|QuestionAnswering|]] internal partial class Story;" },
        { "INTG071", "A model has one head, but there are [TokenClassification] and [QuestionAnswering]", "[Encoder, TokenClassification(9), [|QuestionAnswering|]] internal partial class Story;" },
        {
            "INTG071", "A model has one objective, but there are [SpanCorruption] and [Denoising]",
            "[Encoder, Decoder, SpanCorruption, [|Denoising(250)|]] internal partial class Story;"
        },
        { "INTG072", "[MaskedLanguageModeling] trains an encoder with a masked-language-modelling head, but the model is a decoder", "[Decoder, MaskedLanguageModeling([|255|])] internal partial class Story;" },
        { "INTG072", "[CausalLanguageModeling] trains a decoder that generates, but the model is an encoder", "[Encoder, MaskedLanguageModelingHead, [|CausalLanguageModeling|]] internal partial class Story;" },
        { "INTG073", "Labels is 0; it must be 1 or more", "[Encoder, SequenceClassification([|0|])] internal partial class Story;" },
        {
            "INTG073", "MaskToken is 256; it must be from 0 to VocabularySize - 1, 255",
            "[Encoder, MaskedLanguageModelingHead, MaskedLanguageModeling([|256|])] internal partial class Story;"
        },
        { "INTG073", "Buckets is 3; it must be 4 or more", "[Encoder, PositionEncoding(PositionEncodingKind.RelativeBuckets, [|Buckets = 3|])] internal partial class Story;" },
        { "INTG073", "MaxDistance is 16; it must be more than half of Buckets, 16", "[Decoder, PositionEncoding(PositionEncodingKind.RelativeBuckets, [|MaxDistance = 16|])] internal partial class Story;" },
        { "INTG073", "RotaryFraction is 0", "[Decoder, PositionEncoding(PositionEncodingKind.Rotary, [|RotaryFraction = 0|])] internal partial class Story;" },
        { "INTG073", "EveryNthLayer is 1; it must be 2 or more", "[Decoder, Attention(SlidingWindow = 8), Attention([|EveryNthLayer = 1|], SlidingWindow = 0)] internal partial class Story;" },
        { "INTG073", "HiddenSize is 33; it must be even, since sines and cosines come in pairs", "[Transformer([|HiddenSize = 33|]), Decoder, Attention(Heads = 3), PositionEncoding(PositionEncodingKind.Sinusoidal)] internal partial class Story;" },
        { "INTG074", "SlidingWindow is not supported in an encoder", "[Encoder, Attention([|SlidingWindow = 64|])] internal partial class Story;" },
        { "INTG074", "TokenTypes is not supported with a decoder; remove it", "[Decoder, Embedding([|TokenTypes = 2|])] internal partial class Story;" },
        { "INTG074", "PositionEncodingKind.Alibi is not supported in an encoder-decoder", "[Encoder, Decoder, PositionEncoding([|PositionEncodingKind.Alibi|])] internal partial class Story;" },
        { "INTG075", "Buckets acts on relative buckets alone, but the positions are Learned; remove it", "[Decoder, PositionEncoding(PositionEncodingKind.Learned, [|Buckets = 32|])] internal partial class Story;" },
        { "INTG075", "Offset acts on learned positions alone, but the positions are Rotary", "[Decoder, PositionEncoding(PositionEncodingKind.Rotary, [|Offset = 2|])] internal partial class Story;" },
    };

    public static TheoryData<string, string, string> MistakesOfLayers => new()
    {
        { "INTG080", "'Layer' is not static; write it as", "[Block] private Tensor [|Layer|](Tensor x, Norm norm, SelfAttention attention) => x + attention(norm(x));" },
        { "INTG080", "does not take a Tensor first and return one", "[Block] private static Tensor [|Layer|](SelfAttention attention, Tensor x) => x + attention(x);" },
        { "INTG080", "has a parameter 'count' that is no module", "[Block] private static Tensor [|Layer|](Tensor x, SelfAttention attention, int count) => x + attention(x);" },
        { "INTG080", "has a parameter 'query', which is what some tensors of a layer are called", "[Block] private static Tensor [|Layer|](Tensor x, SelfAttention attention, Linear query) => x + attention(query(x));" },
        { "INTG080", "owns more than one SelfAttention or FeedForward", "[Block] private static Tensor [|Layer|](Tensor x, SelfAttention near, SelfAttention far) => near(x) + far(x);" },
        { "INTG080", "owns a CrossAttention, though there is no encoder", "[Block] private static Tensor [|Layer|](Tensor x, SelfAttention attention, CrossAttention source) => attention(x) + source(x);" },
        { "INTG080", "owns neither SelfAttention nor FeedForward", "[Block] private static Tensor [|Layer|](Tensor x, Norm norm) => x + norm(x);" },
        { "INTG081", "'Self(x)' cannot be compiled in a [Block] method", "[Block] private static Tensor Layer(Tensor x, SelfAttention attention) => [|Self(x)|] + attention(x); private static Tensor Self(Tensor x) => x;" },
        { "INTG081", "'if (true) return x;' cannot be compiled", "[Block] private static Tensor Layer(Tensor x, SelfAttention attention) { [|if (true) return x;|] }" },
        { "INTG082", "'norm' is called 0 times; call it once, or remove it", "[Block] private static Tensor Layer(Tensor x, Norm [|norm|], SelfAttention attention) => x + attention(x);" },
        { "INTG082", "'norm' is called 2 times; call it once, or keep its result in a local", "[Block] private static Tensor Layer(Tensor x, Norm [|norm|], SelfAttention attention) => norm(x) + attention(norm(x));" },
        {
            "INTG082", "'attention' is called, but the layer's result does not depend on it",
            "[Block] private static Tensor Layer(Tensor x, SelfAttention [|attention|], FeedForward mlp) { var unused = attention(x); return x + mlp(x); }"
        },
        {
            "INTG083", "Second",
            "[Block] private static Tensor First(Tensor x, SelfAttention attention) => x + attention(x); [Block] private static Tensor [|Second|](Tensor x, SelfAttention attention) => attention(x);"
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task One_mistake_is_one_diagnostic_at_its_place(string id, string message, string marked)
    {
        var markup = Markup.Parse("using Intaglio;\n" + marked);
        markup.AssertReports(id, message, await Project.BuildAsync(markup.Source));
    }

    [Theory]
    [MemberData(nameof(MistakesOfLayers))]
    public async Task Mistake_of_a_layer_is_reported_in_its_method(string id, string message, string markedMembers)
    {
        var markup = Markup.Parse($"using Intaglio;\n[Decoder] internal partial class Story {{ {markedMembers} }}");
        markup.AssertReports(id, message, await Project.BuildAsync(markup.Source));
    }
}

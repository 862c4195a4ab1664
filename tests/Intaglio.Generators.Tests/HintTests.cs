using Microsoft.CodeAnalysis;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>What is legal but odd: a hint at its place, which fails no build, and none where nothing is odd.</summary>
public sealed class HintTests
{
    private const string Rotary = "PositionEncoding(PositionEncodingKind.Rotary)";

    public static TheoryData<string, string, string> Oddities => new()
    {
        {
            "INTG040", "VocabularySize (50257) is not a multiple of 64; 50304 gives the head's product whole tiles (keep 50257 to load a checkpoint that has it)",
            "[Transformer([|VocabularySize = 50257|]), Decoder] internal partial class Story;"
        },
        { "INTG040", "VocabularySize (1025) is not a multiple of 64; 1088 gives", "[Transformer([|VocabularySize = 1025|]), Decoder] internal partial class Story;" },
        { "INTG041", "48 heads of 8 are narrower than a vector of 16 floats; use 24 heads of 16", "[Decoder, Attention([|Heads = 48|])] internal partial class Story;" },
        { "INTG041", "6 heads of 8 are narrower than a vector of 16 floats; use a HeadSize of at least 16", "[Decoder, Attention(Heads = 6, [|HeadSize = 8|])] internal partial class Story;" },
        {
            "INTG042", "IntermediateSize (4) is below HiddenSize (384), which makes the feed-forward network a bottleneck; leave it out for 1536",
            "[Decoder, FeedForward([|IntermediateSize = 4|])] internal partial class Story;"
        },
        {
            "INTG043", "SlidingWindow (256) is not below ContextLength (256)",
            "[Decoder, Attention([|SlidingWindow = 256|])] internal partial class Story;"
        },
        {
            "INTG043", "SlidingWindow (64) is not below ContextLength (32)",
            """
            [Decoder, Attention(SlidingWindow = 64)] internal partial class Base;
            [BasedOn<Base>, Transformer([|ContextLength = 32|])] internal partial class Story;
            """
        },
        { "INTG044", "SlidingWindow is 1, so that a token sees only itself", "[Decoder, Attention([|SlidingWindow = 1|])] internal partial class Story;" },
        { "INTG044", "ContextLength is 1", "[Transformer([|ContextLength = 1|]), Decoder] internal partial class Story;" },
        {
            "INTG045", "HeadSize (32) is set and Heads is not, so that the default of 6 makes 192 columns beside a HiddenSize of 384; set Heads, such as 12",
            "[Decoder, Attention([|HeadSize = 32|])] internal partial class Story;"
        },
        { "INTG046", "HiddenSize (100) is not a multiple of 64, so that attention has a single head of 100; set Heads, such as 2", "[Transformer([|HiddenSize = 100|]), Decoder] internal partial class Story;" },
        { "INTG046", "set HiddenSize, such as 128", "[Transformer([|HiddenSize = 101|]), Decoder] internal partial class Story;" },
        { "INTG047", "with the default IntermediateSize (1536) half as many parameters again as an ungated one; set it to 1024", "[Decoder, FeedForward([|Gated = true|])] internal partial class Story;" },
        { "INTG048", "Of what [Attention] contributes, training keeps 36% after all dropout", "[Transformer(Dropout = 0.4f), Decoder, Attention([|Dropout = 0.4f|])] internal partial class Story;" },
        { "INTG048", "Of what [Embedding] contributes, training keeps 10%", "[Decoder, Embedding([|Dropout = 0.9f|])] internal partial class Story;" },
        {
            "INTG049", "LogitSoftCap (2) lets no attention weight be more than 54.6 times another, so that among 256 tokens none can get half of the attention",
            "[Decoder, Attention([|LogitSoftCap = 2|])] internal partial class Story;"
        },

        // 2π · 100^(62/64) = 544.09; (1024 / 2π)^(64/62) = 192.6.
        {
            "INTG050", "With RotaryTheta 100 the slowest pair of columns comes round after 544 tokens, but ContextLength is 1024, so that far tokens look near; use at least 200",
            "[Transformer(ContextLength = 1024), Decoder, PositionEncoding(PositionEncodingKind.Rotary, [|RotaryTheta = 100|])] internal partial class Story;"
        },
        { "INTG050", "ContextLength is 131072", $"[Transformer([|ContextLength = 131072|]), Decoder, {Rotary}] internal partial class Story;" },
        { "INTG051", "Epsilon (0.001) is larger than the variance with which embeddings begin, 0.0004", "[Decoder, Normalization([|Epsilon = 1e-3f|])] internal partial class Story;" },
        {
            "INTG052", "'Half' is linear",
            "[Decoder, FeedForward([|ActivationMethod = nameof(Half)|])] internal partial class Story { [Pointwise] private static float Half(float x) => x / 2 + 1; }"
        },
        { "INTG053", "VocabularySize is 1, so that there is nothing to predict", "[Transformer([|VocabularySize = 1|]), Decoder] internal partial class Story;" },
    };

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task One_oddity_is_one_hint_at_its_place(string id, string message, string marked)
    {
        var markup = Markup.Parse("using Intaglio;\n" + marked);
        var diagnostic = markup.AssertReports(id, message, await Project.AnalyzeAsync(markup.Source));

        Assert.Equal(DiagnosticSeverity.Info, diagnostic.DefaultSeverity);
        Assert.Empty(await Project.BuildAsync(markup.Source));
    }

    [Theory]
    [InlineData("[Decoder] internal partial class Story;")]
    [InlineData("[Transformer, Decoder, Attention, FeedForward, Normalization, Embedding] internal partial class Story;")]
    [InlineData("[Transformer(HiddenSize = 32), Decoder] internal partial class Story;")]
    [InlineData("[Transformer(VocabularySize = 1000), Decoder] internal partial class Story;")]
    [InlineData("[Transformer(VocabularySize = 32000), Decoder] internal partial class Story;")]
    [InlineData("[Decoder, Attention(SlidingWindow = 255)] internal partial class Story;")]
    [InlineData("[Decoder, Attention(Heads = 8, HeadSize = 64)] internal partial class Story;")]
    [InlineData("[Decoder, Attention(HeadSize = 64)] internal partial class Story;")]
    [InlineData("[Decoder, Attention(LogitSoftCap = 50)] internal partial class Story;")]
    [InlineData("[Decoder, FeedForward(IntermediateSize = 384)] internal partial class Story;")]
    [InlineData("[Decoder, FeedForward(IntermediateSize = 1536, Gated = true)] internal partial class Story;")]
    [InlineData("[Transformer(Dropout = 0.2f), Decoder, Attention(Dropout = 0.2f), FeedForward(Dropout = 0.2f), Embedding(Dropout = 0.5f)] internal partial class Story;")]
    [InlineData("[Decoder, Normalization(NormalizationKind.RmsNorm, Epsilon = 1e-5f)] internal partial class Story;")]
    [InlineData("[Decoder, PositionEncoding(PositionEncodingKind.Rotary)] internal partial class Story;")]
    [InlineData("[Transformer(ContextLength = 4096), Decoder, PositionEncoding(PositionEncodingKind.Rotary)] internal partial class Story;")]
    [InlineData("[Decoder, FeedForward(Gated = true, IntermediateSize = 1024, ActivationMethod = nameof(Same))] internal partial class Story { [Pointwise] private static float Same(float x) => x; }")]
    public async Task Usual_choice_has_no_hint(string source) => Assert.Empty(await Project.AnalyzeAsync("using Intaglio;\n" + source));

    [Fact]
    public async Task What_another_model_sets_is_hinted_at_there_alone()
    {
        var diagnostics = await Project.AnalyzeAsync(
            """
            using Intaglio;
            [Transformer(VocabularySize = 50257), Decoder, Attention(SlidingWindow = 1)] internal partial class Base;
            [BasedOn<Base>, Precision(BF16)] internal partial class Story;
            """);

        Assert.Equal(["INTG040", "INTG044"], diagnostics.Select(diagnostic => diagnostic.Id).Order());
        Assert.All(diagnostics, diagnostic => Assert.Equal(1, diagnostic.Location.GetLineSpan().StartLinePosition.Line));
    }

    [Fact]
    public async Task Model_with_a_mistake_has_no_hints_yet()
    {
        var diagnostics = await Project.AnalyzeAsync("using Intaglio;\n[Transformer(VocabularySize = 50257), Decoder(Layers = 0)] internal partial class Story;");
        Assert.Equal("INTG005", Assert.Single(diagnostics).Id);
    }
}

using Intaglio.Compiler;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>What declarations mean.</summary>
public sealed class ParsingTests
{
    [Fact]
    public void Decoder_alone_has_every_default()
    {
        var spec = Parse("[Decoder] partial class Story;");

        Assert.Equal(
            new ModelSpec
            {
                Declaration = new("", EquatableArray<ContainingTypeSpec>.Empty, "Story"),
                HiddenSize = 384,
                ContextLength = 256,
                VocabularySize = 256,
                ResidualDropout = 0,
                Decoder = new()
                {
                    Layers = 6,
                    IsCausal = true,
                    Attention = new() { Heads = 6, KeyValueHeads = 6, HeadSize = 64, Scale = 0.125, QueryKeyValueBias = true, OutputBias = true },
                    FeedForward = new DenseFeedForwardSpec(1536, Compiler.Activations.Of(Compiler.Activation.GeluTanh), Gated: false, Bias: true, 0),
                    Block = StockBlocks.Of(Compiler.NormalizationPlacement.Pre, attendsToEncoder: false, isParallel: false),
                },
                Normalization = new(Compiler.NormalizationKind.LayerNorm, Compiler.NormalizationPlacement.Pre, 1e-5f, Bias: true, UnitOffset: false),
                PositionEncoding = new(Compiler.PositionEncodingKind.Learned) { RotaryTheta = 10_000, Buckets = 32, MaxDistance = 128 },
                Embedding = new(TieWordEmbeddings: true, 0),
                Head = new LanguageModelingHeadSpec(Bias: false, 0, 1),
                Format = Compiler.NumberFormat.FP32,
            },
            spec);
    }

    [Fact]
    public void Every_argument_arrives()
    {
        var spec = Parse(
            """
            [Transformer(HiddenSize = 96, ContextLength = 11, VocabularySize = 12, Dropout = 0.1f)]
            [Decoder(Layers = 13)]
            [Attention(Heads = 6, KeyValueHeads = 3, HeadSize = 10, Scale = 0.25f, SlidingWindow = 7, LogitSoftCap = 30, QueryKeyValueBias = false, OutputBias = false, Dropout = 0.2f)]
            [FeedForward(IntermediateSize = 14, Activation = Activation.Silu, Gated = true, Bias = false, Dropout = 0.3f)]
            [Normalization(NormalizationKind.LayerNorm, Epsilon = 0.5f, Bias = false)]
            [PositionEncoding(PositionEncodingKind.Rotary, RotaryTheta = 500, Layout = RotaryLayout.Interleaved)]
            [Embedding(TieWordEmbeddings = false, Dropout = 0.4f)]
            [Precision(BF16)]
            partial class Story;
            """);

        Assert.Equal(
            new ModelSpec
            {
                Declaration = new("", EquatableArray<ContainingTypeSpec>.Empty, "Story"),
                HiddenSize = 96,
                ContextLength = 11,
                VocabularySize = 12,
                ResidualDropout = 0.1f,
                Decoder = new()
                {
                    Layers = 13,
                    IsCausal = true,
                    Attention = new() { Heads = 6, KeyValueHeads = 3, HeadSize = 10, Scale = 0.25, SlidingWindow = 7, LogitSoftCap = 30, Dropout = 0.2f },
                    FeedForward = new DenseFeedForwardSpec(14, Compiler.Activations.Of(Compiler.Activation.Silu), Gated: true, Bias: false, 0.3f),
                    Block = StockBlocks.Of(Compiler.NormalizationPlacement.Pre, attendsToEncoder: false, isParallel: false),
                },
                Normalization = new(Compiler.NormalizationKind.LayerNorm, Compiler.NormalizationPlacement.Pre, 0.5f, Bias: false, UnitOffset: false),
                PositionEncoding = new(Compiler.PositionEncodingKind.Rotary) { RotaryTheta = 500, Layout = Compiler.RotaryLayout.Interleaved, Buckets = 32, MaxDistance = 128 },
                Embedding = new(TieWordEmbeddings: false, 0.4f),
                Head = new LanguageModelingHeadSpec(Bias: false, 0, 1),
                Format = Compiler.NumberFormat.BF16,
            },
            spec);
    }

    [Theory]
    [InlineData(128, 2)]
    [InlineData(64, 1)]
    [InlineData(100, 1)]
    [InlineData(32, 1)]
    public void Heads_are_64_wide_where_that_divides(int hiddenSize, int heads)
    {
        var spec = Parse($"[Transformer(HiddenSize = {hiddenSize}), Decoder] partial class Story;");
        Assert.Equal(heads, spec.Main.Attention.Heads);
        Assert.Equal(4 * hiddenSize, ((DenseFeedForwardSpec)spec.Main.FeedForward).IntermediateSize);
    }

    [Fact]
    public void BasedOn_takes_what_is_unset_argument_by_argument()
    {
        var spec = Parse(
            """
            [Transformer(HiddenSize = 128, ContextLength = 8), Decoder(Layers = 2), Attention(OutputBias = false), FeedForward(Activation = Activation.Relu)] partial class Root;
            [BasedOn<Root>, Transformer(ContextLength = 16), Attention(Dropout = 0.1f)] partial class Middle;
            [BasedOn<Middle>, Attention(OutputBias = true), Precision(BF16)] partial class Story;
            """);

        Assert.Equal(128, spec.HiddenSize);
        Assert.Equal(16, spec.ContextLength);
        Assert.Equal(2, spec.Main.Layers);
        Assert.Equal(new AttentionSpec { Heads = 2, KeyValueHeads = 2, HeadSize = 64, Scale = 0.125, QueryKeyValueBias = true, OutputBias = true, Dropout = 0.1f }, spec.Main.Attention);
        Assert.Equal(Compiler.Activations.Of(Compiler.Activation.Relu), ((DenseFeedForwardSpec)spec.Main.FeedForward).Activation);
        Assert.Equal(Compiler.NumberFormat.BF16, spec.Format);
    }

    [Fact]
    public void Derived_sizes_follow_the_final_hidden_size_unless_they_are_set_somewhere()
    {
        var follows = Parse("[Transformer(HiddenSize = 128), Decoder] partial class Root; [BasedOn<Root>, Transformer(HiddenSize = 256)] partial class Story;");
        Assert.Equal(4, follows.Main.Attention.Heads);
        Assert.Equal(1024, ((DenseFeedForwardSpec)follows.Main.FeedForward).IntermediateSize);

        var stays = Parse("[Transformer(HiddenSize = 128), Decoder, Attention(Heads = 8), FeedForward(IntermediateSize = 99)] partial class Root; [BasedOn<Root>, Transformer(HiddenSize = 256)] partial class Story;");
        Assert.Equal(8, stays.Main.Attention.Heads);
        Assert.Equal(99, ((DenseFeedForwardSpec)stays.Main.FeedForward).IntermediateSize);
    }

    [Fact]
    public void Setting_an_argument_to_its_default_counts_as_setting_it()
    {
        var spec = Parse("[Decoder, Normalization(Bias = false)] partial class Root; [BasedOn<Root>, Normalization(Bias = true, Epsilon = 1e-6f)] partial class Story;");
        Assert.Equal(new NormalizationSpec(Compiler.NormalizationKind.LayerNorm, Compiler.NormalizationPlacement.Pre, 1e-6f, Bias: true, UnitOffset: false), spec.Normalization);
    }

    [Theory]
    [InlineData("namespace A.B; partial class O { partial record struct P { [Decoder] private protected partial class Story; } }", "A.B.O+P+Story", "A.B.O+P+Story", "class O, record struct P")]
    [InlineData("partial interface I { [Decoder] partial class Story; }", "I+Story", "I+Story", "interface I")]
    [InlineData("partial record R { [Decoder] public sealed partial class Story; }", "R+Story", "R+Story", "record R")]
    [InlineData("static partial class S { [Decoder] partial class Story; }", "S+Story", "S+Story", "class S")]
    [InlineData("namespace @in; partial struct @struct { [Decoder] partial class @event; }", "in.struct+event", "@in.@struct+@event", "struct @struct")]
    public void Places_of_classes_are_kept(string source, string metadataName, string fullName, string around)
    {
        var declaration = Parsed.Model("using Intaglio; " + source, metadataName).Declaration;
        Assert.Equal(fullName, declaration.FullName);
        Assert.Equal(around, string.Join(", ", declaration.ContainingTypes.Select(outer => $"{outer.Keyword} {outer.Name}")));
    }

    [Fact]
    public void Equal_declarations_are_equal_models()
    {
        const string Source = "using Intaglio; namespace App; partial class Outer { [Decoder, Attention(Heads = 3)] partial class Story { int _own; } }";
        Assert.Equal(Parsed.Model(Source, "App.Outer+Story"), Parsed.Model(Source + " // again", "App.Outer+Story"));
    }

    private static ModelSpec Parse(string source) => Parsed.Spec("using Intaglio;\n" + source);
}

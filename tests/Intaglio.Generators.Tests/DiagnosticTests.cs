using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>Each mistake: which id it has, where it is reported, and that it is the only error.</summary>
public sealed class DiagnosticTests
{
    public static TheoryData<string, string, string> OneMistakes => new()
    {
        {
            "INTG004", "'Story' carries [Transformer] but no stack of layers; add [Decoder], or [BasedOn<TModel>] to change another model",
            "[Transformer(HiddenSize = 64)] internal partial class [|Story|];"
        },
        { "INTG004", "[Attention]", "[Attention(Heads = 2)] internal partial class [|Story|];" },
        { "INTG005", "HiddenSize is 0; it must be at least 1, or left out for its default", "[Transformer([|HiddenSize = 0|]), Decoder] internal partial class Story;" },
        { "INTG005", "ContextLength is -1", "[Transformer([|ContextLength = -1|]), Decoder] internal partial class Story;" },
        { "INTG005", "VocabularySize is 0", "[Transformer([|VocabularySize = 0|]), Decoder] internal partial class Story;" },
        { "INTG005", "Layers is -2147483648", "[Decoder([|Layers = int.MinValue|])] internal partial class Story;" },
        { "INTG005", "Heads is 0", "[Decoder, Attention([|Heads = 0|])] internal partial class Story;" },
        { "INTG005", "IntermediateSize is 0", "[Decoder, FeedForward([|IntermediateSize = 0|])] internal partial class Story;" },
        {
            "INTG006", "Heads (6) does not divide HiddenSize (64); use 1, 2, 4, 8, 16, 32 or 64",
            "[Transformer(HiddenSize = 64), Decoder, Attention([|Heads = 6|])] internal partial class Story;"
        },
        { "INTG006", "Heads (5) does not divide HiddenSize (384)", "[Decoder, Attention([|Heads = 5|])] internal partial class Story;" },
        {
            "INTG006", "Heads (6) does not divide HiddenSize (100); use 1, 2, 4, 5, 10, 20, 25, 50 or 100",
            """
            [Transformer(HiddenSize = 96), Decoder, Attention(Heads = 6)] internal partial class Base;
            [BasedOn<Base>, Transformer([|HiddenSize = 100|])] internal partial class Story;
            """
        },
        { "INTG007", "Dropout of [Transformer] is 1; it must be at least 0 and less than 1", "[Transformer([|Dropout = 1|]), Decoder] internal partial class Story;" },
        { "INTG007", "Dropout of [Attention] is -0.1", "[Decoder, Attention([|Dropout = -0.1f|])] internal partial class Story;" },
        { "INTG007", "Dropout of [FeedForward] is NaN", "[Decoder, FeedForward([|Dropout = float.NaN|])] internal partial class Story;" },
        { "INTG007", "Dropout of [Embedding] is 1.5", "[Decoder, Embedding([|Dropout = 1.5f|])] internal partial class Story;" },
        { "INTG008", "Epsilon is 0; it must be positive and finite", "[Decoder, Normalization([|Epsilon = 0|])] internal partial class Story;" },
        { "INTG008", "Epsilon is Infinity", "[Decoder, Normalization([|Epsilon = float.PositiveInfinity|])] internal partial class Story;" },
        {
            "INTG009", "Activation is 99, which is no value of Activation; use GeluTanh, Gelu, Relu",
            "[Decoder, FeedForward([|Activation = (Activation)99|])] internal partial class Story;"
        },
        { "INTG009", "use LayerNorm or RmsNorm", "[Decoder, Normalization([|(NormalizationKind)7|])] internal partial class Story;" },
        { "INTG009", "Kind is -1, which is no value of PositionEncodingKind; use Learned, None, Rotary, Sinusoidal, Alibi or RelativeBuckets", "[Decoder, PositionEncoding([|(PositionEncodingKind)(-1)|])] internal partial class Story;" },
        { "INTG009", "NumberFormat", "[Decoder, Precision([|(NumberFormat)50|])] internal partial class Story;" },
        {
            "INTG010", "FP16 is not supported yet; use FP32 for a model that trains or BF16 for one that only generates",
            "[Decoder, Precision([|FP16|])] internal partial class Story;"
        },
        { "INTG010", "INT8 is not supported yet", "[Decoder, Precision([|INT8|])] internal partial class Story;" },
        { "INTG010", "INT4 is not supported yet", "[Decoder, Precision([|format: INT4|])] internal partial class Story;" },
        { "INTG011", "Dropout of [Attention] is 0.1, but a BF16 model only generates", "[Decoder, Precision(BF16), Attention([|Dropout = 0.1f|])] internal partial class Story;" },
        { "INTG005", "KeyValueHeads is 0", "[Decoder, Attention([|KeyValueHeads = 0|])] internal partial class Story;" },
        { "INTG005", "HeadSize is -8", "[Decoder, Attention([|HeadSize = -8|])] internal partial class Story;" },
        { "INTG005", "SlidingWindow is 0", "[Decoder, Attention([|SlidingWindow = 0|])] internal partial class Story;" },
        { "INTG020", "KeyValueHeads (4) does not divide Heads (6); use 1, 2, 3 or 6", "[Decoder, Attention([|KeyValueHeads = 4|])] internal partial class Story;" },
        { "INTG025", "KeyValueHeads (12) is more than Heads (4), but no head of keys can be without a query; use 1, 2 or 4", "[Decoder, Attention(Heads = 4, [|KeyValueHeads = 12|], HeadSize = 96)] internal partial class Story;" },
        {
            "INTG025", "KeyValueHeads (8) is more than Heads (6)",
            """
            [Transformer(HiddenSize = 512), Decoder, Attention(KeyValueHeads = 8)] internal partial class Base;
            [BasedOn<Base>, Transformer([|HiddenSize = 384|])] internal partial class Story;
            """
        },
        {
            "INTG020", "KeyValueHeads (3) does not divide Heads (8)",
            """
            [Decoder, Attention(Heads = 6, KeyValueHeads = 3)] internal partial class Base;
            [BasedOn<Base>, Attention([|Heads = 8|])] internal partial class Story;
            """
        },
        {
            "INTG021", "Rotary positions turn pairs of columns, but HeadSize is 5; use an even HeadSize such as 6, or other positions",
            "[Decoder, Attention([|HeadSize = 5|]), PositionEncoding(PositionEncodingKind.Rotary)] internal partial class Story;"
        },
        {
            "INTG021", "HeadSize is 3",
            "[Transformer(HiddenSize = 12), Decoder, Attention([|Heads = 4|]), PositionEncoding(PositionEncodingKind.Rotary)] internal partial class Story;"
        },
        {
            "INTG022", "RmsNorm has no bias",
            """
            [Decoder, Normalization(Bias = true)] internal partial class Base;
            [BasedOn<Base>, Normalization([|NormalizationKind.RmsNorm|])] internal partial class Story;
            """
        },
        { "INTG022", "RmsNorm has no bias; remove Bias = true", "[Decoder, Normalization(NormalizationKind.RmsNorm, [|Bias = true|])] internal partial class Story;" },
        { "INTG023", "Scale is 0; it must be positive and finite, or left out for its default", "[Decoder, Attention([|Scale = 0|])] internal partial class Story;" },
        { "INTG023", "LogitSoftCap is NaN", "[Decoder, Attention([|LogitSoftCap = float.NaN|])] internal partial class Story;" },
        {
            "INTG023", "RotaryTheta is -1",
            "[Decoder, PositionEncoding(PositionEncodingKind.Rotary, [|RotaryTheta = -1|])] internal partial class Story;"
        },
        {
            "INTG024", "Layout acts on rotary positions, but the positions are Learned; remove it, or use PositionEncodingKind.Rotary",
            "[Decoder, PositionEncoding(PositionEncodingKind.Learned, [|Layout = RotaryLayout.Interleaved|])] internal partial class Story;"
        },
        { "INTG009", "use HalfSplit or Interleaved", "[Decoder, PositionEncoding(PositionEncodingKind.Rotary, [|Layout = (RotaryLayout)2|])] internal partial class Story;" },
        {
            "INTG026", "'F' is the same for every x, so that nothing before it can be learned; let it depend on x",
            "[Decoder, FeedForward([|ActivationMethod = nameof(F)|])] internal partial class Story { [Pointwise] private static float F(float x) => x - x + MathF.Exp(1); }"
        },
        { "INTG030", "'Story' and the types around it have no method 'Mish'", "[Decoder, FeedForward([|ActivationMethod = \"Mish\"|])] internal partial class Story;" },
        { "INTG031", "'F' is not [Pointwise]; write it as '[Pointwise] static float F(float x)'", "[Decoder, FeedForward([|ActivationMethod = nameof(F)|])] internal partial class Story { public static float F(float x) => x; }" },
        { "INTG031", "'F' has more than one parameter", "[Decoder, FeedForward([|ActivationMethod = nameof(F)|])] internal partial class Story { [Pointwise] public static float F(float x, float y) => x + y; }" },
        { "INTG031", "'F' is not static", "internal sealed class Own { [Pointwise] public float [|F|](float x) => x; }" },
        { "INTG031", "'F' does not return float", "internal static class Own { [Pointwise] public static double [|F|](float x) => x; }" },
        { "INTG031", "'F' has a parameter that is not float", "internal static class Own { [Pointwise] public static float [|F|](int x) => x; }" },
        { "INTG033", "'while' is not supported in a [Pointwise] method", "internal static class Own { [Pointwise] public static float F(float x) { [|while|] (x > 1) { x /= 2; } return x; } }" },
        { "INTG033", "'for' is not supported", "internal static class Own { [Pointwise] public static float F(float x) { [|for|] (var i = 0; i < 3; i++) { x += i; } return x; } }" },
        { "INTG033", "'throw' is not supported", "internal static class Own { [Pointwise] public static float F(float x) { if (x > 0) { [|throw|] new Exception(); } return x; } }" },
        { "INTG033", "'Cbrt' is not supported", "internal static class Own { [Pointwise] public static float F(float x) => MathF.[|Cbrt|](x); }" },
        { "INTG033", "'G', which is not [Pointwise], is not supported", "internal static class Own { private static float G(float x) => x; [Pointwise] public static float F(float x) => [|G|](x); }" },
        { "INTG033", "'Scale' is not supported", "internal static class Own { private static readonly float Scale = 2; [Pointwise] public static float F(float x) => x * [|Scale|]; }" },
        { "INTG033", "A variable of type int is not supported", "internal static class Own { [Pointwise] public static float F(float x) { var [|n = 2|]; return x * n; } }" },
        { "INTG033", "A switch without '_'", "internal static class Own { [Pointwise] public static float F(float x) => x switch { > 0 => 1, [|var y => y|] }; }" },
        { "INTG034", "Floor has steps and no useful derivative", "internal static class Own { [Pointwise] public static float F(float x) => x - MathF.[|Floor|](x); }" },
        { "INTG034", "Round has steps", "internal static class Own { [Pointwise] public static float F(float x) => (float)Math.[|Round|](x); }" },
        { "INTG034", "Sign has steps", "internal static class Own { [Pointwise] public static float F(float x) => MathF.[|Sign|](x) * x; }" },
        { "INTG034", "% has steps", "internal static class Own { [Pointwise] public static float F(float x) => x [|%|] 2; }" },
        { "INTG034", "% has steps", "internal static class Own { [Pointwise] public static float F(float x) { x [|%=|] 2; return x; } }" },
        { "INTG034", "The cast to int has steps", "internal static class Own { [Pointwise] public static float F(float x) => (float)([|int|])x; }" },
        { "INTG035", "'F' calls itself: F -> F", "internal static class Own { [Pointwise] public static float F(float x) => x > 0 ? x : [|F|](x + 1); }" },
        { "INTG037", "The formula of 'F' has more than 1000 parts", "internal static class Own { [Pointwise] public static float F(float x) { var a = MathF.Sin(x) + MathF.Cos(x) * MathF.Exp(x) + MathF.Tanh(x); var b = MathF.Sin(a) + MathF.Cos(a) * MathF.Exp(a) + MathF.Tanh(a); var c = MathF.Sin(b) + MathF.Cos(b) * MathF.Exp(b) + MathF.Tanh(b); var d = MathF.Sin(c) + MathF.Cos(c) * MathF.Exp(c) + MathF.Tanh(c); var [|e|] = MathF.Sin(d) + MathF.Cos(d) * MathF.Exp(d) + MathF.Tanh(d); return e; } }" },
        { "INTG036", "Activation and ActivationMethod ('F') are both set", "[Decoder, FeedForward(Activation = Activation.Relu, [|ActivationMethod = nameof(F)|])] internal partial class Story { [Pointwise] private static float F(float x) => x; }" },
        { "INTG012", "'Story' is abstract and cannot be a model", "[Decoder] internal abstract partial class [|Story|];" },
        { "INTG014", "'Story' is based on itself: Story -> Story", "[BasedOn<[|Story|]>] internal partial class Story;" },
        { "INTG015", "'string' is not declared as a model; add [Decoder] to it or name a model", "[BasedOn<[|string|]>] internal partial class Story;" },
        { "INTG015", "'int[]' is not declared as a model", "[Decoder, BasedOn<[|int[]|]>] internal partial class Story;" },
        {
            "INTG016", "The token embedding would have 4294967296 elements, more than the 2147483647 that can be addressed; reduce VocabularySize or HiddenSize",
            "[Transformer([|VocabularySize = 65536 * 1024|], HiddenSize = 64), Decoder] internal partial class Story;"
        },
        { "INTG016", "The query, key and value projection", "[Transformer([|HiddenSize = 65536|]), Decoder] internal partial class Story;" },
        { "INTG016", "The position embedding", "[Transformer([|ContextLength = int.MaxValue|], VocabularySize = 2), Decoder] internal partial class Story;" },
        {
            "INTG016", "The position embedding",
            """
            [Transformer(ContextLength = int.MaxValue), Decoder, PositionEncoding(PositionEncodingKind.None)] internal partial class Base;
            [BasedOn<Base>, PositionEncoding([|PositionEncodingKind.Learned|])] internal partial class Story;
            """
        },
        {
            "INTG016", "The query, key and value projection",
            """
            [Transformer(HiddenSize = 32768), Decoder, FeedForward(IntermediateSize = 8192), Attention(Heads = 512, KeyValueHeads = 1)] internal partial class Base;
            [BasedOn<Base>, Attention([|KeyValueHeads = 512|])] internal partial class Story;
            """
        },
        {
            "INTG016", "The feed-forward projection",
            """
            [Decoder, FeedForward(IntermediateSize = 4_000_000)] internal partial class Base;
            [BasedOn<Base>, FeedForward([|Gated = true|])] internal partial class Story;
            """
        },
        { "INTG016", "The feed-forward projection", "[Decoder, FeedForward([|IntermediateSize = int.MaxValue|])] internal partial class Story;" },
        { "INTG016", "The model", "[Decoder([|Layers = int.MaxValue|]), Transformer(HiddenSize = 20000)] internal partial class Story;" },
    };

    /// <summary>Mistakes that C# itself objects to as well, once the emitted part is there, or that leave no class that a part could join.</summary>
    public static TheoryData<string, string, string> MistakesOfTheClass => new()
    {
        { "INTG001", "CS0260", "[Decoder] internal class [|Story|];" },
        { "INTG002", "CS0260", "internal class [|Outer|] { [Decoder] internal partial class Story; }" },
        { "INTG003", "", "[Decoder] internal partial class [|Story|]<T>;" },
        { "INTG003", "", "internal partial class Outer<T> { [Decoder] internal partial class [|Story|]; }" },
        { "INTG012", "", "[Decoder] internal static partial class [|Story|];" },
        { "INTG012", "", "[Decoder] internal partial record [|Story|];" },
        { "INTG012", "", "[Decoder] file partial class [|Story|];" },
        { "INTG012", "", "file partial class Outer { [Decoder] internal partial class [|Story|]; }" },
        { "INTG013", "", "internal class Mine; [Decoder] internal partial class Story : [|Mine|];" },
        { "INTG018", "", "[Decoder] internal partial class Story[|(int Unused)|] { public int Used => Unused; }" },
    };

    [Theory]
    [MemberData(nameof(OneMistakes))]
    public async Task One_mistake_is_one_diagnostic_at_its_place(string id, string message, string marked)
    {
        var markup = Markup.Parse("using Intaglio;\n" + marked);
        markup.AssertReports(id, message, await Project.BuildAsync(markup.Source));
    }

    [Theory]
    [MemberData(nameof(MistakesOfTheClass))]
    public async Task Mistake_of_the_class_is_reported_at_its_name(string id, string compilerErrors, string marked)
    {
        var markup = Markup.Parse("using Intaglio;\n" + marked);
        var diagnostics = await Project.BuildAsync(markup.Source);

        var diagnostic = Assert.Single(diagnostics, diagnostic => diagnostic.Id.StartsWith("INTG", StringComparison.Ordinal));
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(Assert.Single(markup.Spans), diagnostic.Location.SourceSpan);
        Assert.Equal(compilerErrors, string.Join(" ", diagnostics.Where(other => other != diagnostic).Select(other => other.Id).Distinct().Order()));
    }

    /// <summary>What C# itself rejects is the compiler's to report: a second error at the same place would say no more.</summary>
    [Theory]
    [InlineData("CS0592", "[Decoder] internal partial struct Story;")]
    [InlineData("CS0592", "[Decoder] internal partial interface IStory;")]
    [InlineData("CS0592", "[Decoder] internal partial record struct Story;")]
    [InlineData("CS0592", "internal enum Choice { [Decoder] First }")]
    [InlineData("CS0592", "[Pointwise] internal static class Own;")]
    [InlineData("CS0592", "internal static class Own { [Pointwise] public static float F => 1; }")]
    [InlineData("CS0246", "[Decoder(Depth = 6)] internal partial class Story;")]
    [InlineData("CS0029", "[Decoder(Layers = \"six\")] internal partial class Story;")]
    [InlineData("CS0182", "[Decoder(Layers = Story.Depth)] internal partial class Story { public static readonly int Depth = 6; }")]
    [InlineData("CS0103", "[Decoder(Layers = Depth)] internal partial class Story;")]
    [InlineData("CS0020", "[Decoder(Layers = 1 / 0)] internal partial class Story;")]
    [InlineData("CS0643", "[Decoder(Layers = 6, Layers = 7)] internal partial class Story;")]
    [InlineData("CS7036", "[Decoder, Precision] internal partial class Story;")]
    [InlineData("CS0579", "[Decoder, Decoder] internal partial class Story;")]
    [InlineData("CS0579", "[Decoder] internal partial class First; [Decoder] internal partial class Second; [BasedOn<First>, BasedOn<Second>] internal partial class Story;")]
    [InlineData("CS0452", "[BasedOn<int>, Decoder] internal partial class Story;")]
    public async Task What_the_compiler_rejects_is_reported_by_it_alone(string id, string source)
    {
        var diagnostics = await Project.BuildAsync("using Intaglio;\n" + source);
        Assert.True(diagnostics.Count == 1 && diagnostics[0].Id == id, Project.Describe(diagnostics));
    }

    [Fact]
    public async Task Mistake_in_a_method_that_others_call_is_reported_once_and_there()
    {
        var markup = Markup.Parse(
            """
            using Intaglio;
            internal static class Shared
            {
                [Pointwise] internal static float Inner(float x) => MathF.[|Floor|](x);
                [Pointwise] internal static float Outer(float x) => Inner(x) + x;
            }
            [Decoder, FeedForward(ActivationMethod = nameof(F))] internal partial class First { [Pointwise] private static float F(float x) => Shared.Outer(x); }
            [BasedOn<First>] internal partial class Second;
            """);
        var diagnostic = Assert.Single(await Project.BuildAsync(markup.Source));

        Assert.Equal("INTG034", diagnostic.Id);
        Assert.Equal(markup.Spans[0], diagnostic.Location.SourceSpan);
    }

    [Fact]
    public async Task Every_class_on_a_circle_reports_it_and_one_that_leads_to_it_does_not()
    {
        var markup = Markup.Parse(
            """
            using Intaglio;
            [BasedOn<[|Second|]>] internal partial class First;
            [BasedOn<[|First|]>] internal partial class Second;
            [BasedOn<First>] internal partial class Outside;
            """);
        var diagnostics = await Project.BuildAsync(markup.Source);

        Assert.All(diagnostics, diagnostic => Assert.Equal("INTG014", diagnostic.Id));
        Assert.Equal(markup.Spans, diagnostics.Select(diagnostic => diagnostic.Location.SourceSpan).OrderBy(span => span.Start));
    }

    [Fact]
    public async Task Mistake_of_the_model_that_others_are_based_on_is_reported_once()
    {
        var diagnostics = await Project.BuildAsync(
            """
            using Intaglio;
            [Decoder, Attention(Heads = 5)] internal partial class Base;
            [BasedOn<Base>] internal partial class First;
            [BasedOn<First>, Embedding(TieWordEmbeddings = false)] internal partial class Second;
            [Attention(Heads = 6)] internal partial class NoStack;
            [BasedOn<NoStack>] internal partial class Third;
            """);

        Assert.Equal(["INTG004", "INTG006"], diagnostics.Select(diagnostic => diagnostic.Id).Order());
    }

    [Fact]
    public async Task Inherited_dropout_is_no_reason_for_a_warning_when_a_model_is_copied_for_serving()
    {
        var diagnostics = await Project.BuildAsync(
            """
            using Intaglio;
            [Decoder, Attention(Dropout = 0.1f)] internal partial class Story;
            [BasedOn<Story>, Precision(BF16)] internal partial class Serving;
            """);

        Assert.Empty(diagnostics);
    }

    [Theory]
    [InlineData("public static int [|Heads|] => 3;", true)]
    [InlineData("private int [|Parameters|];", false)]
    [InlineData("public static Story [|Create|](Device device, ulong seed) => null!;", true)]
    [InlineData("private [|Story|](Device device) : base(device, null!) { }", true)]
    public async Task Member_with_an_emitted_name_is_reported_at_the_member(string member, bool isPublic)
    {
        var markup = Markup.Parse($"using Intaglio;\n[Decoder] internal partial class Story {{ {member} }}");
        var diagnostics = await Project.BuildAsync("#pragma warning disable CS0169\n" + markup.Source);

        var diagnostic = Assert.Single(diagnostics, diagnostic => diagnostic.Id == "INTG017");
        Assert.Equal(markup.Source.Substring(markup.Spans[0].Start, markup.Spans[0].Length), diagnostic.Location.SourceTree!.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));

        // What only the implementation uses is left out with it; the surface stays, and there the compiler has an objection of its own.
        if (!isPublic)
            Assert.Single(diagnostics);
    }

    [Theory]
    [InlineData("[Decoder] internal partial class [|Parameters|];")]
    [InlineData("internal static partial class Outer { [Decoder] internal sealed partial class [|Parameters|]; }")]
    public async Task Class_with_the_name_of_an_emitted_member_is_reported_at_its_name(string marked)
    {
        var markup = Markup.Parse("using Intaglio;\n" + marked);
        var diagnostic = Assert.Single(await Project.BuildAsync(markup.Source));

        Assert.Equal("INTG017", diagnostic.Id);
        Assert.Equal(markup.Spans[0], diagnostic.Location.SourceSpan);
    }

    [Fact]
    public async Task Model_named_like_a_type_of_the_runtime_is_reported()
    {
        var markup = Markup.Parse("using Intaglio;\n[Decoder] internal partial class [|Device|];");
        var diagnostic = Assert.Single(await Project.BuildAsync(markup.Source));

        Assert.Equal("INTG019", diagnostic.Id);
        Assert.Equal(markup.Spans[0], diagnostic.Location.SourceSpan);
    }

    [Theory]
    [InlineData("namespace App { internal enum Region { North } [Decoder] internal partial class Story; }")]
    [InlineData("internal record LanguageModel; namespace App.Models { [Decoder] internal partial class Story; }")]
    [InlineData("namespace App { internal class Device; internal class Place; internal class Identity; internal class Math; [Decoder] internal partial class Story; }")]
    [InlineData("internal partial class Outer { private const int Place = 1; [Decoder] private sealed partial class Story; }")]
    [InlineData("[Decoder] internal partial class Story { private sealed class ParameterTable; }")]
    [InlineData("namespace App { internal class DataException; [Decoder] internal partial class Story; }")]
    public async Task Type_named_like_one_of_the_runtime_is_not_in_the_way(string source)
    {
        var diagnostics = await Project.BuildAsync("using Intaglio;\n" + source);
        Assert.True(diagnostics.Count == 0, Project.Describe(diagnostics));
    }

    [Fact]
    public async Task Own_members_and_overloads_are_welcome()
    {
        var diagnostics = await Project.BuildAsync(
            """
            using Intaglio;
            [Decoder]
            internal partial class Story
            {
                private readonly int _visits = 3;
                public int Visits => _visits;
                public static Story Create(string device, ulong seed) => Create(Device.Parse(device), seed);
                public override string ToString() => "Story";
                public static Story operator +(Story left, Story right) => left;
                internal sealed class Nested;
            }
            """.Replace("Device.Parse(device)", "(Device)(object)device", StringComparison.Ordinal));

        Assert.True(diagnostics.Count == 0, Project.Describe(diagnostics));
    }
}

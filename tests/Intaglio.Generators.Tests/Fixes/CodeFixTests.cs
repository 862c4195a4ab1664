using Intaglio.CodeFixes;
using Microsoft.CodeAnalysis.CodeFixes;
using Xunit;

namespace Intaglio.Generators.Tests.Fixes;

/// <summary>What each fix makes of a mistake. The same end is reached by Fix All in a document, a project and a solution.</summary>
public sealed class CodeFixTests
{
    [Theory]
    [InlineData("[Decoder] public sealed class {|INTG001:Story|};", "[Decoder] public sealed partial class Story;")]
    [InlineData("public static class {|INTG002:Outer|} { [Decoder] public class {|INTG001:Story|} { } }", "public static partial class Outer { [Decoder] public partial class Story { } }")]
    [InlineData("public record struct {|INTG002:Outer|} { [Decoder] public partial class Story; }", "public partial record struct Outer { [Decoder] public partial class Story; }")]
    [InlineData("public interface {|INTG002:IOuter|} { [Decoder] public partial class Story; }", "public partial interface IOuter { [Decoder] public partial class Story; }")]
    public Task Class_and_types_around_it_become_partial(string before, string after) => Verify<PartialFix>(before, after);

    [Theory]
    [InlineData("[Transformer(HiddenSize = 64)] partial class {|INTG004:Story|};", "[Transformer(HiddenSize = 64), Decoder] partial class Story;")]
    [InlineData("[Intaglio.Transformer, Intaglio.AttentionAttribute] partial class {|INTG004:Story|};", "[Intaglio.Transformer, Decoder, Intaglio.AttentionAttribute] partial class Story;")]
    [InlineData("[Attention] partial class {|INTG004:Story|};", "[Decoder, Attention] partial class Story;")]
    [InlineData(
        """
        /// <summary>Tells stories.</summary>
        [Attention]
        partial class {|INTG004:Story|};
        """,
        """
        /// <summary>Tells stories.</summary>
        [Decoder]
        [Attention]
        partial class Story;
        """)]
    [InlineData(
        """
        static partial class Outer
        {
            [Serializable]
            [Transformer] // Default sizes.
            [Attention]
            partial class {|INTG004:Story|};
        }
        """,
        """
        static partial class Outer
        {
            [Serializable]
            [Transformer, Decoder] // Default sizes.
            [Attention]
            partial class Story;
        }
        """)]
    [InlineData(
        """
        static partial class Outer
        {
            [Transformer]
            [Attention]
            partial class {|INTG004:Story|};
        }
        """,
        """
        static partial class Outer
        {
            [Transformer]
            [Decoder]
            [Attention]
            partial class Story;
        }
        """)]
    [InlineData("[BasedOn<{|INTG015:Base|}>] partial class Story; public partial class Base;", "[BasedOn<Base>] partial class Story; [Decoder] public partial class Base;")]
    public Task Missing_stack_is_added_where_it_usually_stands(string before, string after) => Verify<StackFix>(before, after);

    [Theory]
    [InlineData("[Transformer(HiddenSize = 64), Decoder, Attention({|INTG006:Heads = 6|})] partial class Story;", "[Transformer(HiddenSize = 64), Decoder, Attention(Heads = 4)] partial class Story;")]
    [InlineData("[Transformer(HiddenSize = 128), Decoder, Attention({|INTG006:Heads = 6|})] partial class Story;", "[Transformer(HiddenSize = 128), Decoder, Attention(Heads = 8)] partial class Story;", 1)]
    [InlineData(
        "[Decoder, Attention(Heads = 6)] partial class Base; [BasedOn<Base>, Transformer({|INTG006:HiddenSize = 256|})] partial class Story;",
        "[Decoder, Attention(Heads = 6)] partial class Base; [BasedOn<Base>, Transformer(HiddenSize = 256), Attention(Heads = 4)] partial class Story;")]
    [InlineData("[Decoder, Attention({|INTG020:KeyValueHeads = 4|})] partial class Story;", "[Decoder, Attention(KeyValueHeads = 3)] partial class Story;")]
    [InlineData("[Decoder, Attention({|INTG020:KeyValueHeads = 4|})] partial class Story;", "[Decoder, Attention(KeyValueHeads = 2)] partial class Story;", 1)]
    [InlineData("[Decoder, Attention(Heads = 4, {|INTG025:KeyValueHeads = 16|})] partial class Story;", "[Decoder, Attention(Heads = 4, KeyValueHeads = 4)] partial class Story;")]
    [InlineData(
        "[Decoder, Attention(Heads = 6, {|INTG021:HeadSize = 63|}), PositionEncoding(PositionEncodingKind.Rotary)] partial class Story;",
        "[Decoder, Attention(Heads = 6, HeadSize = 64), PositionEncoding(PositionEncodingKind.Rotary)] partial class Story;")]
    [InlineData(
        "[Decoder, Attention(Heads = 6, {|INTG021:HeadSize = 63|}), PositionEncoding(PositionEncodingKind.Rotary)] partial class Story;",
        "[Decoder, Attention(Heads = 6, HeadSize = 62), PositionEncoding(PositionEncodingKind.Rotary)] partial class Story;", 1)]
    [InlineData(
        "[Transformer(HiddenSize = 69), Decoder, Attention({|INTG021:Heads = 3|}), PositionEncoding(PositionEncodingKind.Rotary)] partial class Story;",
        "[Transformer(HiddenSize = 69), Decoder, Attention(Heads = 3, HeadSize = 24), PositionEncoding(PositionEncodingKind.Rotary)] partial class Story;")]
    [InlineData(
        "[Decoder, Normalization(Bias = true)] partial class Base; [BasedOn<Base>, Normalization({|INTG022:NormalizationKind.RmsNorm|})] partial class Story;",
        "[Decoder, Normalization(Bias = true)] partial class Base; [BasedOn<Base>, Normalization(NormalizationKind.RmsNorm, Bias = false)] partial class Story;")]
    [InlineData("[Transformer({|INTG040:VocabularySize = 50257|}), Decoder] partial class Story;", "[Transformer(VocabularySize = 50304), Decoder] partial class Story;")]
    [InlineData("[Decoder, Attention({|INTG041:Heads = 48|})] partial class Story;", "[Decoder, Attention(Heads = 24)] partial class Story;")]
    [InlineData("[Decoder, Attention({|INTG045:HeadSize = 32|})] partial class Story;", "[Decoder, Attention(HeadSize = 32, Heads = 12)] partial class Story;")]
    [InlineData("[Transformer({|INTG046:HiddenSize = 320 + 8|}), Decoder, Attention] partial class Story;", "[Transformer(HiddenSize = 320 + 8), Decoder, Attention(Heads = 4)] partial class Story;")]
    [InlineData("[Transformer({|INTG046:HiddenSize = 328|}), Decoder, Attention()] partial class Story;", "[Transformer(HiddenSize = 328), Decoder, Attention(Heads = 4)] partial class Story;")]
    [InlineData("[Transformer({|INTG046:HiddenSize = 101|}), Decoder] partial class Story;", "[Transformer(HiddenSize = 128), Decoder] partial class Story;")]
    [InlineData("[Decoder, FeedForward({|INTG047:Gated = true|})] partial class Story;", "[Decoder, FeedForward(Gated = true, IntermediateSize = 1024)] partial class Story;")]
    [InlineData(
        "[Decoder, Transformer(ContextLength = 1024), PositionEncoding(PositionEncodingKind.Rotary, {|INTG050:RotaryTheta = 100|})] partial class Story;",
        "[Decoder, Transformer(ContextLength = 1024), PositionEncoding(PositionEncodingKind.Rotary, RotaryTheta = 200)] partial class Story;")]
    public Task Nearest_legal_value_is_set(string before, string after, int choice = 0) => Verify<ArgumentValueFix>(before, after, choice);

    [Theory]
    [InlineData("[Decoder({|INTG005:Layers = 0|})] partial class Story;", "[Decoder] partial class Story;")]
    [InlineData("[Decoder, Attention(Heads = 6, {|INTG007:Dropout = 1|})] partial class Story;", "[Decoder, Attention(Heads = 6)] partial class Story;")]
    [InlineData("[Decoder, Attention({|INTG007:Dropout = 1|}, Heads = 6)] partial class Story;", "[Decoder, Attention(Heads = 6)] partial class Story;")]
    [InlineData("[Decoder, Normalization({|INTG008:Epsilon = 0|})] partial class Story;", "[Decoder] partial class Story;")]
    [InlineData("[Decoder, Precision(BF16), Embedding({|INTG011:Dropout = 0.1f|})] partial class Story;", "[Decoder, Precision(BF16)] partial class Story;")]
    [InlineData("[Decoder, Normalization(NormalizationKind.RmsNorm, {|INTG022:Bias = true|})] partial class Story;", "[Decoder, Normalization(NormalizationKind.RmsNorm)] partial class Story;")]
    [InlineData("[Attention({|INTG023:Scale = 0|})] [Decoder] partial class Story;", "[Decoder] partial class Story;")]
    [InlineData("[Decoder, PositionEncoding(PositionEncodingKind.None, {|INTG024:RotaryTheta = 5|})] partial class Story;", "[Decoder, PositionEncoding(PositionEncodingKind.None)] partial class Story;")]
    [InlineData(
        "[Decoder, FeedForward(Activation = Activation.Relu, {|INTG036:ActivationMethod = nameof(F)|})] partial class Story { [Pointwise] static float F(float x) => x * x; }",
        "[Decoder, FeedForward(Activation = Activation.Relu)] partial class Story { [Pointwise] static float F(float x) => x * x; }")]
    [InlineData(
        "[Decoder, FeedForward(Activation = Activation.Relu, {|INTG036:ActivationMethod = nameof(F)|})] partial class Story { [Pointwise] static float F(float x) => x * x; }",
        "[Decoder, FeedForward(ActivationMethod = nameof(F))] partial class Story { [Pointwise] static float F(float x) => x * x; }", 1)]
    [InlineData("[Decoder, FeedForward({|INTG042:IntermediateSize = 4|})] partial class Story;", "[Decoder] partial class Story;")]
    [InlineData("[Decoder, Attention({|INTG044:SlidingWindow = 1|})] partial class Story;", "[Decoder] partial class Story;")]
    [InlineData("[Decoder, Embedding({|INTG048:Dropout = 0.8f|})] partial class Story;", "[Decoder] partial class Story;")]
    [InlineData("[Decoder, Attention({|INTG049:LogitSoftCap = 1|})] partial class Story;", "[Decoder] partial class Story;")]
    [InlineData("[Decoder, Normalization({|INTG051:Epsilon = 1|})] partial class Story;", "[Decoder] partial class Story;")]
    [InlineData("[Transformer({|INTG053:VocabularySize = 1|}), Decoder] partial class Story;", "[Decoder] partial class Story;")]
    [InlineData(
        """
        static partial class Outer
        {
            /// <summary>Tells stories.</summary>
            [Attention({|INTG043:SlidingWindow = 4096|})]
            [Decoder]
            partial class Story;
        }
        """,
        """
        static partial class Outer
        {
            /// <summary>Tells stories.</summary>
            [Decoder]
            partial class Story;
        }
        """)]
    public Task Argument_is_removed_and_its_attribute_where_that_says_nothing_then(string before, string after, int choice = 0) => Verify<ArgumentRemovalFix>(before, after, choice);

    [Theory]
    [InlineData("[Decoder, FeedForward({|INTG009:Activation = (Activation)99|})] partial class Story;", "[Decoder, FeedForward(Activation = Activation.Silu)] partial class Story;", 5)]
    [InlineData("[Decoder, Normalization({|INTG009:(NormalizationKind)7|})] partial class Story;", "[Decoder, Normalization(NormalizationKind.RmsNorm)] partial class Story;", 1)]
    [InlineData("[Decoder, Precision({|INTG010:FP16|})] partial class Story;", "[Decoder, Precision(BF16)] partial class Story;", 1)]
    [InlineData("[Decoder, Precision({|INTG010:format: NumberFormat.INT8|})] partial class Story;", "[Decoder, Precision(format: NumberFormat.FP32)] partial class Story;", 0)]
    [InlineData("[Decoder, Precision({|INTG010:Chosen|})] partial class Story { const NumberFormat Chosen = INT4; }", "[Decoder, Precision(NumberFormat.FP32)] partial class Story { const NumberFormat Chosen = INT4; }", 0)]
    public Task Value_is_replaced_by_one_that_is_supported(string before, string after, int choice) => Verify<EnumValueFix>(before, after, choice);

    [Theory]
    [InlineData(
        "[Decoder, FeedForward({|INTG031:ActivationMethod = nameof(F)|})] partial class Story { static float F(float x) => x * x; }",
        "[Decoder, FeedForward(ActivationMethod = nameof(F))] partial class Story { [Pointwise] static float F(float x) => x * x; }")]
    [InlineData(
        """
        [Decoder, FeedForward({|INTG031:ActivationMethod = nameof(F)|})]
        partial class Story
        {
            /// <summary>x².</summary>
            private float F(float x) => x * x;
        }
        """,
        """
        [Decoder, FeedForward(ActivationMethod = nameof(F))]
        partial class Story
        {
            /// <summary>x².</summary>
            [Pointwise]
            private static float F(float x) => x * x;
        }
        """)]
    [InlineData("class Own { [Pointwise] public float {|INTG031:F|}(float x) => x; }", "class Own { [Pointwise] public static float F(float x) => x; }")]
    [InlineData(
        "static class Own { static float G(float x) => x; [Pointwise] static float F(float x) => {|INTG033:G|}(x); }",
        "static class Own { [Pointwise] static float G(float x) => x; [Pointwise] static float F(float x) => G(x); }")]
    public Task Method_becomes_a_static_pointwise_one(string before, string after) => Verify<PointwiseMethodFix>(before, after);

    [Theory]
    [InlineData("[Decoder] public abstract partial class {|INTG012:Story|};", "[Decoder] public partial class Story;")]
    [InlineData("[Decoder] static partial class {|INTG012:Story|} { }", "[Decoder] partial class Story { }")]
    [InlineData("[Decoder] file partial class {|INTG012:Story|};", "[Decoder] partial class Story;")]
    public Task Modifier_that_no_model_has_is_removed(string before, string after) => Verify<ClassModifierFix>(before, after);

    [Fact]
    public Task Primary_constructor_is_removed() =>
        Verify<PrimaryConstructorFix>("[Decoder] partial class Story{|INTG018:(int size)|} : IDisposable { public void Dispose() { } }", "[Decoder] partial class Story : IDisposable { public void Dispose() { } }");

    [Fact]
    public Task Attribute_in_another_file_is_changed_there() => new Fixing<ArgumentValueFix>(
        ["[Transformer({|INTG046:HiddenSize = 328|})] partial class Story;", "[Decoder]\n[Attention]\npartial class Story;"],
        ["[Transformer(HiddenSize = 328)] partial class Story;", "[Decoder]\n[Attention(Heads = 4)]\npartial class Story;"]).RunAsync();

    [Fact]
    public Task Name_is_qualified_where_no_using_brings_it() => new Fixing<PointwiseMethodFix>(
        ["[Decoder, FeedForward({|INTG031:ActivationMethod = nameof(F)|})] partial class Story;"],
        ["[Decoder, FeedForward(ActivationMethod = nameof(F))] partial class Story;"])
    {
        TestState = { Sources = { "partial class Story { static float F(float x) => x * x; }" } },
        FixedState = { Sources = { "partial class Story { [Intaglio.Pointwise] static float F(float x) => x * x; }" } },
    }.RunAsync();

    [Fact]
    public Task Fix_All_repairs_several_models_in_several_files() => new Fixing<ArgumentValueFix>(
        [
            "[Decoder, Attention({|INTG006:Heads = 5|})] partial class A; [Decoder, Attention({|INTG006:Heads = 7|})] partial class B;",
            "[Transformer(HiddenSize = 64), Decoder, Attention({|INTG006:Heads = 3|})] partial class C;",
        ],
        [
            "[Decoder, Attention(Heads = 4)] partial class A; [Decoder, Attention(Heads = 6)] partial class B;",
            "[Transformer(HiddenSize = 64), Decoder, Attention(Heads = 2)] partial class C;",
        ]).RunAsync();

    [Fact]
    public Task Fix_All_removes_two_arguments_of_one_attribute_one_after_the_other() => new Fixing<ArgumentRemovalFix>(
        ["[Transformer({|INTG005:HiddenSize = 0|}, {|INTG005:ContextLength = 0|}), Decoder] partial class Story;"],
        ["[Decoder] partial class Story;"])
    {
        NumberOfIncrementalIterations = 2,
        NumberOfFixAllIterations = 2,
    }.RunAsync();

    [Fact]
    public Task Windows_line_ends_are_kept() => Verify<StackFix>("[Transformer]\r\n[Attention]\r\npartial class {|INTG004:Story|};\r\n", "[Transformer]\r\n[Decoder]\r\n[Attention]\r\npartial class Story;\r\n");

    [Theory]
    [InlineData("[Decoder] partial record {|INTG012:Story|};")]
    [InlineData("file partial class Outer { [Decoder] partial class {|INTG012:Story|}; }")]
    public Task Mistake_that_only_its_author_can_repair_has_no_fix(string source) => Verify<ClassModifierFix>(source, source);

    [Fact]
    public Task Method_of_another_signature_has_no_fix()
    {
        const string Source = "[Decoder, FeedForward({|INTG031:ActivationMethod = nameof(F)|})] partial class Story { static double F(int x) => x; }";
        return Verify<PointwiseMethodFix>(Source, Source);
    }

    private static Task Verify<TFix>(string before, string after, int choice = 0)
        where TFix : CodeFixProvider, new() => new Fixing<TFix>([before], [after]) { CodeActionIndex = choice }.RunAsync();
}

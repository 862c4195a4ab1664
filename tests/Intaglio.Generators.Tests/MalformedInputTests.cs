using Microsoft.CodeAnalysis;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>Code as it looks while it is typed: whatever the compiler thinks of it, generator and analyzer neither fail nor emit what makes it worse.</summary>
public sealed class MalformedInputTests
{
    private const string Complete =
        """
        using Intaglio;
        namespace App.Models;
        [Transformer(HiddenSize = 64, Dropout = 0.1f)]
        [Decoder(Layers = 2)]
        [Attention(Heads = 4, OutputBias = false)]
        [FeedForward(Activation = Activation.Gelu)]
        [Normalization(NormalizationKind.LayerNorm, Epsilon = 1e-6f)]
        [PositionEncoding(PositionEncodingKind.None)]
        [Precision(FP32)]
        [BasedOn<Other>]
        public sealed partial class Story
        {
            public int Own;
            public static Story Create(int own) => null!;
        }
        [Decoder] public partial class Other;
        """;

    [Theory]
    [InlineData("[Decoder] partial class")]
    [InlineData("[Decoder] partial class {")]
    [InlineData("[Decoder] partial class Story : ;")]
    [InlineData("[Decoder] partial class Story : Missing;")]
    [InlineData("[Decoder] class Story;")]
    [InlineData("[Decoder(] partial class Story;")]
    [InlineData("[Decoder(Layers] partial class Story;")]
    [InlineData("[Decoder(Layers =)] partial class Story;")]
    [InlineData("[Decoder(Layers = \"six\")] partial class Story;")]
    [InlineData("[Decoder(Layers = 6.5)] partial class Story;")]
    [InlineData("[Decoder(Layers = Missing)] partial class Story;")]
    [InlineData("[Decoder(Layers = 1, Layers = 2)] partial class Story;")]
    [InlineData("[Decoder(Missing = 1)] partial class Story;")]
    [InlineData("[Decoder(1)] partial class Story;")]
    [InlineData("[Decoder, Decoder] partial class Story;")]
    [InlineData("[Decoder] partial class Story; [Decoder] partial class Story;")]
    [InlineData("[Decoder] partial class Story; [Transformer] partial class Story; [Attention] partial class Story { }")]
    [InlineData("[Decoder] class Story; class Story;")]
    [InlineData("[Decoder] partial class Story; partial record Story; partial struct Story; interface Story;")]
    [InlineData("[Decoder] partial struct Story;")]
    [InlineData("[Decoder] enum Story { }")]
    [InlineData("[Decoder] interface IStory;")]
    [InlineData("[Decoder] delegate void Story();")]
    [InlineData("[Decoder] record struct Story;")]
    [InlineData("[assembly: Decoder]")]
    [InlineData("[Decoder]")]
    [InlineData("class Outer { [Decoder] void Method() { } }")]
    [InlineData("void Local() { [Decoder] partial class Story; }")]
    [InlineData("[Precision] [Decoder] partial class Story;")]
    [InlineData("[Precision(Missing)] [Decoder] partial class Story;")]
    [InlineData("[Precision(null)] [Decoder] partial class Story;")]
    [InlineData("[Precision(FP32, BF16)] [Decoder] partial class Story;")]
    [InlineData("[Precision(FP32), Precision(BF16)] [Decoder] partial class Story;")]
    [InlineData("[PositionEncoding] [Decoder] partial class Story;")]
    [InlineData("[Normalization(kind: NormalizationKind.)] [Decoder] partial class Story;")]
    [InlineData("[FeedForward(Activation = Activation.Missing)] [Decoder] partial class Story;")]
    [InlineData("[FeedForward(Activation = 1)] [Decoder] partial class Story;")]
    [InlineData("[BasedOn] partial class Story;")]
    [InlineData("[BasedOn<>] partial class Story;")]
    [InlineData("[BasedOn<] partial class Story;")]
    [InlineData("[BasedOn<Missing>] partial class Story;")]
    [InlineData("[BasedOn<int>] partial class Story;")]
    [InlineData("[BasedOn<dynamic>] partial class Story;")]
    [InlineData("[BasedOn<List<>>] partial class Story;")]
    [InlineData("[BasedOn<(int, int)>] partial class Story;")]
    [InlineData("[BasedOn<string, string>] partial class Story;")]
    [InlineData("[BasedOn<T>] partial class Story<T> where T : class;")]
    [InlineData("[BasedOn<Story>, BasedOn<Other>] partial class Story; [Decoder] partial class Other;")]
    [InlineData("partial class Outer<T> { [Decoder] partial class Story; [BasedOn<Outer<int>.Story>] partial class Second; }")]
    [InlineData("namespace { [Decoder] partial class Story; }")]
    [InlineData("namespace App. { [Decoder] partial class Story; }")]
    [InlineData("namespace @namespace { [Decoder] partial class @event; }")]
    [InlineData("[Decoder] partial class Story(int a, ) { }")]
    [InlineData("[Decoder] partial class Story { Story( }")]
    [InlineData("[Decoder] partial class Story { public Story() { } }")]
    [InlineData("[Decoder] partial class Story { public static Create(Device, ) => }")]
    [InlineData("[Decoder] partial class Story { int this[int i] => i; event Action Changed; ~Story() { } static Story() { } }")]
    [InlineData("[Decoder] partial class Story { partial class Story; }")]
    [InlineData("[Decoder] partial class Parameters; [Decoder] partial class Kernels;")]
    [InlineData("[Decoder] partial class String; [Decoder] partial class LanguageModel; [Decoder] partial class Device;")]
    [InlineData("[Decoder] partial class story; [Decoder] partial class STORY;")]
    [InlineData("[Decoder] partial class \u00e9tat\u0301\u203fx; [Decoder] partial class \u00e9tat\u0301\u2040x;")]
    [InlineData("#if X\n[Decoder] partial class Story;\n#else\n[Decoder] partial class")]
    public async Task Neither_generator_nor_analyzer_fails(string source)
    {
        await Project.RunAsync("using Intaglio;\n" + source);
    }

    /// <summary>Every prefix of a file is what its author had at some moment. Every third, to keep the test short.</summary>
    [Fact]
    public async Task Neither_fails_while_a_file_is_typed()
    {
        for (var length = 0; length < Complete.Length; length += 3)
            await Project.RunAsync(Complete[..length]);
    }

    [Fact]
    public async Task Neither_fails_when_any_word_is_missing()
    {
        var words = Complete.Split(' ');
        for (var missing = 0; missing < words.Length; missing++)
            await Project.RunAsync(string.Join(' ', words.Where((_, index) => index != missing)));
    }

    [Fact]
    public async Task Complete_file_has_no_error()
    {
        var diagnostics = await Project.BuildAsync(Complete.Replace("public ", "internal ", StringComparison.Ordinal).Replace("internal int Own;", "internal const int Own = 1;", StringComparison.Ordinal));
        Assert.True(diagnostics.Count == 0, Project.Describe(diagnostics));
    }
}

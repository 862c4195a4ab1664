using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>Emitted code compiles with every warning on and an error, documentation included, wherever the class stands and whatever the culture of the build.</summary>
public sealed class EmittedCodeTests
{
    private const string Everything =
        """
        using Intaglio;
        namespace App.Models;

        /// <summary>Sizes that are odd, and constants that a culture could spoil.</summary>
        [Transformer(HiddenSize = 96, ContextLength = 1000, VocabularySize = 50257, Dropout = 0.125f)]
        [Decoder(Layers = 12)]
        [Attention(Heads = 3, Dropout = 0.1f)]
        [FeedForward(IntermediateSize = 200, Activation = Activation.QuickGelu, Dropout = 1e-7f)]
        [Normalization(Epsilon = 1.5e-6f)]
        [Embedding(TieWordEmbeddings = false, Dropout = 0.9f)]
        public sealed partial class Story;
        """;

    public static TheoryData<string> Models =>
    [
        .. Enum.GetNames<Activation>().Select(activation => $"[Decoder, FeedForward(Activation = Activation.{activation})] internal partial class Story;"),
        "/// <summary>A model.</summary>\n[Decoder] public partial class Story;",
        "/// <summary>A model.</summary>\n[Decoder] public sealed partial class Story;",
        "[Decoder] internal partial class Story;",
        "[Decoder] partial class Story;",
        "namespace App { [Decoder] sealed partial class Story; }",
        "partial class Outer { [Decoder] private sealed partial class Story; }",
        "/// <summary>A class.</summary>\npublic partial class Outer {\n/// <summary>A struct.</summary>\npublic partial record struct Middle {\n/// <summary>A model.</summary>\n[Decoder] protected internal sealed partial class Story; } }".Replace("protected ", "", StringComparison.Ordinal),
        "/// <summary>An interface.</summary>\npublic partial interface IOuter {\n/// <summary>A model.</summary>\n[Decoder] public sealed partial class Story; }",
        "namespace @namespace.@in { partial struct @struct { [Decoder] partial class @event; } }",
        "namespace Intaglio.Numerics.System { [Decoder] internal partial class Story; }",
        "[Decoder] internal partial class Story : LanguageModel;",
        "[Decoder] internal partial class Story : IComparable<Story> { public int CompareTo(Story? other) => 0; }",
        "[Decoder] internal partial class Base; [BasedOn<Base>] internal partial class Story;",
        "[Decoder, Precision(BF16)] internal partial class Story;",
        "[Decoder, Precision(BF16), Embedding(TieWordEmbeddings = false), PositionEncoding(PositionEncodingKind.None)] internal partial class Story;",
        "[Decoder, FeedForward(Bias = false), Attention(QueryKeyValueBias = false, OutputBias = false), Normalization(Bias = false)] internal partial class Story;",
        "[Transformer(HiddenSize = 1, ContextLength = 1, VocabularySize = 1), Decoder(Layers = 1), FeedForward(IntermediateSize = 1)] internal partial class Story;",
        "[Transformer(HiddenSize = 22000, VocabularySize = 80000), Decoder(Layers = 1000)] internal partial class Story;",
    ];

    /// <summary>Attributes of models that emit, between them, whatever can be emitted.</summary>
    public static TheoryData<string> Kinds =>
    [
        "Decoder, FeedForward(ActivationMethod = nameof(Mish))",
        "Decoder, Transformer(Dropout = 0.1f), Attention(Dropout = 0.1f, QueryKeyNorm = true)",
        "Decoder, Normalization(NormalizationKind.RmsNorm), PositionEncoding(PositionEncodingKind.Rotary), FeedForward(Gated = true), Attention(SlidingWindow = 8, LogitSoftCap = 30)",
        "Decoder, Normalization(NormalizationKind.RmsNorm, Placement = NormalizationPlacement.Sandwich), PositionEncoding(PositionEncodingKind.Rotary), Attention(SlidingWindow = 8), Attention(EveryNthLayer = 2, SlidingWindow = 0)",
        "Decoder, PositionEncoding(PositionEncodingKind.Rotary, Scaling = RotaryScalingKind.Llama3, ScalingFactor = 8, OriginalContextLength = 64)",
        "Decoder, PositionEncoding(PositionEncodingKind.Alibi), Embedding(Normalize = true)",
        "Decoder, PositionEncoding(PositionEncodingKind.Sinusoidal), Embedding(Scale = 8)",
        "Decoder, PositionEncoding(PositionEncodingKind.RelativeBuckets)",
        "Decoder, Transformer(ParallelResidual = true), LanguageModelingHead(Bias = true, LogitSoftCap = 30)",
        "Decoder, Precision(BF16)",
        "Decoder, SequenceClassification(3)",
        "Encoder",
        "Encoder, Normalization(Placement = NormalizationPlacement.Post), Embedding(Normalize = true, TokenTypes = 2, PaddingToken = 0)",
        "Encoder, Precision(BF16)",
        "Encoder, PositionEncoding(PositionEncodingKind.RelativeBuckets)",
        "Encoder, SequenceClassification(3, Dropout = 0.1f)",
        "Encoder, TokenClassification(3)",
        "Encoder, QuestionAnswering",
        "Encoder, SentenceEmbedding",
        "Encoder, SentenceEmbedding(Normalize = false)",
        "Encoder, Decoder",
        "Encoder, Decoder, Precision(BF16)",
        "Encoder, Decoder, Normalization(NormalizationKind.RmsNorm), PositionEncoding(PositionEncodingKind.RelativeBuckets), FeedForward(Activation = Activation.Relu, Bias = false)",
        "Encoder, Decoder, PositionEncoding(PositionEncodingKind.Learned, Offset = 2), Normalization(Placement = NormalizationPlacement.Post)",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Emitted_code_of_every_kind_compiles_without_a_warning_wherever_a_type_has_a_name_of_the_runtime(string attributes)
    {
        var plain = await Project.BuildAsync($"using Intaglio; {Story(attributes)}");
        Assert.True(plain.Count == 0, Project.Describe(plain));

        var types = string.Join(" ", Compiler.LibraryNames.Namespaces.Keys.Select(name => $"internal static class {name};"));
        var hidden = await Project.BuildAsync($"using Intaglio; namespace App {{ {types} {Story(attributes)} }}");
        Assert.True(hidden.Count == 0, Project.Describe(hidden));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Emitted_code_compiles_without_a_warning(string model)
    {
        var diagnostics = await Project.BuildAsync("using Intaglio;\n" + model);
        Assert.True(diagnostics.Count == 0, Project.Describe(diagnostics));
    }

    [Fact]
    public async Task Emitted_code_is_the_same_under_a_hostile_culture_and_compiles()
    {
        var expected = Project.Generate(Everything);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Hostile();
            Assert.Equal("\u22121,5", (-1.5).ToString(CultureInfo.CurrentCulture));
            Assert.Equal(expected, Project.Generate(Everything));

            var diagnostics = await Project.BuildAsync(Everything);
            Assert.True(diagnostics.Count == 0, Project.Describe(diagnostics));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Emitted_code_says_that_it_is_emitted_and_ends_its_lines_alike() =>
        Assert.All(Project.Generate(Everything), file =>
        {
            Assert.StartsWith("// <auto-generated", file.Text, StringComparison.Ordinal);
            Assert.DoesNotContain('\r', file.Text);
            Assert.DoesNotContain('\t', file.Text);
            Assert.EndsWith("\n", file.Text, StringComparison.Ordinal);
        });

    [Fact]
    public void Emitted_code_can_be_stepped_into() =>
        Assert.All(Project.Generate(Everything), file => Assert.DoesNotContain("Debugger", file.Text, StringComparison.Ordinal));

    [Fact]
    public void Two_runs_emit_the_same() => Assert.Equal(Project.Generate(Everything), Project.Generate(Everything));

    [Fact]
    public void Emitted_code_loads_and_describes_its_model()
    {
        var context = new AssemblyLoadContext("Emitted", isCollectible: true);
        using var image = new MemoryStream();
        Assert.True(Project.CompileWithGenerated(Everything).Emit(image).Success);
        image.Position = 0;

        var type = context.LoadFromStream(image).GetType("App.Models.Story")!;
        var read = typeof(EmittedCodeTests).GetMethod(nameof(DescriptionOf), BindingFlags.Static | BindingFlags.NonPublic)!;
        var description = (ModelDescription)read.MakeGenericMethod(type).Invoke(null, null)!;
        context.Unload();

        Assert.Equal("Story", description.Name);
        Assert.Equal(12, description.Layers);
        Assert.Equal(50257, description.VocabularySize);

        // Untied embeddings, positions, twelve layers of 12 tensors with biases, the last norm.
        var layer = (96 * 288) + 288 + (96 * 96) + 96 + (96 * 200) + 200 + (200 * 96) + 96 + (4 * 96);
        Assert.Equal((2L * 50257 * 96) + (1000 * 96) + (12 * layer) + (2 * 96), description.Parameters.ParameterCount);
    }

    [Fact]
    public void Depth_does_not_change_how_much_is_emitted()
    {
        var lines = new[] { 4, 12, 96 }.Select(layers => Project.Generate($"using Intaglio; [Decoder(Layers = {layers})] partial class Story;").Sum(file => file.Text.Split('\n').Length));
        Assert.Single(lines.Distinct());
    }

    // One that is not could be hidden by a user's own type of that name.
    [Fact]
    public void Every_type_of_the_runtime_that_emitted_code_mentions_can_be_written_in_full()
    {
        var mentioned = ((IEnumerable<object[]>)Kinds).Select(row => $"using Intaglio; {Story((string)row[0])}").Append(Everything)
            .Select(model => Project.CompileWithGenerated(model))
            .SelectMany(compilation => compilation.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)).SelectMany(tree => TypesOfTheRuntime(compilation, tree)))
            .ToHashSet();

        Assert.Contains("GpuTiledAttention", mentioned);
        Assert.Empty(mentioned.Except(Compiler.LibraryNames.Namespaces.Keys));
    }

    private static string Story(string attributes) =>
        $"[{attributes}] internal partial class Story {{ [Pointwise] private static float Mish(float x) => x * global::System.MathF.Tanh(x); }}";

    private static IEnumerable<string> TypesOfTheRuntime(Compilation compilation, SyntaxTree tree)
    {
        var model = compilation.GetSemanticModel(tree);
        return
            from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            let type = model.GetSymbolInfo(name).Symbol as INamedTypeSymbol
            where type is { ContainingType: null, ContainingAssembly.Name: "Intaglio" }
            select type.Name;
    }

    private static ModelDescription DescriptionOf<TModel>()
        where TModel : LanguageModel, IModel<TModel> => TModel.Description;

    /// <summary>A comma before decimals, points between thousands, and a minus sign that is not ASCII.</summary>
    private static CultureInfo Hostile()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat = new NumberFormatInfo
        {
            NumberDecimalSeparator = ",",
            NumberGroupSeparator = ".",
            NegativeSign = "\u2212",
            PositiveSign = "\uff0b",
            NaNSymbol = "keine Zahl",
        };
        return culture;
    }
}

using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>What an editor shows over an emitted member: what it is, and for what is computed its shape.</summary>
public sealed partial class HoverTests
{
    private const string Plain = "[Decoder] internal partial class Story;";

    public static TheoryData<string> Models => new()
    {
        Plain,
        "[Decoder, Transformer(Dropout = 0.1f), Attention(Dropout = 0.1f), Embedding(Dropout = 0.1f, TieWordEmbeddings = false), FeedForward(Activation = Activation.Gelu)] internal partial class Story;",
        "[Decoder, Precision(BF16), PositionEncoding(PositionEncodingKind.None)] internal partial class Story;",
        "internal partial struct Outer { [Decoder, FeedForward(Activation = Activation.SquaredRelu)] internal partial class Story; }",
        "[Decoder, FeedForward(ActivationMethod = nameof(Bent))] internal partial class Story { [Pointwise] private static float Bent(float x) => x > 0f ? x : x / (1f - x); }",
        """
        [Decoder, Transformer(Dropout = 0.1f), Attention(Heads = 4, KeyValueHeads = 2, SlidingWindow = 8, LogitSoftCap = 30), PositionEncoding(PositionEncodingKind.Rotary)]
        [FeedForward(Activation = Activation.Silu, Gated = true, Bias = false, Dropout = 0.2f), Normalization(NormalizationKind.RmsNorm)]
        internal partial class Story;
        """,
        "[Decoder(Layers = 0)] internal partial class Story;",
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_emitted_member_has_a_summary(string model) =>
        Assert.All(Members(model), member => Assert.False(string.IsNullOrWhiteSpace(SummaryOf(member)), $"{member} has no summary."));

    [Theory]
    [MemberData(nameof(Models))]
    public void Summaries_of_what_is_computed_name_a_shape(string model)
    {
        var computed = Members(model).Where(IsComputed).ToList();
        Assert.All(computed, member => Assert.True(Shape().IsMatch(SummaryOf(member)), $"{member}: {SummaryOf(member)}"));

        // An invalid declaration computes nothing.
        Assert.Equal(!model.Contains("Layers = 0", StringComparison.Ordinal), computed.Count > 0);
    }

    [Fact]
    public void Place_of_an_activation_says_what_is_computed_there()
    {
        var summaries = Members(Plain).ToLookup(member => $"{member.ContainingType.Name}.{member.Name}", SummaryOf);

        Assert.Equal(["attentionNormed = LayerNorm(hidden), [rows, 384] FP32."], summaries["SavedLayer.AttentionNormed"]);
        Assert.Equal(["by-product of attentionNormed = LayerNorm(hidden), [rows, 2] FP32."], summaries["SavedLayer.AttentionNormStatistics"]);
        Assert.Equal(["query, key, value = columns of qkv, [rows, 384] FP32."], summaries["SavedLayer.Key"]);
        Assert.Equal(["[384, 1152], h.{layer}.attn.c_attn.weight."], summaries["LayerParameters.QkvWeight"]);
        Assert.Equal(["x = a · W, [rows, inner] · [inner, columns]; stored is x + bias."], summaries["Kernels.MatMulAddBias"]);
    }

    /// <summary>All that is emitted for a model but the class itself and what stands around it.</summary>
    private static IEnumerable<ISymbol> Members(string model)
    {
        var compilation = Project.CompileWithGenerated("using Intaglio;\n" + model);
        foreach (var tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)))
        {
            var semantics = compilation.GetSemanticModel(tree);
            foreach (var member in tree.GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>().Where(member => !IsAround(member)))
            {
                IEnumerable<SyntaxNode> declared = member is FieldDeclarationSyntax field ? field.Declaration.Variables : [member];
                foreach (var node in declared)
                    yield return semantics.GetDeclaredSymbol(node)!;
            }
        }
    }

    private static bool IsAround(MemberDeclarationSyntax member) =>
        member is BaseNamespaceDeclarationSyntax || (member is TypeDeclarationSyntax type && type.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>Launch sequences, functions of lanes, GPU entry points, places of tensors, and the shapes that launches are specialised by.</summary>
    private static bool IsComputed(ISymbol member) => !IsOfInvalid(member) && member switch
    {
        IMethodSymbol method => method.IsGenericMethod || method.ContainingType.Name == "Kernels",
        IPropertySymbol { IsStatic: false, Type.Name: "Place" } => true,
        INamedTypeSymbol type => type.Interfaces.Any(implemented => implemented.Name.EndsWith("Shape", StringComparison.Ordinal) || implemented.Name is "IFusion" or "IGate"),
        _ => false,
    };

    private static bool IsOfInvalid(ISymbol member) => member.ContainingType.GetMembers("Invalid").Length > 0;

    private static string SummaryOf(ISymbol member) =>
        member.GetDocumentationCommentXml() is { Length: > 0 } xml ? XElement.Parse(xml).Element("summary")?.Value.Trim() ?? "" : "";

    [GeneratedRegex(@"\[[^\[\]]+\]")]
    private static partial Regex Shape();
}

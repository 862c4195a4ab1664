using Intaglio.Compiler;
using Intaglio.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>Models that are based on a model of a compiled library, where attributes have no syntax.</summary>
public sealed class BasedOnOtherAssemblyTests
{
    private const string Derived = "using Intaglio; [BasedOn<Library.Base>, Precision(BF16)] internal partial class Story;";

    [Fact]
    public void Arguments_come_from_metadata()
    {
        var (model, diagnostics) = Parse("[Transformer(HiddenSize = 128), Decoder(Layers = 2), Normalization(Epsilon = 1e-6f), PositionEncoding(PositionEncodingKind.None)]");

        Assert.Empty(diagnostics);
        Assert.Equal((128, 2, 1e-6f), (model!.Spec!.HiddenSize, model.Spec.Main.Layers, model.Spec.Normalization.Epsilon));
        Assert.Equal(Compiler.PositionEncodingKind.None, model.Spec.PositionEncoding.Kind);
        Assert.Equal(Compiler.NumberFormat.BF16, model.Spec.Format);
    }

    [Fact]
    public void Mistake_that_no_source_here_makes_is_reported_at_the_attribute()
    {
        var (model, diagnostics) = Parse("[Decoder, Attention(Heads = 5)]");

        Assert.Null(model!.Spec);
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("INTG006", diagnostic.Id);
        Assert.Equal("BasedOn<Library.Base>", Derived.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
    }

    private static (ParsedModel? Model, IReadOnlyList<Diagnostic> Diagnostics) Parse(string attributes)
    {
        using var image = new MemoryStream();
        var library = Project.Compile($"using Intaglio; namespace Library; /// <summary>A model.</summary>\n{attributes} public partial class Base;").Emit(image);
        Assert.True(library.Success, Project.Describe(library.Diagnostics));

        var compilation = Project.Compile(Derived).AddReferences(MetadataReference.CreateFromImage(image.ToArray()));
        return ModelParser.Parse(new WrittenClass(compilation.GetTypeByMetadataName("Story")!, compilation, [], CancellationToken.None), CancellationToken.None);
    }
}

using System.Text;
using Intaglio.Compiler;
using Intaglio.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Intaglio.Generators;

/// <summary>Adds the members of a model to each class that declares one. Mistakes are <see cref="ModelAnalyzer"/>'s to report.</summary>
[Generator(LanguageNames.CSharp)]
internal sealed class ModelGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        foreach (var attribute in ModelAttributes.MetadataNames)
        {
            // The class as its attributes declare it, once however many of them it carries.
            var models = context.SyntaxProvider.ForAttributeWithMetadataName(
                    attribute,
                    static (node, _) => node is ClassDeclarationSyntax,
                    static (found, cancellation) => Parse(found, cancellation))
                .WithTrackingName(TrackingNames.Parse)
                .Where(static model => model is not null)
                .WithTrackingName(TrackingNames.Models);

            // The files that implement it.
            var files = models
                .Select(static (model, cancellation) => ModelFiles.Of(model!, cancellation))
                .WithTrackingName(TrackingNames.Files);

            context.RegisterSourceOutput(files, static (output, files) =>
            {
                foreach (var file in files.Files)
                    output.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
            });
        }
    }

    private static ParsedModel? Parse(GeneratorAttributeSyntaxContext found, CancellationToken cancellation) =>
        ModelAttributes.IsFirstOf(found) ? ModelParser.Parse(new WrittenClass((INamedTypeSymbol)found.TargetSymbol, found.SemanticModel.Compilation, cancellation), cancellation).Model : null;
}

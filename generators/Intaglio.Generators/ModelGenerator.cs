using System.Collections.Immutable;
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
        // The files that can declare a model; another one that is edited runs nothing.
        var configurations = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            .Collect()
            .WithTrackingName(TrackingNames.Configurations);

        foreach (var attribute in ModelAttributes.MetadataNames)
        {
            // The class as its attributes, and the file that they name, declare it, once however many of them it carries. Symbols are handed on no further than to Parse, which needs the files, too.
            var models = context.SyntaxProvider.ForAttributeWithMetadataName(
                    attribute,
                    static (node, _) => node is ClassDeclarationSyntax,
                    static (found, _) => found)
                .Combine(configurations)
                .Select(static (found, cancellation) => Parse(found.Left, found.Right, cancellation))
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

    private static ParsedModel? Parse(GeneratorAttributeSyntaxContext found, ImmutableArray<AdditionalText> files, CancellationToken cancellation) => ModelAttributes.IsFirstOf(found)
        ? ModelParser.Parse(new WrittenClass((INamedTypeSymbol)found.TargetSymbol, found.SemanticModel.Compilation, files, cancellation), cancellation).Model
        : null;
}

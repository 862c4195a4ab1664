using System.Collections.Immutable;
using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Intaglio.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Intaglio.Generators;

/// <summary>Reports what is wrong with a model's declaration.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ModelAnalyzer : DiagnosticAnalyzer
{
    private readonly TakenNames _taken = new();

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.All;

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
        context.RegisterSymbolAction(AnalyzeMethod, SymbolKind.Method);
    }

    private void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var around = new Problems();
        DeclarationParser.ParseContaining(type, around, context.CancellationToken);
        Report(around.ToDiagnostics(), context);
        if (!ModelAttributes.AreOn(type))
            return;

        var written = new WrittenClass(type, context.Compilation, context.Options.AdditionalFiles, context.CancellationToken);
        var (model, diagnostics) = ModelParser.Parse(written, context.CancellationToken);
        Report(diagnostics, context);

        // Where the declaration is legal, what it emits is known, and so which names are in the way.
        if (model?.Spec is null)
            return;

        foreach (var signature in _taken.In(model, context.CancellationToken))
            context.ReportDiagnostic(MemberSignatures.Describe(written, signature));
    }

    // Every [Pointwise] method, whether or not a model uses it.
    private static void AnalyzeMethod(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (!PointwiseParser.IsPointwise(method))
            return;

        var problems = new Problems();
        if (PointwiseParser.Misdeclared(method) is { } reason)
            problems.Add(Descriptors.ActivationMethodUnusable, method.Locations[0], PointwiseParser.RemedyOf(method), method.Name, reason);
        else
            new PointwiseParser(context.Compilation, problems, context.CancellationToken).Parse(method, [.. method.Parameters.Select(_ => Expression.X)]);

        Report(problems.ToDiagnostics(), context);
    }

    private static void Report(ImmutableArray<Diagnostic> diagnostics, SymbolAnalysisContext context)
    {
        foreach (var diagnostic in diagnostics)
            context.ReportDiagnostic(diagnostic);
    }
}

using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Intaglio.CodeFixes;

/// <summary>Where a mistake was reported, or its cause stands.</summary>
/// <param name="Diagnostic">The mistake.</param>
/// <param name="Remedy">What the analyzer proposes.</param>
/// <param name="Node">The syntax there.</param>
/// <param name="Model">What it means.</param>
/// <param name="Cancellation">Ends the work.</param>
internal sealed record MistakeSite(Diagnostic Diagnostic, Remedy Remedy, SyntaxNode Node, SemanticModel Model, CancellationToken Cancellation)
{
    /// <summary>The type around the place, or whose attribute it is.</summary>
    public TypeDeclarationSyntax? Type => Node.FirstAncestorOrSelf<TypeDeclarationSyntax>();

    public INamedTypeSymbol? Symbol => Type is { } type ? Model.GetDeclaredSymbol(type, Cancellation) as INamedTypeSymbol : null;
}

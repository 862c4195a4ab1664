using System.Composition;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Intaglio.CodeFixes;

/// <summary>Adds what a method lacks to be an activation, or to be called by one: <c>[Pointwise]</c>, <c>static</c> or both.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class PointwiseMethodFix() : ModelFixProvider("INTG031", "INTG033")
{
    protected override IEnumerable<Fix> FixesFor(MistakeSite site)
    {
        var missing = site.Remedy.Modifiers;
        if (missing.Count == 0 || site.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method)
            yield break;

        var shown = missing.Select(modifier => modifier == Remedy.Pointwise ? $"[{modifier}]" : modifier);
        yield return new($"Make '{method.Identifier.ValueText}' {string.Join(" ", shown)}", "Pointwise", [.. missing.Select(modifier => Add(site, method, modifier))]);
    }

    private static Edit Add(MistakeSite site, MethodDeclarationSyntax method, string modifier)
    {
        var start = method.Modifiers.Append(method.ReturnType.GetFirstToken()).First();
        var afterAccess = method.Modifiers.Where(token => !SyntaxFacts.IsAccessibilityModifier(token.Kind())).Append(method.ReturnType.GetFirstToken()).First();
        return modifier == Remedy.Pointwise
            ? Edit.InsertBefore(start, $"[{AttributeEdits.NameAt(method, site.Model, modifier)}]")
            : Edit.Insert(method.SyntaxTree, afterAccess.SpanStart, $"{modifier} ");
    }
}

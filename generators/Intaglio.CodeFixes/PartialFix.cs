using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Intaglio.CodeFixes;

/// <summary>Adds <c>partial</c> to a model's class, or to a type around it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class PartialFix() : ModelFixProvider("INTG001", "INTG002")
{
    protected override IEnumerable<Fix> FixesFor(MistakeSite site)
    {
        // Of the modifiers, partial is the last.
        if (site.Type is { } type)
            yield return new($"Make '{type.Identifier.ValueText}' partial", "Partial", Edit.Insert(type.SyntaxTree, type.Keyword.SpanStart, "partial "));
    }
}

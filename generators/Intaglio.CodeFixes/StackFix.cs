using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Intaglio.CodeFixes;

/// <summary>Adds <c>[Decoder]</c> to a class that has no stack, or that another is based on without its being a model.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class StackFix() : ModelFixProvider("INTG004", "INTG015")
{
    protected override IEnumerable<Fix> FixesFor(MistakeSite site)
    {
        var isElsewhere = site.Diagnostic.Id == "INTG015";
        if (site.Type is { } type && (!isElsewhere || site.Remedy.Elsewhere is not null))
            yield return new($"Add [Decoder] to '{type.Identifier.ValueText}'", "Decoder", AttributeEdits.Add(type, site.Model, "Decoder"));
    }
}

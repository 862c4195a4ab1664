using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Intaglio.CodeFixes;

/// <summary>Removes the parameter list of a model's class.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class PrimaryConstructorFix() : ModelFixProvider("INTG018")
{
    protected override IEnumerable<Fix> FixesFor(MistakeSite site)
    {
        if (site.Type?.ParameterList is { } parameters)
            yield return new("Remove the primary constructor", "Parameters", Edit.Remove(parameters));
    }
}

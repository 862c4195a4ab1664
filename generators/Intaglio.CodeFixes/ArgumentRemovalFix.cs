using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Intaglio.CodeFixes;

/// <summary>Removes an argument that is no good, has no effect, or contradicts another, so that its default holds.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class ArgumentRemovalFix() : ModelFixProvider(
    "INTG005", "INTG007", "INTG008", "INTG011", "INTG022", "INTG023", "INTG024", "INTG036", "INTG042", "INTG043", "INTG044", "INTG048", "INTG049", "INTG051", "INTG053")
{
    protected override IEnumerable<Fix> FixesFor(MistakeSite site)
    {
        for (var index = 0; index < site.Remedy.Removals.Count; index++)
        {
            var key = site.Remedy.Removals[index];
            if (AttributeEdits.Remove(site, key) is { } edit)
                yield return new($"Remove {key.Split('.').Last()}", $"{index}", edit);
        }
    }
}

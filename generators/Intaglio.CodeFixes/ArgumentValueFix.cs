using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Intaglio.CodeFixes;

/// <summary>Sets an argument to a legal value: the nearest ones, as the analyzer knows them.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class ArgumentValueFix() : ModelFixProvider("INTG006", "INTG020", "INTG021", "INTG022", "INTG025", "INTG040", "INTG041", "INTG045", "INTG046", "INTG047", "INTG050")
{
    // Fix All repeats the best choice, or the second best, whatever numbers these are.
    protected override IEnumerable<Fix> FixesFor(MistakeSite site) => site.Type is null ? [] : site.Remedy.Values.Select((value, index) => new Fix(
        $"Set {site.Remedy.Target.Split('.').Last()} to {value}", $"{site.Remedy.Target}.{index}", AttributeEdits.Set(site, site.Remedy.Target, value)));
}

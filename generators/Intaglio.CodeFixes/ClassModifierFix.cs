using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Intaglio.CodeFixes;

/// <summary>Removes <c>static</c>, <c>abstract</c> or <c>file</c> from a model's class.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class ClassModifierFix() : ModelFixProvider("INTG012")
{
    protected override IEnumerable<Fix> FixesFor(MistakeSite site) => site.Type is not { } type
        ? []
        : type.Modifiers.Where(token => site.Remedy.Modifiers.Contains(token.ValueText)).Select(token => new Fix($"Remove '{token.ValueText}'", token.ValueText, Edit.Remove(token)));
}

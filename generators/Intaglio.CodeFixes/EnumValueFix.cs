using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Intaglio.CodeFixes;

/// <summary>Replaces a value that an enum does not have, or that is not supported, by one that is.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class EnumValueFix() : ModelFixProvider("INTG009", "INTG010")
{
    protected override IEnumerable<Fix> FixesFor(MistakeSite site) => site.Node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } argument
        ? site.Remedy.Values.Select(value => new Fix($"Use {value}", value, Edit.Replace(argument.Expression, Written(site, argument.Expression, value))))
        : [];

    // A value that is written without its type, by a using static, is replaced by one without.
    private static string Written(MistakeSite site, ExpressionSyntax before, string value) => before switch
    {
        IdentifierNameSyntax when IsValue(site, before) => value,
        MemberAccessExpressionSyntax member when IsValue(site, before) => $"{member.Expression}.{value}",
        _ => $"{site.Remedy.Target}.{value}",
    };

    private static bool IsValue(MistakeSite site, ExpressionSyntax expression) =>
        site.Model.GetSymbolInfo(expression, site.Cancellation).Symbol is IFieldSymbol { ContainingType: { TypeKind: TypeKind.Enum } type } && type.Name == site.Remedy.Target;
}

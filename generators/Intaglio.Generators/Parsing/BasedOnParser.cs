using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Intaglio.Generators.Parsing;

/// <summary>What <c>[BasedOn&lt;TModel&gt;]</c> leads to.</summary>
internal static class BasedOnParser
{
    /// <summary>The attribute on a class, where there is one.</summary>
    public static AttributeData? AttributeOf(INamedTypeSymbol type) => ModelAttributes.Of(type).FirstOrDefault(attribute => ModelAttributes.NameOf(attribute) == ModelAttributes.BasedOn);

    /// <summary>The class, the model that it is based on, the model that that one is based on, and so on.</summary>
    public static IReadOnlyList<INamedTypeSymbol> Chain(WrittenClass written, Problems problems, CancellationToken cancellation)
    {
        var chain = new List<INamedTypeSymbol> { written.Type };
        while (AttributeOf(chain[chain.Count - 1]) is { } attribute)
        {
            cancellation.ThrowIfCancellationRequested();
            var target = attribute.AttributeClass!.TypeArguments[0];
            var isOwn = chain.Count == 1;

            // A name that means nothing, a type parameter, or what is no class is the compiler's to report.
            if (target.TypeKind is TypeKind.Error or TypeKind.TypeParameter || target.IsValueType)
            {
                problems.AddReportedElsewhere();
                break;
            }

            if (target is not INamedTypeSymbol next || !ModelAttributes.AreOn(next))
            {
                var remedy = new Remedy { Elsewhere = target is INamedTypeSymbol { TypeKind: TypeKind.Class } ? target.Locations.FirstOrDefault(location => location.IsInSource) : null };
                problems.Add(Descriptors.BasedOnNoModel, isOwn ? LocationOf(attribute, cancellation) : null, remedy, target.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
                break;
            }

            // Each class on a circle reports it; one that leads to a circle without being on it does not.
            if (chain.Contains(next, SymbolEqualityComparer.Default))
            {
                var isOnCircle = SymbolEqualityComparer.Default.Equals(next, written.Type);
                var circle = string.Join(" -> ", chain.Append(next).Select(type => type.Name));
                problems.Add(Descriptors.BasedOnItself, isOnCircle ? LocationOf(AttributeOf(written.Type)!, cancellation) : null, written.Type.Name, circle);
                break;
            }

            chain.Add(next);
        }

        return chain;
    }

    /// <summary>The type argument.</summary>
    private static Location? LocationOf(AttributeData attribute, CancellationToken cancellation)
    {
        var syntax = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation);
        var argument = (syntax as AttributeSyntax)?.Name.DescendantNodesAndSelf().OfType<TypeArgumentListSyntax>().LastOrDefault(list => list.Arguments.Count > 0)?.Arguments[0];
        return (argument ?? syntax)?.GetLocation();
    }
}

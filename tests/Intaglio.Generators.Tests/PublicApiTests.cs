using System.Reflection;
using Intaglio.Testing;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>What users can call: a change of it shows here, and is read before it is accepted.</summary>
public sealed class PublicApiTests
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithMemberOptions(SymbolDisplayFormat.CSharpErrorMessageFormat.MemberOptions | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeConstantValue)
        .WithParameterOptions(SymbolDisplayFormat.CSharpErrorMessageFormat.ParameterOptions | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue);

    [Fact]
    public Task Public_api_of_the_runtime() => Snapshots.Verify(PublicApi(typeof(LanguageModel).Assembly));

    [Fact]
    public Task Public_api_of_the_testing_library() => Snapshots.Verify(PublicApi(typeof(Snapshots).Assembly));

    private static string PublicApi(Assembly assembly)
    {
        var reference = MetadataReference.CreateFromFile(assembly.Location);
        var symbol = (IAssemblySymbol)Project.Compile().AddReferences(reference).GetAssemblyOrModuleSymbol(reference)!;
        return string.Join("\n", Types(symbol.GlobalNamespace).SelectMany(Lines)) + "\n";
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) =>
        container.GetMembers().OrderBy(member => member.ToDisplayString(), StringComparer.Ordinal).SelectMany(member => member switch
        {
            INamespaceSymbol inner => Types(inner),
            INamedTypeSymbol type when IsVisible(type) => Types(type).Prepend(type),
            _ => [],
        });

    private static IEnumerable<string> Lines(INamedTypeSymbol type)
    {
        yield return $"{type.TypeKind.ToString().ToLowerInvariant()} {type.ToDisplayString()}";
        var members = type.GetMembers().Where(member => IsVisible(member) && member is not INamedTypeSymbol && member is not IMethodSymbol { AssociatedSymbol: not null });
        foreach (var line in members.Where(member => !member.IsImplicitlyDeclared).Select(member => member.ToDisplayString(Format)).Order(StringComparer.Ordinal))
            yield return "    " + line;
    }

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
}

using Intaglio.Compiler;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing;

/// <summary>
/// The runtime's types that emitted code cannot reach by their short names, since something nearer has the same: a member of the class or of a type around it,
/// or a type in a namespace around it. The usings of emitted files come after all of these.
/// </summary>
internal static class HiddenTypes
{
    /// <summary>The names; mostly none.</summary>
    public static EquatableArray<string> Of(WrittenClass written) =>
        new(NamesNear(written).Where(LibraryNames.Namespaces.ContainsKey).Distinct().OrderBy(name => name, StringComparer.Ordinal));

    private static IEnumerable<string> NamesNear(WrittenClass written)
    {
        var members = written.Type.GetMembers().Where(member => !member.IsImplicitlyDeclared && written.Wrote(member));
        for (ISymbol around = written.Type.ContainingSymbol; around is INamespaceOrTypeSymbol container; around = around.ContainingSymbol)
            members = members.Concat(container is INamespaceSymbol ? container.GetTypeMembers().Where(type => !IsOfRuntime(written, type)) : container.GetMembers());

        return members.Select(member => member.Name);
    }

    private static bool IsOfRuntime(WrittenClass written, ISymbol type) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, written.Attributes[0].AttributeClass!.ContainingAssembly);
}

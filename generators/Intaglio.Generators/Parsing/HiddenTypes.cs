using Intaglio.Compiler;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Intaglio.Generators.Parsing;

/// <summary>
/// The runtime's types that emitted code cannot reach by their names, since something nearer has the same: a member of the class or of a type around it,
/// or a type in a namespace around it. The usings of emitted files come after all of these.
/// </summary>
internal static class HiddenTypes
{
    private static readonly string[] Namespaces = ["Intaglio", "Intaglio.Numerics", "Intaglio.Numerics.Gpu"];

    /// <summary>The names; mostly none.</summary>
    public static EquatableArray<string> Of(WrittenClass written)
    {
        var near = new HashSet<string>(NamesNear(written));
        var runtime = written.Attributes[0].AttributeClass!.ContainingAssembly;
        return SymbolEqualityComparer.Default.Equals(runtime, written.Type.ContainingAssembly)
            ? EquatableArray<string>.Empty
            : new(TypesOf(runtime).Select(type => type.Name).Where(near.Contains).Distinct().OrderBy(name => name, StringComparer.Ordinal));
    }

    /// <summary>Those names that emitted files need.</summary>
    public static IReadOnlyList<string> NeededBy(IReadOnlyList<EmittedFile> files, EquatableArray<string> hidden, CancellationToken cancellation)
    {
        if (hidden.Count == 0)
            return [];

        var needed = new HashSet<string>(files
            .SelectMany(file => CSharpSyntaxTree.ParseText(file.Text, cancellationToken: cancellation).GetRoot(cancellation).DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText));
        return [.. hidden.Where(needed.Contains)];
    }

    private static IEnumerable<string> NamesNear(WrittenClass written)
    {
        var members = written.Type.GetMembers().Where(member => !member.IsImplicitlyDeclared && written.Wrote(member));
        for (ISymbol around = written.Type.ContainingSymbol; around is INamespaceOrTypeSymbol container; around = around.ContainingSymbol)
            members = members.Concat(container is INamespaceSymbol ? container.GetTypeMembers() : container.GetMembers());

        return members.Select(member => member.Name);
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(IAssemblySymbol runtime) =>
        Namespaces.Select(name => Find(runtime.GlobalNamespace, name)).SelectMany(found => found?.GetTypeMembers() ?? []).Where(type => type.DeclaredAccessibility == Accessibility.Public);

    private static INamespaceSymbol? Find(INamespaceSymbol root, string name) =>
        name.Split('.').Aggregate((INamespaceSymbol?)root, (found, part) => found?.GetNamespaceMembers().FirstOrDefault(inner => inner.Name == part));
}

using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing;

/// <summary>Names of emitted files. They allow fewer characters than identifiers do, and two of them must differ in more than case.</summary>
internal static class HintNames
{
    private const string Extension = ".g.cs";

    /// <summary>An emitted file's name in the form in which it can be added.</summary>
    public static string Legal(string hintName, string suffix)
    {
        var letters = hintName.Where(letter => letter != '@').Select(letter => IsLegal(letter) ? letter : '_');
        var legal = string.Concat(letters);
        return suffix.Length == 0 ? legal : legal.Substring(0, legal.Length - Extension.Length) + suffix + Extension;
    }

    /// <summary>Empty for a class whose name, as part of a file's name, no other class can have; else a hash of the exact name.</summary>
    public static string SuffixFor(INamedTypeSymbol type)
    {
        for (ISymbol symbol = type; symbol.ContainingSymbol is INamespaceOrTypeSymbol container && symbol is not INamespaceSymbol { IsGlobalNamespace: true }; symbol = container)
        {
            if (!symbol.Name.All(IsLegal) || container.GetMembers().Any(other => Clashes(other, symbol)))
                return "." + Hash(type.ToDisplayString());
        }

        return "";
    }

    private static bool Clashes(ISymbol other, ISymbol symbol) =>
        other is INamespaceOrTypeSymbol && !SymbolEqualityComparer.Default.Equals(other, symbol) && string.Equals(other.Name, symbol.Name, StringComparison.OrdinalIgnoreCase);

    private static bool IsLegal(char letter) => char.IsLetterOrDigit(letter) || letter is '.' or '_';

    /// <summary>FNV-1a, 32 bits: the same on every machine and in every run.</summary>
    private static string Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var unit in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ unit) * 16777619u);
        return hash.ToString("x8", CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing;

/// <summary>
/// Names of emitted files: those of one class begin alike, so that they stand together wherever files are sorted. They allow fewer characters than identifiers
/// do, two of them must differ in more than case, and file systems have a longest name.
/// </summary>
internal static class HintNames
{
    // Of a class, within the 255 bytes of a file's name and the 260 characters of a path on Windows.
    private const int Longest = 100;

    /// <summary>An emitted file's name in the form in which it can be added.</summary>
    public static string Legal(string hintName, ParsedModel model)
    {
        var name = model.Declaration.FullName;
        var letters = name.Where(letter => letter != '@').Select(letter => IsLegal(letter) || letter == '+' ? letter : '_');
        return string.Concat(letters.Take(Longest)) + model.HintSuffix + hintName.Substring(name.Length);
    }

    /// <summary>Empty for a class whose name, as part of a file's name, no other class can have; else a hash of the exact name.</summary>
    public static string SuffixFor(INamedTypeSymbol type)
    {
        var name = type.ToDisplayString();
        if (name.Length > Longest)
            return "." + Hash(name);

        for (ISymbol symbol = type; symbol.ContainingSymbol is INamespaceOrTypeSymbol container && symbol is not INamespaceSymbol { IsGlobalNamespace: true }; symbol = container)
        {
            if (!symbol.Name.All(IsLegal) || container.GetMembers().Any(other => Clashes(other, symbol)))
                return "." + Hash(name);
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

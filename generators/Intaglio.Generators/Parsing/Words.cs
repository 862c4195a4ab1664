using System.Globalization;

namespace Intaglio.Generators.Parsing;

/// <summary>Lists and numbers as sentences have them.</summary>
internal static class Words
{
    /// <summary><c>1, 2 or 4</c>.</summary>
    public static string Or(IReadOnlyList<string> words) =>
        words.Count == 1 ? words[0] : string.Join(", ", words.Take(words.Count - 1)) + " or " + words[words.Count - 1];

    /// <summary>A number as messages and code have it, whatever the culture.</summary>
    public static string Number(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

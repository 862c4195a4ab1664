using System.Globalization;
using System.Text;

namespace Intaglio.Checkpoints;

/// <summary>
/// The beginning of what a file says, as a message can show it: it may be megabytes long, and with control characters it could make a terminal say anything.
/// </summary>
internal static class Excerpt
{
    private const int Longest = 100;
    private const int LongestReason = 300;

    /// <summary>What a parser says of a file, which may quote it.</summary>
    public static string Of(Exception fault) => Of(fault.Message, LongestReason);

    public static string Of(ReadOnlySpan<char> text, int longest = Longest)
    {
        var shown = new StringBuilder();
        foreach (var character in text[..Math.Min(text.Length, longest)])
        {
            if (char.IsControl(character) || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                shown.Append(character);
        }

        return (text.Length <= longest ? shown : shown.Append("...")).ToString();
    }

    /// <summary>The same of UTF-8.</summary>
    public static string Of(ReadOnlySpan<byte> text, int longest = Longest)
    {
        // Three bytes make one UTF-16 unit at most; one unit more than is shown makes the cut visible.
        var beginning = text[..Math.Min(text.Length, 3 * (longest + 1))];
        return Of(Encoding.UTF8.GetString(beginning), longest);
    }
}

using System.Text.RegularExpressions;
using CsCheck;

namespace Intaglio.RandomModels;

/// <summary>Declarations as they look in the middle of an edit, or after one that went wrong.</summary>
internal static partial class Garbled
{
    private static readonly string[] Strangers =
        ["null", "default", "\"six\"", "'x'", "6.5", "1e39f", "99999999999", "1 / 0", "Missing", "typeof(int)", "new[] { 1 }", "nameof(Story)", "(", ")", "[", "]", "{", "}", "=", ",", "<", "/*", "\"", "#if", "@", "\\u0000", "é", "partial", "Heads = 2"];

    /// <summary>A legal declaration's text, changed in one to three places: a word or mark left out, doubled, exchanged with another, or replaced by a stranger.</summary>
    public static Gen<string> All { get; } =
        from draw in Draws.All
        from edits in Gen.Select(Gen.Int[0, 3], Gen.Int[0, 999], Gen.Int[0, 999], Gen.OneOf(Strangers)).Array[1, 3]
        select edits.Aggregate(draw.Declaration.Source("Story"), (text, edit) => Edit(text, edit.Item1, edit.Item2, edit.Item3, edit.Item4));

    private static string Edit(string text, int kind, int first, int second, string stranger)
    {
        var words = Words().Matches(text).Select(match => match.Value).ToList();
        if (words.Count == 0)
            return stranger;

        (first, second) = (first % words.Count, second % words.Count);
        switch (kind)
        {
            case 0:
                words.RemoveAt(first);
                break;
            case 1:
                words.Insert(first, words[first] + " ");
                break;
            case 2:
                (words[first], words[second]) = (words[second], words[first]);
                break;
            default:
                words[first] = stranger;
                break;
        }

        return string.Concat(words);
    }

    [GeneratedRegex(@"\w+|\s+|.")]
    private static partial Regex Words();
}

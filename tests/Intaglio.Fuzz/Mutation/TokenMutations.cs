using System.Text;
using CsCheck;

namespace Intaglio.Fuzz;

/// <summary>Changes that a text survives as text of its kind: other numbers, other words, parts that are missing, double or in another order.</summary>
internal static class TokenMutations
{
    private static readonly byte[][] Numbers = [.. new[]
    {
        "0", "-0", "1", "-1", "2", "3", "4", "7", "8", "15", "16", "17", "20", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "4294967312",
        "4611686018427387904", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616", "1e0", "1E+2", "1e999", "-1e-999",
        "0.0", "16.0", "4.5", "00", "01", "+1", "0x10", "NaN", "-Infinity", "1_000", "99999999999999999999999999999999999999999999999999",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Texts = [.. new[]
    {
        "\"\"", "\"a\"", "\"t0\"", "\"t1\"", "\"t\\u0031\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"F32\"", "\"F16\"", "\"BF16\"", "\"F4\"", "\"U8\"", "\"F64\"", "\"I64\"",
        "\"f32\"", "\"n_embd\"", "\"n_layer\"", "\"model_type\"", "\"gpt2\"", "\"characters\"", "\"\\u0061\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\n\"", "\"\\u0000\"", "\"é\"", "\"😀\"", "\"..\\/..\"",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Words = [.. new[]
    {
        "null", "true", "false", "[]", "{}", "[[", "{\"a\":", "]", "}", ",", ":", " ", "\n", "/**/", "//", "<summary>", "</summary>", "<!--", "&amp;", "&#0;", "&b;", "<![CDATA[", "]]>",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Spaces = [[(byte)' '], [(byte)'\n'], [(byte)'\r'], [(byte)'\t']];

    // What leaves JSON as JSON is there more often: the rest is soon found to be none.
    private static readonly Action<PCG, List<byte[]>>[] All =
    [
        Space, Space, OtherNumber, OtherNumber, NearNumber, NearNumber, OtherText, OtherText, RemoveMember, RemoveMember, RepeatMember, MoveMember, MoveMember,
        OtherWord, Insert, Remove, Repeat, Swap, Nest,
    ];

    public static void Apply(PCG random, List<byte[]> tokens)
    {
        if (tokens.Count > 0)
            random.Pick(All)(random, tokens);
    }

    private static void OtherNumber(PCG random, List<byte[]> tokens)
    {
        if (FindNumber(random, tokens) is { } at)
            tokens[at] = random.Pick(Numbers);
    }

    private static void NearNumber(PCG random, List<byte[]> tokens)
    {
        if (FindNumber(random, tokens) is { } at && long.TryParse(tokens[at], out var number))
            tokens[at] = Encoding.UTF8.GetBytes($"{unchecked(number + random.Pick([-16L, -4, -1, 1, 4, 16]))}");
    }

    private static void Space(PCG random, List<byte[]> tokens) => tokens.Insert(random.Index(tokens.Count + 1), random.Pick(Spaces));

    private static void OtherText(PCG random, List<byte[]> tokens)
    {
        if (Find(random, tokens, static token => token[0] == (byte)'"') is { } at)
            tokens[at] = random.Pick(Texts);
    }

    private static void RemoveMember(PCG random, List<byte[]> tokens)
    {
        if (FindMember(random, tokens) is var (start, length))
            tokens.RemoveRange(start, length);
    }

    private static void RepeatMember(PCG random, List<byte[]> tokens)
    {
        if (FindMember(random, tokens) is var (start, length))
            tokens.InsertRange(start, tokens.GetRange(start, length));
    }

    private static void MoveMember(PCG random, List<byte[]> tokens)
    {
        if (FindMember(random, tokens) is not var (start, length))
            return;

        var member = tokens.GetRange(start, length);
        tokens.RemoveRange(start, length);
        tokens.InsertRange(FindMember(random, tokens) is var (other, _) ? other : start, member);
    }

    private static void OtherWord(PCG random, List<byte[]> tokens) => tokens[random.Index(tokens.Count)] = random.Pick(Words);

    private static void Insert(PCG random, List<byte[]> tokens) => tokens.Insert(random.Index(tokens.Count + 1), random.Pick(random.Chance(2) ? Words : Numbers));

    private static void Remove(PCG random, List<byte[]> tokens)
    {
        var (start, length) = random.Range(tokens.Count, longest: 12);
        tokens.RemoveRange(start, length);
    }

    private static void Repeat(PCG random, List<byte[]> tokens)
    {
        var (start, length) = random.Range(tokens.Count, longest: 40);
        tokens.InsertRange(random.Chance(2) ? start : random.Index(tokens.Count), tokens.GetRange(start, length));
    }

    private static void Swap(PCG random, List<byte[]> tokens)
    {
        var (i, j) = (random.Index(tokens.Count), random.Index(tokens.Count));
        (tokens[i], tokens[j]) = (tokens[j], tokens[i]);
    }

    // Around the depth at which parsers stop, and far beyond it.
    private static void Nest(PCG random, List<byte[]> tokens)
    {
        var depth = random.Pick([1, 2, 60, 61, 62, 63, 64, 65, 1000]);
        var (open, close) = random.Pick([("[", "]"), ("{\"a\":", "}"), ("<para>", "</para>")]);
        var (start, length) = random.Range(tokens.Count, longest: 8);
        tokens.Insert(start + length, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(close, depth))));
        tokens.Insert(start, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, depth))));
    }

    private static int? FindNumber(PCG random, List<byte[]> tokens) => Find(random, tokens, static token => char.IsAsciiDigit((char)token[0]) || token[0] == (byte)'-');

    // An item of an object or array, and the comma behind it.
    private static (int Start, int Length)? FindMember(PCG random, List<byte[]> tokens)
    {
        if (Find(random, tokens, static token => token[0] is (byte)'{' or (byte)'[' or (byte)',') is not { } before)
            return null;

        var depth = 0;
        for (var at = before + 1; at < tokens.Count && depth >= 0; at++)
        {
            depth += tokens[at][0] switch
            {
                (byte)'{' or (byte)'[' => 1,
                (byte)'}' or (byte)']' => -1,
                _ => 0,
            };
            if (depth == 0 && tokens[at][0] == (byte)',')
                return (before + 1, at - before);
        }

        return null;
    }

    // The first from somewhere on, around the end.
    private static int? Find(PCG random, List<byte[]> tokens, Func<byte[], bool> isIt)
    {
        var start = random.Index(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var at = (start + i) % tokens.Count;
            if (isIt(tokens[at]))
                return at;
        }

        return null;
    }
}

using System.Globalization;

namespace Intaglio.RandomModels;

/// <summary>What was drawn, as a table: for each argument how often it was written, and its values, or their range where there are many.</summary>
internal static class Spread
{
    private const int MostValues = 8;

    public static string Describe(IReadOnlyCollection<Draw> draws)
    {
        var rows = draws.SelectMany(draw => draw.Declaration.Arguments).GroupBy(argument => argument.Key).Select(group => (group.Key, Values: group.Select(argument => argument.Value).ToList()))
            .Append(("batch", [.. draws.Select(draw => Text(draw.Batch))]))
            .Append(("sequence", [.. draws.Select(draw => Text(draw.Time))]))
            .Append(("source", [.. draws.Where(draw => draw.Declaration.Has("Encoder") && draw.Declaration.Has("Decoder")).Select(draw => Text(draw.SourceTime))]))
            .Append(("own layer", [.. draws.SelectMany(draw => draw.Declaration.Layers).Select(layer => $"{layer.Key}")]))
            .Append(("modules of a layer", [.. draws.SelectMany(draw => draw.Declaration.Layers.Values).Select(layer => Text(layer.Modules.Count))]))
            .Where(row => row.Item2.Count > 0)
            .OrderBy(row => row.Item1, StringComparer.Ordinal);
        return string.Join('\n', rows.Select(row => $"{row.Item1,-40} {row.Item2.Count,5}  {Describe(row.Item2)}"));
    }

    private static string Describe(List<string> values)
    {
        var counts = values.GroupBy(value => value).OrderBy(group => double.TryParse(group.Key.TrimEnd('f'), CultureInfo.InvariantCulture, out var number) ? number : 0).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (counts.Count <= MostValues || !values.TrueForAll(value => int.TryParse(value, CultureInfo.InvariantCulture, out _)))
            return string.Join(", ", counts.Select(group => $"{group.Key[(group.Key.LastIndexOf('.') is var dot and > 0 && char.IsAsciiLetter(group.Key[dot + 1]) ? dot + 1 : 0)..]}: {group.Count()}"));

        int[] numbers = [.. values.Select(value => int.Parse(value, CultureInfo.InvariantCulture)).Order()];
        return $"{numbers[0]} to {numbers[^1]}, median {numbers[numbers.Length / 2]}, {counts.Count} different; 1: {numbers.Count(number => number == 1)}, odd: {numbers.Count(number => number % 2 == 1)}, prime: {numbers.Count(IsPrime)}";
    }

    private static bool IsPrime(int number) => number > 1 && Enumerable.Range(2, Math.Max(0, (int)Math.Sqrt(number) - 1)).All(divisor => number % divisor != 0);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

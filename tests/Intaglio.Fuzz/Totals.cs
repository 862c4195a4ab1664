using System.Globalization;

namespace Intaglio.Fuzz;

/// <summary>What inputs of a format came to.</summary>
internal sealed class FormatTotals
{
    public int Inputs { get; set; }

    public int Loaded { get; set; }

    public int Files { get; set; }
}

/// <summary>What a campaign came to.</summary>
internal sealed class Totals
{
    /// <summary>By format.</summary>
    public SortedDictionary<string, FormatTotals> Formats { get; } = new(StringComparer.Ordinal);

    /// <summary>The longest time of an input.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Which input that was.</summary>
    public int LongestNumber { get; private set; }

    /// <summary>The most that an input allocated.</summary>
    public long LargestAllocation { get; private set; }

    /// <summary>Which input that was.</summary>
    public int LargestNumber { get; private set; }

    /// <summary>How long it is.</summary>
    public int LargestBytes { get; private set; }

    /// <summary>How many inputs there were.</summary>
    public int Inputs => Formats.Values.Sum(format => format.Inputs);

    public void Add(int number, Input input, Verdict verdict, TimeSpan elapsed)
    {
        if (!Formats.TryGetValue(input.Format.Name, out var format))
            Formats[input.Format.Name] = format = new();

        format.Inputs++;
        format.Loaded += verdict.IsLoaded ? 1 : 0;
        format.Files += input.IsFile ? 1 : 0;
        if (elapsed > Longest)
            (Longest, LongestNumber) = (elapsed, number);
        if (verdict.Allocated > LargestAllocation)
            (LargestAllocation, LargestNumber, LargestBytes) = (verdict.Allocated, number, input.Content.Length);
    }

    public override string ToString()
    {
        var lines = Formats.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value.Inputs} inputs, {pair.Value.Loaded} loaded, {pair.Value.Files} through files"));
        return string.Join(Environment.NewLine,
        [
            .. lines,
            string.Create(CultureInfo.InvariantCulture, $"longest {Longest.TotalMilliseconds:0.0} ms (input {LongestNumber})"),
            string.Create(CultureInfo.InvariantCulture, $"largest allocation {LargestAllocation} bytes for {LargestBytes} (input {LargestNumber})"),
        ]);
    }
}

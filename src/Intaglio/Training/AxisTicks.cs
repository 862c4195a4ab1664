namespace Intaglio;

/// <summary>The round numbers of an axis: multiples of 1, 2 or 5 times a power of ten.</summary>
/// <param name="First">The least.</param>
/// <param name="Interval">From one to the next.</param>
/// <param name="Count">How many, two at least.</param>
internal readonly record struct AxisTicks(double First, double Interval, int Count)
{
    private const int Wanted = 6;

    /// <summary>The last number.</summary>
    public double Last => First + (Interval * (Count - 1));

    /// <summary>About six round numbers, the first not above <paramref name="least"/> and the last not below <paramref name="most"/>.</summary>
    public static AxisTicks Covering(double least, double most)
    {
        var range = most > least ? most - least : Math.Max(Math.Abs(least), 1);
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / Wanted)));
        var interval = power * ((range / Wanted / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        var first = Math.Floor(least / interval);
        var last = Math.Max(Math.Ceiling(most / interval), first + 1);
        return new(first * interval, interval, (int)(last - first) + 1);
    }

    /// <summary>Where a value lies between the first number, 0, and the last, 1.</summary>
    public double Fraction(double value) => (value - First) / (Last - First);

    /// <summary>The numbers, rounded to what their interval resolves.</summary>
    public IEnumerable<double> Values()
    {
        var digits = Math.Clamp(1 - (int)Math.Floor(Math.Log10(Interval)), 0, 15);
        for (var i = 0; i < Count; i++)
            yield return Math.Round(First + (Interval * i), digits);
    }
}

namespace Intaglio.Benchmarks;

/// <summary>The time of a sequence of T tokens, a · T + b · T²: products and rows cost the same for each token, attention as much again for each pair.</summary>
/// <param name="A">Milliseconds a token.</param>
/// <param name="B">Milliseconds a pair of tokens.</param>
internal readonly record struct SequenceTime(double A, double B)
{
    /// <summary>At this length attention takes as long as the rest.</summary>
    public double EvenLength => A / B;

    /// <summary>
    /// The least squares of time / T - (a + b · T): of the time of a token, since the error of a time grows with it.
    /// </summary>
    /// <param name="measured">Lengths and times, of two lengths or more.</param>
    public static SequenceTime Fit(IReadOnlyCollection<(int Length, double Milliseconds)> measured)
    {
        var meanLength = measured.Average(each => each.Length);
        var meanTime = measured.Average(each => each.Milliseconds / each.Length);
        var slope = measured.Sum(each => (each.Length - meanLength) * ((each.Milliseconds / each.Length) - meanTime))
            / measured.Sum(each => (each.Length - meanLength) * (each.Length - meanLength));
        return new(meanTime - (slope * meanLength), slope);
    }
}

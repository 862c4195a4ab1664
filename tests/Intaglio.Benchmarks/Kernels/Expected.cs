namespace Intaglio.Benchmarks;

/// <summary>Compares what a kernel computed with the same in double precision.</summary>
internal static class Expected
{
    /// <summary>What is wrong where a value lies further than <paramref name="tolerance"/> from what it should be; null where none does.</summary>
    public static string? Fault(string what, ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, double tolerance)
    {
        for (var index = 0; index < expected.Length; index++)
        {
            // A number that is none differs too.
            if (!(Math.Abs(actual[index] - expected[index]) <= tolerance))
                return $"{what} {index} is {actual[index]:R}, not {expected[index]:R}";
        }

        return null;
    }
}

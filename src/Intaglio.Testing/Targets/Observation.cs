using System.Runtime.InteropServices;

namespace Intaglio.Testing;

/// <summary>Some numbers that a device computed.</summary>
/// <param name="Where">What they belong to: a step, a token, a tensor.</param>
/// <param name="Values">The numbers.</param>
/// <param name="Token">The token that was chosen by them, where one was.</param>
internal sealed record Part(string Where, float[] Values, int? Token = null);

/// <summary>What was seen of a model on one device.</summary>
/// <param name="Quantity">What it is.</param>
/// <param name="Parts">Its numbers.</param>
/// <param name="Tolerance">The largest distance between devices of two kinds; infinite for what only devices of one kind have in common.</param>
/// <param name="Distance">How far it is from what is expected, and where that is.</param>
internal sealed record Observation(string Quantity, IReadOnlyList<Part> Parts, double Tolerance, Func<IReadOnlyList<Part>, IReadOnlyList<Part>, (double Largest, string Where)> Distance)
{
    /// <summary>Compares what two devices computed.</summary>
    public TargetDifference From(Observation expected, string device, string against, bool isSameKind)
    {
        var (largest, where) = Distance(Parts, expected.Parts);
        return new(device, against, Quantity, largest, isSameKind ? 0 : Tolerance, where, HasBitsOf(expected));
    }

    private bool HasBitsOf(Observation other) =>
        Parts.Zip(other.Parts).All(pair => Bits(pair.First).SequenceEqual(Bits(pair.Second)) && pair.First.Token == pair.Second.Token);

    private static ReadOnlySpan<byte> Bits(Part part) => MemoryMarshal.AsBytes(part.Values.AsSpan());
}

/// <summary>How far results are apart.</summary>
internal static class Distances
{
    // A gradient so much smaller than the whole is, or may be, zero in exact arithmetic, such as that of a key's bias, which a softmax does not see.
    private const double SmallPart = 1e-3;

    /// <summary>max |actual - expected| / max(1, max |expected|), of the part where that is largest.</summary>
    public static (double Largest, string Where) Relative(IReadOnlyList<Part> actual, IReadOnlyList<Part> expected) =>
        Largest(actual, expected, (a, e) => LargestDifference(a, e) / Scale(e));

    /// <summary>‖actual - expected‖ / ‖expected‖, of the part where that is largest.</summary>
    public static (double Largest, string Where) OfNorms(IReadOnlyList<Part> actual, IReadOnlyList<Part> expected)
    {
        var least = SmallPart * Math.Sqrt(expected.Sum(part => Square(Norm(part.Values))));
        return Largest(actual, expected, (a, e) => Norm([.. a.Zip(e, (x, y) => x - y)]) is var difference && difference == 0 ? 0 : difference / Math.Max(least, Norm(e)));
    }

    /// <summary>By how much, of <see cref="Relative"/>'s measure, the expected token had been preferred to the first one that differs: what comes after it has another past.</summary>
    public static (double Largest, string Where) OfTokens(IReadOnlyList<Part> actual, IReadOnlyList<Part> expected)
    {
        foreach (var (a, e) in actual.Zip(expected))
        {
            if (a.Token is { } token && e.Token is { } preferred && token != preferred)
                return (Known((e.Values[preferred] - e.Values[token]) / Scale(e.Values)), $"{e.Where}: {token}, not {preferred}");
        }

        return (0, "no token");
    }

    private static (double Largest, string Where) Largest(IReadOnlyList<Part> actual, IReadOnlyList<Part> expected, Func<float[], float[], double> distance) =>
        actual.Zip(expected, (a, e) => (Known(distance(a.Values, e.Values)), a.Where)).MaxBy(part => part.Item1);

    private static double LargestDifference(float[] actual, float[] expected) => actual.Zip(expected, (a, e) => a.Equals(e) ? 0 : Known(Math.Abs((double)a - e))).Max();

    private static double Scale(float[] values) => Math.Max(1, values.Max(Math.Abs));

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));

    private static double Square(double value) => value * value;

    // What is no number is as far as can be.
    private static double Known(double distance) => double.IsNaN(distance) ? double.PositiveInfinity : distance;
}

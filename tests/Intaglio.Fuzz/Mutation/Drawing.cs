using CsCheck;

namespace Intaglio.Fuzz;

/// <summary>Draws from CsCheck's random numbers.</summary>
internal static class Drawing
{
    public static int Index(this PCG random, int count) => (int)random.Next((uint)count);

    public static T Pick<T>(this PCG random, T[] items) => items[random.Index(items.Length)];

    /// <summary>True once in so many times.</summary>
    public static bool Chance(this PCG random, int oneIn) => random.Index(oneIn) == 0;

    /// <summary>A range of one item or more, short ones more often.</summary>
    public static (int Start, int Length) Range(this PCG random, int count, int longest)
    {
        var start = random.Index(count);
        var length = 1 + random.Index(1 + random.Index(longest));
        return (start, Math.Min(length, count - start));
    }
}

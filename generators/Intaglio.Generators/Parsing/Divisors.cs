using System.Globalization;

namespace Intaglio.Generators.Parsing;

/// <summary>Numbers of heads that a hidden size allows.</summary>
internal static class Divisors
{
    private const int MostListed = 16;

    /// <summary>All divisors, or those nearest to what was asked for where there are many.</summary>
    public static string Describe(int number, int near)
    {
        var divisors = Of(number).OrderBy(divisor => Math.Abs((long)divisor - near)).Take(MostListed).OrderBy(divisor => divisor);
        return Words.Or([.. divisors.Select(divisor => divisor.ToString(CultureInfo.InvariantCulture))]);
    }

    private static IEnumerable<int> Of(int number)
    {
        for (var divisor = 1; (long)divisor * divisor <= number; divisor++)
        {
            if (number % divisor != 0)
                continue;

            yield return divisor;
            if (divisor != number / divisor)
                yield return number / divisor;
        }
    }
}

namespace Intaglio.Generators.Parsing;

/// <summary>Numbers of heads that a hidden size allows.</summary>
internal static class Divisors
{
    private const int MostListed = 16;

    /// <summary>All divisors, or those nearest to what was asked for where there are many.</summary>
    public static string Describe(int number, int near) =>
        Words.Or([.. Nearest(number, near).Take(MostListed).OrderBy(divisor => divisor).Select(divisor => Words.Number(divisor))]);

    /// <summary>All divisors, the nearest to what was asked for first; of two that are as near, the smaller.</summary>
    public static IEnumerable<int> Nearest(int number, int near) => Of(number).OrderBy(divisor => Math.Abs((long)divisor - near)).ThenBy(divisor => divisor);

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

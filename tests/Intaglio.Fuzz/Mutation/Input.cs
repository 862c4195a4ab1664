using CsCheck;

namespace Intaglio.Fuzz;

/// <summary>One input.</summary>
/// <param name="Format">What it is a broken one of.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="IsFile">Whether it goes through a file.</param>
internal sealed record Input(Format Format, byte[] Content, bool IsFile)
{
    // Files take a hundred times as long as memory, and differ in the few lines that open and read them.
    private const int OneFileIn = 50;

    private const int OneOddIn = 5;

    private static readonly Format[] Formats = [.. AllFormats.Weighted.SelectMany(pair => Enumerable.Repeat(pair.Format, pair.Weight))];

    /// <summary>The input of this number under a seed, whatever else is drawn.</summary>
    public static Input Number(ulong seed, int number)
    {
        var random = new PCG((uint)number, seed);
        var format = random.Pick(Formats);
        var content = Mutate(random, format);
        return new(format, content, random.Chance(OneFileIn));
    }

    // One to four changes: of tokens in most, so that what is left is nearly right; of bytes, length and data included, in some; of both in few.
    private static byte[] Mutate(PCG random, Format format)
    {
        var seed = Seed(random, format);
        var kind = random.Index(8);
        if (kind < 6)
        {
            var (text, rest) = format.Split(seed);
            var tokens = Tokens.Of(text);
            for (var changes = Changes(random); changes > 0; changes--)
                TokenMutations.Apply(random, tokens);
            seed = format.Join([.. tokens.SelectMany(token => token)], rest);
        }

        if (kind >= 5)
        {
            for (var changes = Changes(random); changes > 0; changes--)
                seed = ByteMutations.Apply(random, seed, Seed(random, format));
        }

        return seed;
    }

    private static int Changes(PCG random) => 1 + random.Index(1 + random.Index(4));

    private static byte[] Seed(PCG random, Format format)
    {
        var seeds = random.Chance(OneOddIn) ? format.Odd : format.Good;
        return seeds[random.Index(seeds.Count)];
    }
}

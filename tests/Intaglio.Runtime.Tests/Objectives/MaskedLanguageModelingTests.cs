using CsCheck;
using Intaglio.Objectives;
using Xunit;

namespace Intaglio.Runtime.Tests.Objectives;

public sealed class MaskedLanguageModelingTests
{
    private const int Mask = 4;

    private static readonly MaskedLanguageModelingOptions Options =
        new() { VocabularySize = Texts.VocabularySize, MaskToken = Mask, PadToken = 0, Prefix = [2], Suffix = [3], SpecialTokens = [1, 11, 99] };

    private static readonly int[] Special = [0, 1, 2, 3, Mask, 11, 99];

    private static readonly Gen<(int[] Text, MaskedLanguageModelingOptions Options, ulong Seed)> Cases = Gen.Select(
        Texts.Any, Gen.Double[0.01, 1], Gen.Double[0, 0.5], Gen.Double[0, 0.5], Gen.Bool, Gen.ULong,
        (text, rate, masked, random, whole, seed) =>
            (text, Options with { MaskingRate = rate, MaskTokenShare = masked, RandomTokenShare = random, ContinuesWord = whole ? token => token % 3 == 0 : null }, seed));

    [Fact]
    public void Text_is_recovered_from_tokens_and_targets() => Cases.Sample((text, options, seed) =>
    {
        var batch = Batch.Of(new MaskedLanguageModeling(Texts.Always(text), 82, options), seed);

        int[] recovered = [.. batch.Tokens.Zip(batch.Targets, (token, target) => target >= 0 ? target : token)];

        Assert.Equal([2, .. text, 3, .. new int[80 - text.Length]], recovered);
    });

    [Fact]
    public void Special_tokens_are_neither_chosen_nor_drawn() => Cases.Sample((text, options, seed) =>
    {
        var batch = Batch.Of(new MaskedLanguageModeling(Texts.Always(text), 82, options), seed);

        for (var position = 0; position < 82; position++)
        {
            Assert.DoesNotContain(batch.Targets[position], Special);
            if (batch.Targets[position] >= 0)
                Assert.True(batch.Tokens[position] == Mask || !Special.Contains(batch.Tokens[position]));
        }
    });

    [Fact]
    public void Number_of_chosen_tokens_is_the_rate_rounded_and_at_least_one() => Cases.Sample((text, options, seed) =>
    {
        options = options with { ContinuesWord = null };
        var candidates = text.Count(token => token != 11);
        var expected = candidates == 0 ? 0 : Math.Max(1, (int)Math.Round(candidates * options.MaskingRate, MidpointRounding.ToEven));

        Assert.Equal(expected, Batch.Of(new MaskedLanguageModeling(Texts.Always(text), 82, options), seed).Counted);
    });

    [Fact]
    public void Words_are_chosen_whole_and_within_the_number_unless_none_fits() => Cases.Sample((text, options, seed) =>
    {
        options = options with { ContinuesWord = token => token % 3 == 0 };
        var batch = Batch.Of(new MaskedLanguageModeling(Texts.Always(text), 82, options), seed);

        // Word by word, cut anew from the text: a token begins one unless it continues an ordinary token.
        var words = new List<List<int>>();
        for (var position = 0; position < text.Length; position++)
        {
            if (text[position] == 11)
                continue;
            if (position > 0 && text[position - 1] != 11 && text[position] % 3 == 0)
                words[^1].Add(position + 1);
            else
                words.Add([position + 1]);
        }

        var chosen = words.Where(word => batch.Targets[word[0]] >= 0).ToArray();
        var budget = Math.Max(1, (int)Math.Round(words.Sum(word => word.Count) * options.MaskingRate));
        Assert.All(words, word => Assert.Single(word.Select(position => batch.Targets[position] >= 0).Distinct()));
        Assert.True(words.Count == 0 ? chosen.Length == 0 : batch.Counted <= budget || chosen.Length == 1);

        // No other word would have fitted.
        if (batch.Counted < budget)
            Assert.All(words.Except(chosen), word => Assert.True(batch.Counted + word.Count > budget));
    });

    [Fact]
    public void Chosen_tokens_are_masked_replaced_and_kept_in_the_declared_shares()
    {
        // Of 100 tokens 15 are chosen in each of 4,000 rows.
        const int Chosen = 4000 * 15;
        var text = Enumerable.Range(0, 100).Select(position => 20 + (position % 50)).ToArray();
        var batch = Batch.Of(new MaskedLanguageModeling(Texts.Always(text), 102, Options), rows: 4000);
        var (masked, kept, random) = (0, 0, new int[Texts.VocabularySize]);
        var positions = new int[102];
        for (var at = 0; at < batch.Tokens.Length; at++)
        {
            if (batch.Targets[at] < 0)
                continue;
            positions[at % 102]++;
            if (batch.Tokens[at] == Mask)
                masked++;
            else if (batch.Tokens[at] == batch.Targets[at])
                kept++;
            else
                random[batch.Tokens[at]]++;
        }

        // Each is binomial; five deviations, √(60,000 · p · (1 - p)): 98 for 0.8, 74 for about 0.1. A random token is the token itself once in 93 draws.
        Assert.Equal(Chosen, batch.Counted);
        Assert.InRange(masked, (0.8 * Chosen) - 490, (0.8 * Chosen) + 490);
        Assert.InRange(random.Sum(), (0.1 * Chosen * 92 / 93) - 370, (0.1 * Chosen * 92 / 93) + 370);
        Assert.Equal(Chosen, masked + kept + random.Sum());

        // Every ordinary token is drawn 0.1 · 60,000 / 93 = 65 times, less where it is the one replaced: six deviations of 8, for 93 of them.
        Assert.All(Enumerable.Range(0, Texts.VocabularySize).Except(Special), token => Assert.InRange(random[token], 16, 113));

        // Every position is chosen in 15% of the rows, 600 with a deviation of √(4,000 · 0.15 · 0.85) = 22.6: five times that, for 100 of them.
        Assert.All(positions[1..101], count => Assert.InRange(count, 600 - 113, 600 + 113));
    }

    [Fact]
    public void A_text_of_special_tokens_has_no_targets()
    {
        var batch = Batch.Of(new MaskedLanguageModeling(Texts.Always(11, 99, 11), 6, Options));

        Assert.Equal(0, batch.Counted);
        Assert.Equal([2, 11, 99, 11, 3, 0], batch.Tokens);
        Assert.Equal([0, 5], batch.Bounds);
    }

    [Fact]
    public void A_word_longer_than_the_number_is_chosen_whole()
    {
        var options = Options with { MaskTokenShare = 1, RandomTokenShare = 0, ContinuesWord = token => token > 20 };

        Assert.Equal([2, Mask, Mask, Mask, 3], Batch.Of(new MaskedLanguageModeling(Texts.Always(20, 21, 22), 5, options)).Tokens);
    }

    public static TheoryData<MaskedLanguageModelingOptions, string> Impossible => new()
    {
        { Options with { VocabularySize = 0 }, "VocabularySize" },
        { Options with { MaskToken = 100 }, "MaskToken" },
        { Options with { PadToken = -1 }, "PadToken" },
        { Options with { Prefix = [100] }, "Prefix" },
        { Options with { Suffix = [-1] }, "Suffix" },
        { Options with { SpecialTokens = [200] }, "SpecialTokens" },
        { Options with { MaskingRate = 0 }, "MaskingRate" },
        { Options with { MaskingRate = double.NaN }, "MaskingRate" },
        { Options with { MaskTokenShare = 1.1 }, "MaskTokenShare" },
        { Options with { RandomTokenShare = -0.1 }, "RandomTokenShare" },
        { Options with { RandomTokenShare = 0.3 }, "RandomTokenShare" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Options_out_of_range_are_named(MaskedLanguageModelingOptions options, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new MaskedLanguageModeling(Texts.Always(10), 8, options)).ParamName);

    [Fact]
    public void Rows_without_room_and_vocabularies_without_ordinary_tokens_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaskedLanguageModeling(Texts.Always(10), 2, Options));
        Assert.Throws<ArgumentNullException>(() => new MaskedLanguageModeling(Texts.Always(10), 8, null!));
        Assert.Contains(
            "All 2 tokens of the vocabulary are special",
            Assert.Throws<ArgumentException>(() => new MaskedLanguageModeling(Texts.Always(10), 8, new() { VocabularySize = 2, MaskToken = 0, PadToken = 1 })).Message,
            StringComparison.Ordinal);
    }
}

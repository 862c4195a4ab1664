using CsCheck;
using Intaglio.Objectives;
using Xunit;

namespace Intaglio.Runtime.Tests.Objectives;

public sealed class DenoisingTests
{
    private const int Mask = 5;

    private static readonly DenoisingOptions Options = new() { VocabularySize = Texts.VocabularySize, MaskToken = Mask };

    private static readonly Gen<(int[] Text, DenoisingOptions Options, ulong Seed)> Cases = Gen.Select(
        Texts.Any, Gen.Double[0, 1], Gen.Double[0.1, 10], Gen.Bool, Gen.ULong,
        (text, rate, mean, permuted, seed) =>
            (text, Options with { MaskingRate = rate, MeanSpanLength = mean, EndsSentence = permuted ? token => token % 7 == 0 : null }, seed));

    [Fact]
    public void Targets_are_the_text_and_the_decoder_reads_it_one_later() => Cases.Sample((text, options, seed) =>
    {
        var batch = Batch.Of(new Denoising(Texts.Always(text), 82, options), seed);

        Assert.Equal([0, .. text, 2, .. Enumerable.Repeat(Labels.Ignored, 80 - text.Length)], batch.Targets);
        Assert.Equal([2, 0, .. text], batch.Tokens[..(text.Length + 2)]);
        Assert.Equal(text.Length + 2, batch.Counted);
    });

    [Fact]
    public void Source_has_the_tokens_that_are_not_masked_in_order_between_start_and_end() => Cases.Sample((text, options, seed) =>
    {
        options = options with { EndsSentence = null };
        var source = Batch.Of(new Denoising(Texts.Always(text), 82, options), seed).SourceOf(0);
        var kept = source[1..^1].Where(token => token != Mask).ToArray();
        var masked = options.MaskingRate == 0 ? 0 : Math.Max(1, (int)Math.Round(text.Length * options.MaskingRate, MidpointRounding.ToEven));

        Assert.Equal((0, 2), (source[0], source[^1]));
        Assert.Equal(text.Length - masked, kept.Length);
        Assert.True(source.Length <= text.Length + 2);
        Assert.True(masked == 0 || source.Contains(Mask));

        // A subsequence: each is found after the one before.
        var position = 0;
        foreach (var token in kept)
            position = Array.IndexOf(text, token, position) is var found and >= 0 ? found + 1 : throw new InvalidOperationException($"{token} is out of order");
    });

    [Fact]
    public void Sentences_keep_their_words_and_change_their_places() => Gen.Select(Gen.Bool.Array[1, 80], Gen.ULong).Sample((ends, seed) =>
    {
        var text = Texts.Distinct(ends.Length);
        var options = Options with { EndsSentence = token => ends[token - 10], MaskingRate = 0 };
        var source = Batch.Of(new Denoising(Texts.Always(text), 82, options), seed).SourceOf(0)[1..^1];

        Assert.Equal(text, source.Order());
        for (var at = 0; at < ends.Length - 1; at++)
        {
            if (!ends[at])
                Assert.Equal(text[at] + 1, source[Array.IndexOf(source, text[at]) + 1]);
        }
    });

    [Fact]
    public void Every_order_of_sentences_is_as_likely_as_any_other()
    {
        var options = Options with { EndsSentence = token => token == 10, MaskingRate = 0 };
        const int Draws = 60_000;

        var counts = Counts(new(Texts.Always(11, 10, 12, 10, 13), 7, options), Draws);

        // Binomial, 10,000 with a deviation of 91: five times that.
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 10_000 - 456, 10_000 + 456));
        Assert.Contains("0 13 12 10 11 10 2", counts.Keys);
    }

    [Fact]
    public void Every_place_of_a_span_is_as_likely_as_any_other()
    {
        // With a mean of 100 the first span is cut to all of the 2 tokens that are masked: before, between or after the 2 that stay.
        var options = Options with { MaskingRate = 0.5, MeanSpanLength = 100 };
        const int Draws = 60_000;

        var counts = Counts(new(Texts.Always(10, 11, 12, 13), 6, options), Draws);

        // Binomial, 20,000 with a deviation of 115: five times that.
        Assert.Equal(["0 10 11 5 2", "0 10 5 13 2", "0 5 12 13 2"], counts.Keys.Order(StringComparer.Ordinal));
        Assert.All(counts.Values, count => Assert.InRange(count, 20_000 - 577, 20_000 + 577));
    }

    [Fact]
    public void Masks_are_as_many_as_poisson_numbers_of_mean_3_that_add_up_to_the_masked_tokens()
    {
        const int Rows = 5000;
        var batch = Batch.Of(new Denoising(Texts.Always(Texts.Distinct(80)), 82, Options), rows: Rows);
        var sources = Enumerable.Range(0, Rows).Select(batch.SourceOf).ToArray();

        // Of 80 tokens 24 are masked. More than n numbers are needed if n of them, a Poisson number of mean 3n, stay below 24: summed over n that is the mean,
        // 8.5000, and with weights 2n + 1 the second moment, so that the deviation is 1.658; five deviations of the average of 5,000.
        Assert.Equal(8.5000, sources.Average(source => source.Count(token => token == Mask)), 5 * 1.658 / Math.Sqrt(Rows));

        // A number of 0, one in twenty, inserts a mask between tokens that were neighbours.
        Assert.Contains(sources, source => Enumerable.Range(1, source.Length - 2).Any(at => source[at] == Mask && source[at + 1] == source[at - 1] + 1));
    }

    [Fact]
    public void Nothing_changes_where_nothing_is_asked_for()
    {
        var batch = Batch.Of(new Denoising(Texts.Always(10, 11, 12), 6, Options with { MaskingRate = 0 }));

        Assert.Equal([0, 10, 11, 12, 2, 1], batch.SourceTokens);
        Assert.Equal([0, 5], batch.SourceBounds);
    }

    [Fact]
    public void A_single_token_is_masked() => Assert.Equal([0, Mask, 2], Batch.Of(new Denoising(Texts.Always(10), 6, Options)).SourceOf(0));

    public static TheoryData<DenoisingOptions, string> Impossible => new()
    {
        { Options with { VocabularySize = 0 }, "VocabularySize" },
        { Options with { MaskToken = 100 }, "MaskToken" },
        { Options with { StartToken = -1 }, "StartToken" },
        { Options with { EndToken = 100 }, "EndToken" },
        { Options with { PadToken = 100 }, "PadToken" },
        { Options with { DecoderStartToken = 100 }, "DecoderStartToken" },
        { Options with { MaskingRate = 1.5 }, "MaskingRate" },
        { Options with { MeanSpanLength = 0 }, "MeanSpanLength" },
        { Options with { MeanSpanLength = double.NaN }, "MeanSpanLength" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Options_out_of_range_are_named(DenoisingOptions options, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new Denoising(Texts.Always(10), 6, options)).ParamName);

    [Fact]
    public void Rows_without_room_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Denoising(Texts.Always(10), 2, Options));
        Assert.Throws<ArgumentNullException>(() => new Denoising(Texts.Always(10), 6, null!));
    }

    private static Dictionary<string, int> Counts(Denoising objective, int draws)
    {
        var batch = Batch.Of(objective, rows: draws);
        return Enumerable.Range(0, draws).GroupBy(row => string.Join(' ', batch.SourceOf(row))).ToDictionary(group => group.Key, group => group.Count());
    }
}

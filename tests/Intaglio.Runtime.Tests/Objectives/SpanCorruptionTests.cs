using CsCheck;
using Intaglio.Objectives;
using Xunit;

namespace Intaglio.Runtime.Tests.Objectives;

public sealed class SpanCorruptionTests
{
    private const int End = 1;

    // Sentinels are 199 down to 100, beyond the tokens of texts.
    private const int Last = 199;

    private static readonly SpanCorruptionOptions Options = new() { VocabularySize = Last + 1 };

    private static readonly Gen<(int[] Text, SpanCorruptionOptions Options, ulong Seed)> Cases = Gen.Select(
        Texts.Any, Gen.Double[0.01, 0.95], Gen.Double[1, 6], Gen.Bool, Gen.ULong,
        (text, density, mean, final, seed) => (text, Options with { NoiseDensity = density, MeanSpanLength = mean, FinalSentinel = final }, seed));

    [Fact]
    public void Text_is_recovered_by_putting_spans_in_the_place_of_their_sentinels() => Cases.Sample((text, options, seed) =>
    {
        var (inputs, targets) = Corrupt(text, options, seed);

        // Targets are a sentinel and its span, again and again, then perhaps a sentinel with nothing after it, and the end.
        var spans = new Dictionary<int, List<int>>();
        foreach (var token in targets[..^1])
        {
            if (IsSentinel(token))
                spans[token] = [];
            else
                spans[Last - (spans.Count - 1)].Add(token);
        }

        Assert.Equal(End, targets[^1]);
        Assert.Equal([.. text, End], inputs.SelectMany(token => IsSentinel(token) ? spans[token] : [token]));
        Assert.Equal(Enumerable.Range(0, spans.Count).Select(index => Last - index), spans.Keys);
        Assert.Equal(options.FinalSentinel || text.Length < 2, spans[Last - (spans.Count - 1)].Count == 0);
    });

    [Fact]
    public void Numbers_of_tokens_and_spans_are_those_of_T5() => Cases.Sample((text, options, seed) =>
    {
        var (inputs, _) = Corrupt(text, options, seed);
        var spans = inputs.Count(token => IsSentinel(token));
        var gone = text.Length + 1 - (inputs.Length - spans);

        if (text.Length == 1)
        {
            Assert.Equal((0, 0), (gone, spans));
            return;
        }

        // random_spans_noise_mask, and no more spans than there are tokens to stand before them.
        var tokens = Math.Min(Math.Max((int)Math.Round(text.Length * options.NoiseDensity, MidpointRounding.ToEven), 1), text.Length - 1);
        Assert.Equal(tokens, gone);
        Assert.Equal(Math.Min(Math.Max((int)Math.Round(tokens / options.MeanSpanLength, MidpointRounding.ToEven), 1), text.Length - tokens), spans);
    });

    [Fact]
    public void Spans_are_neither_adjacent_nor_first() => Cases.Sample((text, options, seed) =>
    {
        var (inputs, _) = Corrupt(text, options, seed);

        Assert.True(!IsSentinel(inputs[0]));
        Assert.DoesNotContain(inputs.Zip(inputs.Skip(1)), pair => IsSentinel(pair.First) && IsSentinel(pair.Second));
    });

    [Fact]
    public void Decoder_reads_the_targets_behind_the_start_token() => Cases.Sample((text, options, seed) =>
    {
        var batch = Batch.Of(new SpanCorruption(Texts.Always(text), 100, options with { DecoderStartToken = 7 }), seed);
        var length = batch.Bounds[1];

        Assert.Equal([7, .. batch.Targets[..(length - 1)]], batch.Tokens[..length]);
    });

    [Fact]
    public void Every_cut_is_as_likely_as_any_other()
    {
        // 10 tokens, of which 3 go in 2 spans: 1 + 2 or 2 + 1, before them 7 tokens in 2 parts, 6 ways: 12 in all.
        var options = Options with { NoiseDensity = 0.3, MeanSpanLength = 1.5 };
        var objective = new SpanCorruption(Texts.Always(Texts.Distinct(10)), 10, options);
        const int Draws = 60_000;
        var batch = Batch.Of(objective, rows: Draws);

        Assert.Equal(10, objective.TextLength);
        var counts = Enumerable.Range(0, Draws).GroupBy(row => string.Join(' ', batch.SourceOf(row))).Select(group => group.Count()).ToArray();

        // Binomial, 5,000 with a deviation of √(60,000 · 1/12 · 11/12) = 68: five times that.
        Assert.Equal(12, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 5000 - 339, 5000 + 339));
    }

    // The first is T5's own, the published lengths of its pre-training; all by a Python transcription of the loop in transformers' run_t5_mlm_flax.py.
    [Theory]
    [InlineData(512, 0.15, 3.0, 568, 114)]
    [InlineData(1024, 0.15, 3.0, 1137, 229)]
    [InlineData(128, 0.15, 3.0, 141, 29)]
    [InlineData(64, 0.15, 3.0, 70, 14)]
    [InlineData(512, 0.15, 10.0, 591, 99)]
    [InlineData(512, 0.5, 3.0, 766, 512)]
    [InlineData(114, 0.5, 3.0, 170, 114)]
    public void Lengths_are_those_of_transformers(int inputs, double density, double mean, int text, int targets)
    {
        var options = new SpanCorruptionOptions { VocabularySize = 32_100, NoiseDensity = density, MeanSpanLength = mean, FinalSentinel = false };

        Assert.Equal((text, targets), options.LengthsFor(inputs));
        Assert.Equal((text, targets + 1), (options with { FinalSentinel = true }).LengthsFor(inputs));
    }

    [Fact]
    public void Full_texts_fill_their_inputs_and_targets() => Gen.Select(Gen.Int[3, 60], Gen.OneOf(Gen.Double[0.05, 0.95], Gen.Const(0.5)), Gen.Double[1, 6], Gen.Bool)
        .Sample((length, density, mean, final) =>
        {
            var options = new SpanCorruptionOptions { VocabularySize = 3000, Sentinels = 1000, NoiseDensity = density, MeanSpanLength = mean, FinalSentinel = final };
            var objective = new SpanCorruption(new TokenSequences([[.. Enumerable.Range(0, 2000)]], 3000), length, options);
            var batch = Batch.Of(objective);

            // Where about as many tokens go as stay, or more, one token more that stays may bring a span more; and a density of a half shortens by a token.
            var missing = density < 0.4 ? 0 : 1;
            Assert.InRange(batch.SourceBounds[1], length - missing, length);
            Assert.InRange(batch.Bounds[1], objective.Length - missing, objective.Length);
        });

    [Fact]
    public void A_text_without_spans_stays_whole()
    {
        foreach (var options in (SpanCorruptionOptions[])[Options, Options with { FinalSentinel = false }])
        {
            var (inputs, targets) = Corrupt([42], options, 1);
            Assert.Equal([42, End], inputs);
            Assert.Equal([Last, End], targets);
        }
    }

    [Fact]
    public void A_density_that_rounds_to_nothing_cuts_one_token_out()
    {
        var (inputs, targets) = Corrupt(Texts.Distinct(5), Options with { NoiseDensity = 0.01 }, 1);

        Assert.Equal([10, 11, 12, 13, Last, End], inputs);
        Assert.Equal([Last, 14, Last - 1, End], targets);
    }

    [Fact]
    public void Missing_sentinels_are_counted()
    {
        var options = new SpanCorruptionOptions { VocabularySize = 32_100, Sentinels = 28 };

        Assert.Contains(
            "Inputs of 512 tokens come from texts of 568, which have 28 spans and need 29 sentinels, but there are 28",
            Assert.Throws<ArgumentException>(() => new SpanCorruption(Texts.Always(10), 512, options)).Message,
            StringComparison.Ordinal);
        Assert.Equal(114, new SpanCorruption(Texts.Always(10), 512, options with { FinalSentinel = false }).Length);
    }

    public static TheoryData<SpanCorruptionOptions, string> Impossible => new()
    {
        { Options with { VocabularySize = 1 }, "VocabularySize" },
        { Options with { Sentinels = 0 }, "Sentinels" },
        { Options with { Sentinels = 200 }, "Sentinels" },
        { Options with { EndToken = 200 }, "EndToken" },
        { Options with { PadToken = -1 }, "PadToken" },
        { Options with { DecoderStartToken = 200 }, "DecoderStartToken" },
        { Options with { NoiseDensity = 0 }, "NoiseDensity" },
        { Options with { NoiseDensity = 0.96 }, "NoiseDensity" },
        { Options with { NoiseDensity = double.NaN }, "NoiseDensity" },
        { Options with { MeanSpanLength = 0.9 }, "MeanSpanLength" },
        { Options with { MeanSpanLength = double.PositiveInfinity }, "MeanSpanLength" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Options_out_of_range_are_named(SpanCorruptionOptions options, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new SpanCorruption(Texts.Always(10), 20, options)).ParamName);

    [Fact]
    public void Inputs_without_room_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpanCorruption(Texts.Always(10), 2, Options));
        Assert.Throws<ArgumentNullException>(() => new SpanCorruption(Texts.Always(10), 20, null!));
    }

    private static (int[] Inputs, int[] Targets) Corrupt(int[] text, SpanCorruptionOptions options, ulong seed)
    {
        var batch = Batch.Of(new SpanCorruption(Texts.Always(text), 100, options), seed);
        return (batch.SourceOf(0), batch.Targets[..batch.Bounds[1]]);
    }

    private static bool IsSentinel(int token) => token >= Texts.VocabularySize;
}

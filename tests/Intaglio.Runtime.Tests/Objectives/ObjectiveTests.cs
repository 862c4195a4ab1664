using Intaglio.Data;
using Intaglio.Objectives;
using Xunit;

namespace Intaglio.Runtime.Tests.Objectives;

/// <summary>What every objective promises.</summary>
public sealed class ObjectiveTests
{
    private const int Pad = 1;

    private static readonly ISequenceSource Source = new TokenSequences(
        Enumerable.Range(0, 50).Select(index => Enumerable.Range(0, 5 + index).Select(position => 10 + ((position * 7 + index) % 50)).ToArray()),
        Texts.VocabularySize);

    public static TheoryData<string> Names => ["causal", "masked", "words", "spans", "denoising"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Batch_is_a_function_of_seed_and_step(string name)
    {
        var objective = Make(name);

        Assert.Equal(Batch.Of(objective, 1, 2, 8).All, Batch.Of(Make(name), 1, 2, 8).All);
        Assert.NotEqual(Batch.Of(objective, 1, 2, 8).All, Batch.Of(objective, 1, 3, 8).All);
        Assert.NotEqual(Batch.Of(objective, 1, 2, 8).All, Batch.Of(objective, 2, 2, 8).All);
        Assert.DoesNotContain(int.MinValue, Batch.Of(objective, 1, 2, 8).All);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Larger_batch_begins_with_the_rows_of_a_smaller_one(string name)
    {
        var (small, large) = (Batch.Of(Make(name), 1, 2, 3), Batch.Of(Make(name), 1, 2, 8));

        Assert.Equal(small.Tokens, large.Tokens[..small.Tokens.Length]);
        Assert.Equal(small.Targets, large.Targets[..small.Targets.Length]);
        Assert.Equal(small.SourceTokens, large.SourceTokens[..small.SourceTokens.Length]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_of_one_text_differ(string name)
    {
        var batch = Batch.Of(Make(name, Texts.Always(Texts.Distinct(80))), rows: 2);

        Assert.NotEqual(batch.TokensOf(0).Concat(batch.TargetsOf(0)).Concat(batch.SourceOf(0)), batch.TokensOf(1).Concat(batch.TargetsOf(1)).Concat(batch.SourceOf(1)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Filling_allocates_nothing(string name)
    {
        var batch = new Batch(Make(name), 8);
        var step = 0UL;

        // The shared pool gives memory back now and then, but not in every round.
        var least = long.MaxValue;
        for (var round = 0; round < 10 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            batch.Fill(1, step++);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Targets_that_count_are_counted(string name)
    {
        var batch = Batch.Of(Make(name), rows: 8);

        Assert.Equal(batch.Targets.Count(target => target != Labels.Ignored), batch.Counted);
        Assert.All(batch.Targets, target => Assert.True(target is Labels.Ignored or >= 0));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tokens_end_in_padding_after_their_bounds(string name)
    {
        var objective = Make(name);
        var batch = Batch.Of(objective, rows: 30);
        var padded = 0;

        for (var row = 0; row < 30; row++)
        {
            var end = batch.Bounds[(2 * row) + 1];
            Assert.Equal(0, batch.Bounds[2 * row]);
            Assert.All(batch.TargetsOf(row)[end..], target => Assert.Equal(Labels.Ignored, target));
            padded += objective.Length - end;
            if (objective.SourceLength > 0)
                Assert.All(batch.SourceTokens[((row * objective.SourceLength) + batch.SourceBounds[(2 * row) + 1])..((row + 1) * objective.SourceLength)], token => Assert.Equal(Pad, token));

            // A decoder that reads labels has the last one before the padding, where its target is ignored.
            var first = objective.SourceLength > 0 ? end + 1 : end;
            Assert.All(batch.TokensOf(row).Skip(first), token => Assert.Equal(Pad, token));
        }

        Assert.True(padded > 0, "every text filled its row");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_text_of_one_token_is_a_row(string name)
    {
        var batch = Batch.Of(Make(name, Texts.Always(42)));

        Assert.Equal(name == "causal" ? 0 : 1, Math.Min(batch.Counted, 1));
        Assert.True(batch.Bounds[1] >= batch.Counted);
    }

    [Fact]
    public void Buffers_that_are_too_short_are_named()
    {
        var objective = Make("denoising");
        int[] one = new int[objective.Length], two = new int[2 * objective.Length], bounds = new int[4];

        Assert.Equal("Tokens", Name(() => objective.Fill(1, 1, new(2, one, two) { SourceTokens = two })));
        Assert.Equal("Targets", Name(() => objective.Fill(1, 1, new(2, two, one) { SourceTokens = two })));
        Assert.Equal("SourceTokens", Name(() => objective.Fill(1, 1, new(2, two, two))));
        Assert.Equal("Bounds", Name(() => objective.Fill(1, 1, new(2, two, two) { SourceTokens = two, Bounds = bounds.AsSpan(1) })));
        Assert.Equal("SourceBounds", Name(() => objective.Fill(1, 1, new(2, two, two) { SourceTokens = two, SourceBounds = bounds.AsSpan(1) })));
        Assert.Equal("Rows", Name(() => objective.Fill(1, 1, new(0, two, two) { SourceTokens = two })));
        Assert.Contains($"room for {one.Length} values; this batch needs {two.Length}", Assert.Throws<ArgumentException>(() => objective.Fill(1, 1, new(2, one, two))).Message, StringComparison.Ordinal);

        static string? Name(Action fill) => Assert.ThrowsAny<ArgumentException>(fill).ParamName;
    }

    [Fact]
    public void Bounds_may_be_left_out()
    {
        var objective = Make("spans");
        var batch = Batch.Of(objective, 3, 4, 2);
        int[] tokens = new int[batch.Tokens.Length], targets = new int[batch.Targets.Length], source = new int[batch.SourceTokens.Length];

        objective.Fill(3, 4, new(2, tokens, targets) { SourceTokens = source });

        Assert.Equal(batch.Tokens.Concat(batch.Targets).Concat(batch.SourceTokens), tokens.Concat(targets).Concat(source));
    }

    [Fact]
    public void Causal_batches_of_a_corpus_are_those_it_fills_itself()
    {
        var corpus = TokenCorpus.FromTokens([.. Enumerable.Range(0, 1000)], 1000);
        int[] tokens = new int[40], targets = new int[40];
        corpus.Fill(5, 6, 4, 10, tokens, targets);

        var batch = Batch.Of(new CausalLanguageModeling(new CorpusWindows(corpus), 10), 5, 6, 4);

        Assert.Equal(tokens, batch.Tokens);
        Assert.Equal(targets, batch.Targets);
        Assert.Equal([0, 10, 0, 10, 0, 10, 0, 10], batch.Bounds);
        Assert.Equal(40, batch.Counted);
    }

    [Fact]
    public void Causal_targets_of_a_short_text_are_its_next_tokens()
    {
        var batch = Batch.Of(new CausalLanguageModeling(Texts.Always(11, 12, 13), 4, padToken: 7));

        Assert.Equal([11, 12, 7, 7], batch.Tokens);
        Assert.Equal([12, 13, Labels.Ignored, Labels.Ignored], batch.Targets);
        Assert.Equal([0, 2], batch.Bounds);
    }

    [Fact]
    public void Labels_may_be_shifted_in_place()
    {
        int[] labels = [5, Labels.Ignored, 6];

        Labels.ShiftRight(labels, startToken: 2, padToken: 1, labels);

        Assert.Equal([2, 5, 1], labels);
    }

    [Fact]
    public void Shifted_labels_need_room() => Assert.Throws<ArgumentOutOfRangeException>(() => Labels.ShiftRight([1, 2], 0, 0, new int[1]));

    private static Objective Make(string name, ISequenceSource? source = null) => name switch
    {
        "causal" => new CausalLanguageModeling(source ?? Source, 40, Pad),
        "masked" => new MaskedLanguageModeling(source ?? Source, 40, Masked),
        "words" => new MaskedLanguageModeling(source ?? Source, 40, Masked with { ContinuesWord = token => token % 2 == 0 }),
        "spans" => new SpanCorruption(source ?? Source, 40, new() { VocabularySize = Texts.VocabularySize, Sentinels = 30, EndToken = 3, PadToken = Pad }),
        "denoising" => new Denoising(source ?? Source, 40, new() { VocabularySize = Texts.VocabularySize, MaskToken = 5, PadToken = Pad, EndsSentence = token => token % 5 == 0 }),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static MaskedLanguageModelingOptions Masked =>
        new() { VocabularySize = Texts.VocabularySize, MaskToken = 4, PadToken = Pad, Prefix = [2], Suffix = [3] };
}

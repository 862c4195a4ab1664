using Intaglio.Data;
using Intaglio.Objectives;
using Xunit;

namespace Intaglio.Runtime.Tests.Objectives;

public sealed class SequenceSourceTests
{
    [Fact]
    public void Every_text_and_every_window_of_a_long_one_is_as_likely_as_any_other()
    {
        var source = new TokenSequences([[1], [2, 3], [4, 5, 6, 7]], 8);
        var counts = new Dictionary<string, int>();
        var tokens = new int[3];
        const int Draws = 60_000;

        for (var row = 0; row < Draws; row++)
        {
            var text = string.Join(' ', tokens[..source.Read(9, 1, row, tokens)]);
            counts[text] = counts.GetValueOrDefault(text) + 1;
        }

        // Binomial, five deviations: √(60,000 · p · (1 - p)) is 115 for a third and 91 for a sixth.
        Assert.Equal(3, source.Count);
        Assert.Equal(["1", "2 3", "4 5 6", "5 6 7"], counts.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(counts["1"], 20_000 - 577, 20_000 + 577);
        Assert.InRange(counts["2 3"], 20_000 - 577, 20_000 + 577);
        Assert.InRange(counts["4 5 6"], 10_000 - 456, 10_000 + 456);
    }

    [Fact]
    public void Windows_are_of_the_part_that_is_asked_for()
    {
        var corpus = new TokenCorpus([1, 2, 3], [4, 5, 6, 7], 8);
        var tokens = new int[3];

        Assert.Equal(3, new CorpusWindows(corpus).Read(1, 1, 0, tokens));
        Assert.Equal([1, 2, 3], tokens);
        Assert.Equal(3, new CorpusWindows(corpus, heldOut: true).Read(1, 1, 0, tokens));
        Assert.Equal(tokens[0] is 4 ? [4, 5, 6] : [5, 6, 7], tokens);
    }

    [Fact]
    public void Texts_that_cannot_be_used_are_refused()
    {
        var corpus = new TokenCorpus([1, 2, 3], [4], 8);

        Assert.Equal(
            "the training part has 3 tokens, a window 4: take a longer text or shorter sequences",
            Assert.Throws<DataException>(() => new CorpusWindows(corpus).Read(1, 1, 0, new int[4])).Message);
        Assert.Contains("held-out part has 1 tokens", Assert.Throws<DataException>(() => new CorpusWindows(corpus, true).Read(1, 1, 0, new int[4])).Message, StringComparison.Ordinal);
        Assert.Equal("sequence 1 is empty; leave it out", Assert.Throws<DataException>(() => new TokenSequences([[1], []], 8)).Message);
        Assert.Equal("token 8 at 1 of sequence 0 is not of the vocabulary, 0 to 7", Assert.Throws<DataException>(() => new TokenSequences([[1, 8]], 8)).Message);
        Assert.Throws<DataException>(() => new TokenSequences([], 8));
        Assert.Throws<ArgumentNullException>(() => new CorpusWindows(null!));
    }
}

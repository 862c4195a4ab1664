using Intaglio.Generation;
using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Generation;

public class SamplingTests
{
    private static readonly float[] Logits = [0.5f, 2, -1, 2, 0, 1];

    [Fact]
    public void Greedy_takes_the_likeliest_and_of_equal_ones_the_lowest() => Assert.Equal(1, default(Greedy).Sample(Logits, [], default));

    [Theory]
    [InlineData(1f)]
    [InlineData(0.5f)]
    [InlineData(2f)]
    public void Draws_have_the_probabilities_of_the_softmax(float temperature)
    {
        var weights = Logits.Select(logit => Math.Exp(logit / temperature)).ToArray();

        AssertDistribution([.. weights.Select(weight => weight / weights.Sum())], new(new(temperature), default, new(1), default));
    }

    [Fact]
    public void Top_k_draws_from_the_likeliest_alone()
    {
        // 2, 2, 1 of [0.5, 2, -1, 2, 0, 1].
        double[] weights = [0, Math.Exp(2), 0, Math.Exp(2), 0, Math.Exp(1)];

        AssertDistribution([.. weights.Select(weight => weight / weights.Sum())], new(new(1), new(3), new(1), default));
    }

    [Fact]
    public void Top_p_draws_from_the_nucleus_alone()
    {
        // The probabilities in order: 0.360, 0.360, 0.133, 0.080, 0.049, 0.018. 0.8 needs three of them.
        double[] weights = [0, Math.Exp(2), 0, Math.Exp(2), 0, Math.Exp(1)];

        AssertDistribution([.. weights.Select(weight => weight / weights.Sum())], new(new(1), default, new(0.8f), default));
    }

    [Fact]
    public void Top_p_counts_the_probabilities_that_top_k_left()
    {
        // Of the two likeliest each has a half: one of them is the nucleus of 0.5, the lower.
        AssertDistribution([0, 1, 0, 0, 0, 0], new(new(1), new(2), new(0.5f), default));
    }

    [Theory]
    [InlineData(0, 1f, 6)]
    [InlineData(6, 1f, 6)]
    [InlineData(100, 1f, 6)]
    [InlineData(1, 1f, 1)]
    [InlineData(0, 1e-6f, 1)]
    [InlineData(0, 0.3600f, 1)]
    [InlineData(0, 0.3604f, 2)]
    [InlineData(0, 0.999999f, 6)]
    public void Stages_keep_as_many_as_they_should(int k, float p, int expected)
    {
        var candidates = new Candidates([.. Logits.Select((logit, token) => new Candidate(token, logit))]);
        new TopK(k).Apply(ref candidates);
        new TopP(p).Apply(ref candidates);

        Assert.Equal(expected, candidates.Items.Length);
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e-3f)]
    public void A_temperature_near_zero_is_greedy(float temperature)
    {
        // Every draw of a distribution that is all but a point.
        var chain = new Chain<Temperature, TopK, TopP, Draw>(new(temperature), default, new(1), default);
        var buffer = new Candidate[3];
        for (var i = 0; i < 100; i++)
            Assert.Equal(2, chain.Sample([3, -100, 3.5f], buffer, RandomStream.For(1, (ulong)i, 0)));
    }

    [Fact]
    public void Tokens_of_no_probability_are_never_drawn()
    {
        var chain = new Chain<Temperature, TopK, TopP, Draw>(new(1), default, new(1), default);
        var buffer = new Candidate[3];
        for (var i = 0; i < 1000; i++)
            Assert.Equal(1, chain.Sample([float.NegativeInfinity, 0, float.NegativeInfinity], buffer, RandomStream.For(2, (ulong)i, 0)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Selection_finds_what_sorting_finds(int size)
    {
        // Few different logits, so that there are many ties.
        var stream = RandomStream.For(7, (ulong)size, 0);
        var all = Enumerable.Range(0, size).Select(token => new Candidate(token, stream[(uint)token] % 37)).ToArray();
        foreach (var count in new[] { 0, 1, size / 3, size - 1, size }.Where(count => count >= 0).Distinct())
        {
            var candidates = new Candidates([.. all]);
            candidates.Select(count);
            Assert.Equal(all.Order().Take(count), candidates.Items[..count].ToArray().Order());
        }
    }

    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.5f)]
    [InlineData(0.95f)]
    public void Nuclei_of_large_vocabularies_are_the_same_as_by_sorting_all(float p)
    {
        var stream = RandomStream.For(8, 0, 0);
        var all = Enumerable.Range(0, 5000).Select(token => new Candidate(token, 4 * stream.Uniform((uint)token))).ToArray();
        var sorted = all.Order().ToArray();
        var total = all.Sum(candidate => Math.Exp(candidate.Logit));
        var (mass, expected) = (0.0, 0);
        while (mass < p * total)
            mass += Math.Exp(sorted[expected++].Logit);

        var candidates = new Candidates([.. all]);
        new TopP(p).Apply(ref candidates);

        Assert.Equal(sorted.Take(expected), candidates.Items.ToArray().Order());
    }

    private static void AssertDistribution(double[] expected, Chain<Temperature, TopK, TopP, Draw> chain)
    {
        const int Draws = 20_000;
        var counts = new int[expected.Length];
        var buffer = new Candidate[expected.Length];
        for (var i = 0; i < Draws; i++)
            counts[chain.Sample(Logits, buffer, RandomStream.For(11, (ulong)i, 0))]++;

        var chiSquare = 0.0;
        for (var token = 0; token < expected.Length; token++)
        {
            if (expected[token] == 0)
                Assert.Equal(0, counts[token]);
            else
                chiSquare += Math.Pow(counts[token] - (expected[token] * Draws), 2) / (expected[token] * Draws);
        }

        // The 99.99% quantile of χ² with 5 degrees of freedom; with fewer it is lower still.
        Assert.True(chiSquare < 25.7, $"χ² = {chiSquare}");
    }
}

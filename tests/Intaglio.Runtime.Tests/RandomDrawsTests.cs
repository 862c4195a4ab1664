using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests;

public sealed class RandomDrawsTests
{
    private const int Draws = 100_000;

    [Fact]
    public void Draws_are_the_stream_from_the_first_element_on()
    {
        var stream = RandomStream.For(1, 2, 3);
        var draws = new RandomDraws(stream, 5);

        Assert.Equal([stream[5], stream[6], stream[7]], [draws.Next(), draws.Next(), draws.Next()]);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Poisson_numbers_have_their_mean_and_variance(double mean)
    {
        var draws = new RandomDraws(RandomStream.For(1, 2, 3));
        var (sum, squares) = (0.0, 0.0);
        for (var draw = 0; draw < Draws; draw++)
        {
            double value = draws.Poisson(mean);
            sum += value;
            squares += (value - mean) * (value - mean);
        }

        // Deviations of the averages of n draws: √(λ / n) and √((λ + 2λ²) / n); five of them.
        Assert.Equal(mean, sum / Draws, 5 * Math.Sqrt(mean / Draws));
        Assert.Equal(mean, squares / Draws, 5 * Math.Sqrt((mean + (2 * mean * mean)) / Draws));
    }

    [Fact]
    public void Poisson_numbers_have_the_probabilities_of_the_formula()
    {
        var draws = new RandomDraws(RandomStream.For(4, 5, 6));
        var counts = new int[100];
        for (var draw = 0; draw < Draws; draw++)
            counts[draws.Poisson(3)]++;

        // e^-3 · 3^k / k!, binomial, five deviations.
        double[] probabilities = [0.049787068, 0.149361205, 0.224041808, 0.224041808, 0.168031356, 0.100818813, 0.050409407, 0.021604031];
        for (var k = 0; k < probabilities.Length; k++)
            Assert.Equal(Draws * probabilities[k], counts[k], 5 * Math.Sqrt(Draws * probabilities[k] * (1 - probabilities[k])));
    }

    [Fact]
    public void Every_order_is_as_likely_as_any_other()
    {
        var draws = new RandomDraws(RandomStream.For(7, 8, 9));
        var counts = new Dictionary<string, int>();
        for (var draw = 0; draw < 60_000; draw++)
        {
            char[] items = ['a', 'b', 'c'];
            draws.Shuffle<char>(items);
            var order = new string(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        // Binomial, 10,000 with a deviation of 91: five times that.
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 10_000 - 456, 10_000 + 456));
    }
}

using Intaglio.Data;
using Xunit;

namespace Intaglio.Runtime.Tests.Data;

public sealed class NGramModelTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(5, 2)]
    [InlineData(5, 3)]
    [InlineData(256, 3)]
    public void Loss_is_that_of_the_definition(int vocabulary, int order)
    {
        var random = new Random(vocabulary + order);
        int[] training = [.. Enumerable.Range(0, 400).Select(_ => Math.Min(random.Next(vocabulary), random.Next(vocabulary)))];
        int[] heldOut = [.. Enumerable.Range(0, 50).Select(_ => random.Next(vocabulary))];

        var model = NGramModel.Train(training, vocabulary, order);

        // Sums of a few hundred logarithms in double agree far better than this.
        Assert.Equal(Naive(training, training, heldOut, vocabulary, order, model.Smoothing, skip: 1), model.Loss(training, heldOut), 1e-10);
    }

    [Fact]
    public void Smoothing_is_the_best_one_on_the_end_of_the_training_part()
    {
        foreach (var vocabulary in new[] { 2, 8, 60 })
        {
            var random = new Random(vocabulary);
            int[] training = [.. Enumerable.Range(0, 1000).Select(i => i % 3 == 0 ? i % vocabulary : random.Next(vocabulary))];

            var model = NGramModel.Train(training, vocabulary);

            double[] candidates = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003];
            Assert.Equal(candidates.MinBy(k => Naive(training[..900], training[..900], training[900..], vocabulary, 3, k, skip: 0)), model.Smoothing);
        }
    }

    [Fact]
    public void Text_that_repeats_is_predicted_and_noise_is_not()
    {
        int[] period = [.. Enumerable.Range(0, 2000).Select(i => i % 7)];
        var random = new Random(1);
        int[] noise = [.. Enumerable.Range(0, 20_000).Select(_ => random.Next(7))];

        Assert.InRange(NGramModel.HeldOutLoss(TokenCorpus.FromTokens(period, 7)), 0, 0.01);

        // Nothing predicts noise better than ln 7 = 1.946; 343 contexts seen 50 times each cost about 6 / (2 · 50) nats more.
        Assert.InRange(NGramModel.HeldOutLoss(TokenCorpus.FromTokens(noise, 7)), 1.94, 2.05);
    }

    [Fact]
    public void Probabilities_sum_to_one()
    {
        int[] training = [.. Enumerable.Range(0, 200).Select(i => i * i % 11)];
        var model = NGramModel.Train(training, 11);

        var sum = Enumerable.Range(0, 11).Sum(token => Math.Exp(-model.Loss([3, 5, 1], [4, token])));

        Assert.Equal(1, sum, 1e-12);
    }

    [Fact]
    public void Large_vocabularies_fit_while_their_keys_do()
    {
        int[] training = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 65_535 : i)];

        Assert.True(double.IsFinite(NGramModel.Train(training, 65_536).Loss(training, [65_535, 1, 65_535])));
        Assert.Throws<ArgumentOutOfRangeException>(() => NGramModel.Train(training, 65_537));
    }

    [Fact]
    public void Text_too_short_is_reported()
    {
        Assert.Throws<DataException>(() => NGramModel.Train([1, 2, 3], 256));
        Assert.Throws<DataException>(() => NGramModel.Train([], 256));
    }

    // By the definition: counts by comparing sequences, one position after the other.
    private static double Naive(int[] training, int[] before, int[] tokens, int vocabulary, int order, double k, int skip)
    {
        int[] text = [.. before, .. tokens];
        var sum = 0.0;
        for (var i = before.Length + skip; i < text.Length; i++)
        {
            var context = text[(i - order)..i];
            var (ofContext, ofSequence) = (0, 0);
            for (var j = order; j < training.Length; j++)
            {
                if (!training.AsSpan(j - order, order).SequenceEqual(context))
                    continue;
                ofContext++;
                if (training[j] == text[i])
                    ofSequence++;
            }

            sum -= Math.Log((ofSequence + k) / (ofContext + (k * vocabulary)));
        }

        return sum / (tokens.Length - skip);
    }
}

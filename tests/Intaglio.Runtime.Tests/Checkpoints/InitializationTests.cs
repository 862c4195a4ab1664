using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

public sealed class InitializationTests
{
    private static readonly ModelDescription Large = WeightsOnly.Gpt2(vocabulary: 2000, width: 250, layers: 1);

    [Fact]
    public void Weights_have_the_declared_mean_and_deviation()
    {
        using var model = WeightsOnly.Create(new HostDevice(), Large, seed: 1);

        var values = model.ReadParameter("wte.weight");

        // Of n = 500,000 draws, the mean varies by s/√n = 2.8e-5 and the deviation by s/√(2n) = 2.0e-5: five times that each.
        var mean = values.Average(value => (double)value);
        var deviation = Math.Sqrt(values.Average(value => Math.Pow(value - mean, 2)));
        Assert.InRange(mean, -1.4e-4, 1.4e-4);
        Assert.InRange(deviation, 0.02 - 1e-4, 0.02 + 1e-4);
    }

    [Fact]
    public void Weights_are_normal()
    {
        using var model = WeightsOnly.Create(new HostDevice(), Large, seed: 2);

        var values = model.ReadParameter("wte.weight");

        // P(|z| > x) of the normal distribution; a share of n draws varies by √(p(1-p)/n): five times that.
        (double Bound, double Probability)[] tails = [(0.5, 0.617075), (1, 0.317311), (2, 0.045500), (3, 0.0026998)];
        foreach (var (bound, probability) in tails)
        {
            var share = values.Count(value => Math.Abs(value) > bound * 0.02) / (double)values.Length;
            Assert.InRange(Math.Abs(share - probability), 0, 5 * Math.Sqrt(probability * (1 - probability) / values.Length));
        }
    }

    [Fact]
    public void Constants_are_exact_and_padding_stays_zero()
    {
        var description = WeightsOnly.Gpt2();
        using var model = WeightsOnly.Create(new HostDevice(), description);

        Assert.All(model.ReadParameter("h.1.ln_1.weight"), value => Assert.Equal(1f, value));
        Assert.All(model.ReadParameter("h.1.ln_1.bias"), value => Assert.Equal(0f, value));

        var all = new float[description.Parameters.Length];
        model.Weights.Read<float>(all);
        foreach (var parameter in description.Parameters.Parameters())
            all.AsSpan((int)parameter.Offset, (int)parameter.Entry.Count).Clear();
        Assert.All(all, value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using var model = WeightsOnly.Create(new HostDevice(), WeightsOnly.Gpt2(), seed: 7);
        using var same = WeightsOnly.Create(new HostDevice(), WeightsOnly.Gpt2(), seed: 7);
        using var other = WeightsOnly.Create(new HostDevice(), WeightsOnly.Gpt2(), seed: 8);

        Assert.Equal(model.ReadParameter("wpe.weight"), same.ReadParameter("wpe.weight"));
        Assert.NotEqual(model.ReadParameter("wpe.weight"), other.ReadParameter("wpe.weight"));
        Assert.NotEqual(model.ReadParameter("h.0.attn.c_proj.weight"), model.ReadParameter("h.1.attn.c_proj.weight"));
    }

    [Fact]
    public void Elements_do_not_depend_on_the_chunks_that_they_are_made_in()
    {
        // 500,000 elements take two chunks, and the shorter tensor of the same index begins with the same elements.
        using var model = WeightsOnly.Create(new HostDevice(), Large, seed: 3);
        using var shorter = WeightsOnly.Create(new HostDevice(), WeightsOnly.Gpt2(vocabulary: 1001, width: 25 * 11, layers: 1), seed: 3);

        var common = shorter.ReadParameter("wte.weight");

        Assert.Equal(common, model.ReadParameter("wte.weight")[..common.Length]);
    }

    [Fact]
    public void Bf16_weights_are_the_fp32_ones_rounded()
    {
        using var model = WeightsOnly.Create(new HostDevice(), WeightsOnly.Gpt2(), seed: 4);
        using var narrow = WeightsOnly.Create(new HostDevice(), WeightsOnly.Gpt2(format: NumberFormat.BF16), seed: 4);

        Assert.Equal(model.ReadParameter("wte.weight").Select(value => BFloat16.Widen(BFloat16.Narrow(value))), narrow.ReadParameter("wte.weight"));
    }

    [Theory]
    [InlineData(NumberFormat.FP32)]
    [InlineData(NumberFormat.BF16)]
    public void Written_parameter_is_read_back_and_leaves_its_neighbours(NumberFormat format)
    {
        using var model = WeightsOnly.Create(new HostDevice(), WeightsOnly.Gpt2(format: format));
        float[] values = [.. Enumerable.Range(0, 16).Select(i => i - 7.5f)];
        var before = model.ReadParameter("h.1.ln_1.weight");

        model.WriteParameter("transformer.h.1.ln_1.bias", values);

        Assert.Equal(values, model.ReadParameter("h.1.ln_1.bias"));
        Assert.Equal(before, model.ReadParameter("h.1.ln_1.weight"));
    }

    [Fact]
    public void Wrong_name_or_length_is_an_argument_error()
    {
        using var model = WeightsOnly.Create(new HostDevice(), WeightsOnly.Gpt2());

        Assert.Contains("wte.weight", Assert.Throws<ArgumentException>(() => model.ReadParameter("h.2.ln_1.bias")).Message, StringComparison.Ordinal);
        Assert.Contains("16 values, not 3", Assert.Throws<ArgumentException>(() => model.WriteParameter("ln_f.bias", new float[3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_a_model_under_training_cannot_be_written()
    {
        using var model = WeightsOnly.Create(new HostDevice(), WeightsOnly.Gpt2());
        model.Writer = new object();

        Assert.Contains("trainer", Assert.Throws<InvalidOperationException>(() => model.WriteParameter("ln_f.bias", new float[16])).Message, StringComparison.Ordinal);
    }
}

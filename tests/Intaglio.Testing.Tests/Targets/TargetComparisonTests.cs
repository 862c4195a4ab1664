using Xunit;
using Xunit.Abstractions;

namespace Intaglio.Testing.Tests;

/// <summary>Devices that compute the same pass, others fail and are named.</summary>
public sealed class TargetComparisonTests(ITestOutputHelper output)
{
    private static readonly string[] Quantities =
        ["losses", "gradients", "weights after the steps", "logits of a prompt", "logits through the cache", "greedy tokens"];

    [Fact]
    public void Cpus_of_any_number_of_threads_have_the_same_bits()
    {
        AssertSameBits(TargetComparison.Run<Gpt>(["cpu:1", "cpu:2", "cpu:3"]));
        AssertSameBits(TargetComparison.Run<DroppedGpt>(["cpu:1", "cpu:2", "cpu:3"]));
        AssertSameBits(TargetComparison.Run<Llama>(["cpu:1", "cpu:2", "cpu:3"]));
    }

    [Fact]
    public void Simulator_agrees_with_the_cpu()
    {
        var result = TargetComparison.Run<Smallest>(["cpu", "simulated"]).ThrowIfFailed();

        output.WriteLine($"{result}");
        Assert.Equal(Quantities.Where(quantity => quantity != "weights after the steps"), result.Differences.Select(difference => difference.Quantity));

        // Kernels add in another order than vectors: that anything was compared shows in a bit or two.
        Assert.Contains(result.Differences, difference => !difference.HasSameBits);
    }

    [SkippableFact]
    public void OpenCl_agrees_with_the_cpu_and_with_itself()
    {
        RequireOpenCl();
        var result = TargetComparison.Run<Smallest>(["cpu", "opencl:0", "opencl:0"]).ThrowIfFailed();

        output.WriteLine($"{result}");
        Assert.Equal(["cpu", "opencl:0 #1", "opencl:0 #2"], result.Devices);
        Assert.Equal(
            ["cpu", "opencl:0 #1"],
            result.Differences.Where(difference => difference.Quantity == "losses").Select(difference => difference.Against));
        Assert.All(result.Differences.Where(difference => difference.Device == "opencl:0 #2"), difference => Assert.True(difference.HasSameBits));
    }

    [Fact]
    public void Model_that_only_generates_is_compared_in_generation()
    {
        var result = TargetComparison.RunGeneration<LlamaServing>(["cpu:1", "cpu:2"]).ThrowIfFailed();

        Assert.Equal(["logits of a prompt", "logits through the cache", "greedy tokens"], result.Differences.Select(difference => difference.Quantity));
        Assert.All(result.Differences, difference => Assert.True(difference.HasSameBits));
    }

    [Fact]
    public void Model_that_generates_nothing_is_compared_in_its_results()
    {
        AssertSameBits(TargetComparison.Run<Bert>(["cpu:1", "cpu:2"]), [.. Quantities[..3], "results"]);
        AssertSameBits(TargetComparison.RunEncoder<Sentences>(["cpu:1", "cpu:2"]), ["results"]);
        using var cpu = Device.Cpu();
        using var faulty = new RoundingDevice("faulty", bits: 16);
        Assert.Equal(["results"], TargetComparison.RunEncoder<Answers>([cpu, faulty]).Differences.Where(difference => !difference.IsAllowed).Select(difference => difference.Quantity));
    }

    [Fact]
    public void Encoder_decoder_is_compared_as_it_writes_of_a_source() => AssertSameBits(TargetComparison.Run<Translator>(["cpu:1", "cpu:2"]), Quantities);

    [Fact]
    public void Device_that_computes_something_else_fails_in_everything()
    {
        // Eight bits are left of a weight, as many as BF16 has.
        using var cpu = Device.Cpu();
        using var faulty = new RoundingDevice("faulty", bits: 16);
        var result = TargetComparison.Run<Gpt>([cpu, faulty]);

        output.WriteLine($"{result}");
        Assert.Equal(
            ["losses", "gradients", "logits of a prompt", "logits through the cache"],
            result.Differences.Where(difference => !difference.IsAllowed && difference.Quantity != "greedy tokens").Select(difference => difference.Quantity));
        var losses = result.Differences[0];
        Assert.StartsWith(
            FormattableString.Invariant($"losses on faulty differ from those on cpu by {losses.Largest:0.0e+0} at {losses.Where}; 1.0e-5 is allowed.\n"),
            Assert.Throws<TargetComparisonException>(result.ThrowIfFailed).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_bit_fails_on_a_device_of_the_same_kind_and_is_rounding_on_another()
    {
        using var cpu = Device.Cpu();
        using var same = new RoundingDevice("cpu", bits: 1);
        using var other = new RoundingDevice("other", bits: 1);

        var result = TargetComparison.Run<Gpt>([cpu, same, other]);

        output.WriteLine($"{result}");
        Assert.False(result.Passed);
        Assert.All(result.Differences, difference => Assert.Equal(difference.Device == "other", difference.IsAllowed));
        Assert.Contains("they have to have the same bits", Assert.Throws<TargetComparisonException>(result.ThrowIfFailed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_may_differ_where_logits_are_as_good_as_equal_only()
    {
        Part[] expected = [new("token 1", [0, 1, 5], 2), new("token 2", [10, 3, 9.9999f], 0), new("token 3", [1, 0, 0], 0)];

        Assert.Equal((0, "no token"), Distances.OfTokens(expected, expected));
        Assert.Equal((1e-5, "token 2: 2, not 0"), Rounded(Distances.OfTokens([expected[0], expected[1] with { Token = 2 }, expected[2]], expected)));
        Assert.Equal((0.7, "token 2: 1, not 0"), Rounded(Distances.OfTokens([expected[0], expected[1] with { Token = 1 }, expected[2]], expected)));

        static (double, string) Rounded((double Largest, string Where) distance) => (Math.Round(distance.Largest, 7), distance.Where);
    }

    [Fact]
    public void What_is_no_number_is_infinitely_far()
    {
        Part[] expected = [new("a", [1, 2]), new("b", [3, 4])];
        Part[] broken = [new("a", [1, 2]), new("b", [3, float.NaN])];

        Assert.Equal((double.PositiveInfinity, "b"), Distances.Relative(broken, expected));
        Assert.Equal((double.PositiveInfinity, "b"), Distances.OfNorms(broken, expected));
        Assert.Equal((double.PositiveInfinity, "b"), Distances.Relative(expected, broken));
    }

    [Fact]
    public void One_device_is_no_comparison() => Assert.Throws<ArgumentException>(() => TargetComparison.Run<Smallest>(["cpu"]));

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TargetComparison.Run<Smallest>(["cpu", "cpu"], new() { Steps = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TargetComparison.Run<Smallest>(["cpu", "cpu"], new() { GeneratedTokens = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TargetComparison.Run<Smallest>(["cpu", "cpu"], new() { ContextLength = 99 }));
    }

    private void AssertSameBits(TargetComparisonResult result) => AssertSameBits(result, [.. Quantities, .. Quantities]);

    private void AssertSameBits(TargetComparisonResult result, string[] quantities)
    {
        result.ThrowIfFailed();
        output.WriteLine($"{result}");
        Assert.Equal(quantities, result.Differences.Select(difference => difference.Quantity));
        Assert.All(result.Differences, difference => Assert.True(difference.HasSameBits));
    }

    // In CI, where it is present, its absence fails the test.
    private static void RequireOpenCl() => Skip.If(
        Environment.GetEnvironmentVariable("CI") != "true" && !Device.List().Any(device => device is { Id: "opencl:0", IsUsable: true }), "There is no OpenCL device here.");
}

using Intaglio.Checkpoints;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.Fuzz;

/// <summary>Broken files load or are documented errors. The program of this assembly tries as many as one likes.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const ulong Seed = 1;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void Twenty_thousand_broken_files_do_no_harm()
    {
        var campaign = new Campaign(Seed, first: 0, count: 20_000, Limit, Input.Number);

        campaign.Run();

        output.WriteLine($"{campaign.Totals}");
        Assert.True(campaign.Failures.Count == 0, string.Join("\n\n", campaign.Failures.Select(failure => $"--seed {Seed} --first {failure.Number} --count 1: {failure.Fault}")));
        Assert.Equal(20_000, campaign.Totals.Inputs);

        // Mutations that nothing survives, or that change nothing, would test little.
        Assert.All(campaign.Totals.Formats.Values, format =>
        {
            Assert.InRange(format.Loaded, format.Inputs / 50, format.Inputs * 9 / 10);
            Assert.InRange(format.Files, 1, format.Inputs / 10);
        });
    }

    [Fact]
    public void Input_depends_on_its_number_and_the_seed_alone()
    {
        Assert.All(Enumerable.Range(0, 100), number => Assert.Equal(Input.Number(Seed, number).Content, Input.Number(Seed, number).Content));
        Assert.NotEqual(Contents(Seed), Contents(Seed + 1));

        static string Contents(ulong seed) => string.Join(' ', Enumerable.Range(0, 100).Select(number => Convert.ToHexString(Input.Number(seed, number).Content)));
    }

    [Fact]
    public void Input_that_never_ends_is_reported_in_time()
    {
        using var never = new ManualResetEventSlim();

        var failures = Run(_ =>
        {
            never.Wait();
            return "";
        }, TimeSpan.FromMilliseconds(200));

        never.Set();
        Assert.All(failures, failure => Assert.Contains("takes longer than 200 ms", failure.Fault, StringComparison.Ordinal));
        Assert.NotEmpty(failures);
    }

    [Fact]
    public void Undocumented_exception_is_reported() =>
        Assert.Contains(Run(_ => throw new IndexOutOfRangeException("beyond"), Limit), failure => failure.Fault.Contains("beyond", StringComparison.Ordinal));

    [Fact]
    public void Error_without_the_file_is_reported() =>
        Assert.Contains(Run(_ => throw new DataException("elsewhere", 1, "damaged"), Limit), failure => failure.Fault.Contains("does not begin with the file", StringComparison.Ordinal));

    [Fact]
    public void Error_with_control_characters_is_reported() =>
        Assert.Contains(Run(_ => throw new DataException(AllFormats.Path, 1, "\u001b[2J"), Limit), failure => failure.Fault.Contains("control characters", StringComparison.Ordinal));

    [Fact]
    public void Allocation_beyond_the_bound_is_reported() =>
        Assert.Contains(Run(content => new byte[(SafetensorsReader.AllocationPerHeaderByte * content.Length) + SafetensorsReader.AllocationBesides], Limit), failure => failure.Fault.Contains("are promised", StringComparison.Ordinal));

    [Fact]
    public void Tokens_put_together_are_the_text() =>
        Assert.All(AllFormats.Weighted.SelectMany(pair => pair.Format.Seeds), seed => Assert.Equal(seed, Tokens.Of(seed).SelectMany(token => token)));

    private static IReadOnlyList<Failure> Run(Func<byte[], object> parse, TimeSpan limit)
    {
        var format = new Format("broken", [[]], [[]], parse, static _ => { })
        {
            AllocationPerByte = SafetensorsReader.AllocationPerHeaderByte,
            AllocationBesides = SafetensorsReader.AllocationBesides,
        };
        var campaign = new Campaign(Seed, first: 0, count: 10, limit, (_, number) => new(format, new byte[number], IsFile: false));
        campaign.Run();
        return campaign.Failures;
    }
}

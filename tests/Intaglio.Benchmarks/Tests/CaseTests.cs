using Spectre.Console;
using Xunit;

namespace Intaglio.Benchmarks.Tests;

/// <summary>When a case counts as kept, and what a table says of it.</summary>
public sealed class CaseTests
{
    private static readonly Case Free = new("any/case", 7, "ms", 3);

    [Fact]
    public void Case_without_limit_is_kept() => Assert.True(Free.IsKept);

    [Theory]
    [InlineData(7.1, true)]
    [InlineData(7, false)]
    [InlineData(6.9, false)]
    public void Value_has_to_stay_below_the_limit(double limit, bool isKept) => Assert.Equal(isKept, (Free with { Limit = limit }).IsKept);

    [Theory]
    [InlineData("ms", 7.7, 1.1)]
    [InlineData("ms", 3.5, 0.5)]
    [InlineData("tokens/s", 3.5, 2)]
    public void Of_times_the_smaller_is_the_faster_of_rates_the_larger(string unit, double peer, double ratio)
    {
        var measured = Free with { Unit = unit, PeerValue = peer, Peak = peer };
        Assert.Equal(ratio, measured.Ratio!.Value, 1e-12);
        Assert.Equal(ratio, measured.FractionOfPeak!.Value, 1e-12);
    }

    [Fact]
    public void Ratio_and_share_have_to_reach_what_is_promised()
    {
        Assert.True((Free with { PeerValue = 7.7, LeastRatio = 1.05 }).IsKept);
        Assert.False((Free with { PeerValue = 7.7, LeastRatio = 1.15 }).IsKept);
        Assert.True((Free with { Peak = 5.6, LeastFraction = 0.75 }).IsKept);
        Assert.False((Free with { Peak = 5.6, LeastFraction = 0.85 }).IsKept);
        Assert.False((Free with { LeastRatio = 1 }).IsKept);
        Assert.False((Free with { LeastFraction = 0.1 }).IsKept);
    }

    [Fact]
    public void Case_with_a_fault_is_not_kept() => Assert.False((Free with { Limit = 100, Fault = "wrong" }).IsKept);

    [Fact]
    public void Number_that_is_none_keeps_no_limit() => Assert.False((Free with { PeerValue = double.NaN, LeastRatio = 1 }).IsKept);

    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5)]
    [InlineData(new[] { 5.0 }, 5.0)]
    public void Median_is_the_middle(double[] values, double expected) => Assert.Equal(expected, Clock.Median(values));

    [Fact]
    public void Preparations_take_turns_and_warm_ups_do_not_count()
    {
        var order = new List<string>();
        var medians = Clock.Medians(warmUps: 1, runs: 2, () => () => order.Add("a"), () => () => order.Add("b"));

        Assert.Equal(["a", "b", "a", "b", "a", "b"], order);
        Assert.Equal(2, medians.Length);
    }

    [Fact]
    public void Table_has_a_row_for_each_case_and_marks_what_missed()
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });

        // So that no cell is broken, whatever the terminal.
        console.Profile.Width = 200;
        var report = new TableReport(console);
        report.Add(Free with { Limit = 8 });
        report.Add(Free with { Name = "any/other", Peer = "one", PeerValue = 14, LeastRatio = 2.5 });
        report.Add(Free with { Name = "any/wrong", Fault = "is [wrong]" });
        report.Add(Free with { Name = "any/large", PlannedBytes = 39_639_040 });
        report.End();

        var lines = output.ToString().Split('\n');
        Assert.DoesNotContain("missed", Assert.Single(lines, line => line.Contains("any/case", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("missed", Assert.Single(lines, line => line.Contains("any/other", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("39639040 bytes planned", Assert.Single(lines, line => line.Contains("any/large", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("is [wrong]", Assert.Single(lines, line => line.Contains("any/wrong", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}

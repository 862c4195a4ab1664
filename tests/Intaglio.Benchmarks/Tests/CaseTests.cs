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

    [Fact]
    public void Where_there_is_a_ratio_the_limit_is_its_own()
    {
        Assert.True((Free with { Ratio = 1.1, Limit = 1.2 }).IsKept);
        Assert.True((Free with { Ratio = 6, Limit = 6.5 }).IsKept);
        Assert.False((Free with { Ratio = 1.3, Limit = 1.2 }).IsKept);
    }

    [Fact]
    public void Case_with_a_fault_is_not_kept() => Assert.False((Free with { Limit = 100, Fault = "wrong" }).IsKept);

    [Fact]
    public void Number_that_is_none_keeps_no_limit() => Assert.False((Free with { Ratio = double.NaN, Limit = 1 }).IsKept);

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
        var report = new TableReport(AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) }));
        report.Add(Free with { Limit = 8 });
        report.Add(Free with { Name = "any/other", Ratio = 2, Limit = 1.5 });
        report.Add(Free with { Name = "any/wrong", Fault = "is [wrong]" });
        report.End();

        var lines = output.ToString().Split('\n');
        Assert.DoesNotContain("missed", Assert.Single(lines, line => line.Contains("any/case", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("missed", Assert.Single(lines, line => line.Contains("any/other", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("is [wrong]", Assert.Single(lines, line => line.Contains("any/wrong", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}

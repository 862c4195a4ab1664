using Xunit;

namespace Intaglio.Benchmarks.Tests;

/// <summary>What is made of sizes, times and bytes.</summary>
public sealed class GrowthTests
{
    [Fact]
    public void Fit_finds_the_constants_of_times_that_have_them()
    {
        var fitted = SequenceTime.Fit([.. ((int[])[64, 128, 1024, 4096]).Select(length => (length, (0.03 * length) + (2e-5 * length * length)))]);

        Assert.Equal(0.03, fitted.A, 1e-12);
        Assert.Equal(2e-5, fitted.B, 1e-15);
        Assert.Equal(1500, fitted.EvenLength, 1e-6);
    }

    // Times a token of 10, 14 and 12 ms at 1, 2 and 3: the slope is ((-1)(10 - 12) + 0 + 1 · (12 - 12)) / 2 = 1, the mean 12 at 2.
    [Fact]
    public void Fit_lies_between_times_that_miss()
    {
        var fitted = SequenceTime.Fit([(1, 10), (2, 28), (3, 36)]);

        Assert.Equal(10, fitted.A, 1e-12);
        Assert.Equal(1, fitted.B, 1e-12);
    }

    [Theory]
    [InlineData(8, 1700, true)]
    [InlineData(8, 1701, false)]
    [InlineData(8, 3400, false)]
    public void Bytes_lie_on_a_line_or_not(long size, long bytes, bool expected) => Assert.Equal(expected, Line.Holds([(1, 300), (2, 500)], (size, bytes)));

    [Fact]
    public void Two_points_are_a_line() => Assert.True(Line.Holds([(1, 300)], (2, 7)));
}

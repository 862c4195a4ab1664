using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Positions;

public sealed class AlibiTests
{
    // Press et al., section 3: "1/2¹, 1/2², ..., 1/2⁸" for 8 heads, and their code's answer for 12: those of 8, then 2^-½, 2^-1½, 2^-2½, 2^-3½.
    [Fact]
    public void Slopes_are_the_published_ones()
    {
        Assert.Equal([1 / 2f, 1 / 4f, 1 / 8f, 1 / 16f, 1 / 32f, 1 / 64f, 1 / 128f, 1 / 256f], Alibi.Slopes(8));
        Assert.Equal(
            [1 / 2f, 1 / 4f, 1 / 8f, 1 / 16f, 1 / 32f, 1 / 64f, 1 / 128f, 1 / 256f, 0.70710678f, 0.35355339f, 0.176776695f, 0.0883883476f],
            Alibi.Slopes(12));
        Assert.Equal([1 / 256f], Alibi.Slopes(1));
        Assert.Equal([1 / 16f, 1 / 256f, 1 / 4f], Alibi.Slopes(3));

        // "we start at 2^-½": 16 heads.
        Assert.Equal([0.70710678f, 0.5f, 0.35355339f, 0.25f], Alibi.Slopes(16)[..4]);
    }

    [Fact]
    public void Causal_table_falls_with_the_distance_to_keys_before()
    {
        var table = Alibi.CausalTable(2, 4);

        Assert.Equal([-3 / 16f, -2 / 16f, -1 / 16f, 0, -3 / 256f, -2 / 256f, -1 / 256f, 0], table);
    }

    [Fact]
    public void Symmetric_table_falls_with_the_distance_to_either_side()
    {
        var table = Alibi.SymmetricTable(2, 3);

        Assert.Equal(
            [-2 / 16f, -1 / 16f, 0, -1 / 16f, -2 / 16f, -3 / 16f, -2 / 256f, -1 / 256f, 0, -1 / 256f, -2 / 256f, -3 / 256f],
            table);
    }

    [Fact]
    public void Sizes_that_are_not_positive_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Alibi.Slopes(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Alibi.CausalTable(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Alibi.SymmetricTable(-1, 4));
    }
}

using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Positions;

public sealed class RotaryAnglesTests
{
    // A handful of operations in double, each right to 1.1e-16, and a power whose exponent amplifies them by ln θ < 14.
    private const double Relative = 1e-14;

    /// <summary>
    /// Pairs and their inverse frequencies, computed in Python's doubles from the formulas of transformers' modeling_rope_utils.py, branch for branch as they
    /// stand there (the code under test folds llama3's and YaRN's branches into one ramp).
    /// </summary>
    public static TheoryData<RotaryAngles, int, (int Pair, double Frequency)[]> Published => new()
    {
        { new(8, 10_000), 64, [(0, 1), (1, 0.1), (2, 0.01), (3, 0.001)] },
        { new(8, 10_000, new RotaryScaling.Linear(4)), 64, [(0, 0.25), (1, 0.025), (2, 0.0025), (3, 0.00025)] },
        {
            // Llama 3.1 8B.
            new(128, 500_000, new RotaryScaling.Llama3(8, 1, 4, 8192)), 131_072,
            [
                (0, 1), (20, 0.016560440080994446), (28, 0.0032114459947525913), (29, 0.002166570763503359), (31, 0.0008567514129196321),
                (34, 0.00017850781276799638), (35, 9.556212353964683e-05), (63, 3.068925988914511e-07),
            ]
        },
        { new(8, 10_000, new RotaryScaling.Llama3(4, 1, 4, 64)), 256, [(0, 1), (1, 0.025464790894703257), (2, 0.0025), (3, 0.00025)] },
        { new(8, 10_000, new RotaryScaling.DynamicNtk(2, 2048)), 4096, [(0, 1), (1, 0.06933612743506347), (2, 0.004807498567691361), (3, 1 / 3000.0)] },
        { new(8, 10_000, new RotaryScaling.DynamicNtk(2, 2048)), 100, [(0, 1), (1, 0.1), (2, 0.01), (3, 0.001)] },
        { new(2, 10_000, new RotaryScaling.DynamicNtk(2, 16)), 64, [(0, 1)] },
        {
            new(128, 10_000, new RotaryScaling.Yarn(16, 4096)), 65_536,
            [
                (0, 1), (20, 0.056234132519034905), (21, 0.046940859997959404), (30, 0.00852684377296741), (45, 0.00015177160473182487),
                (46, 8.334508951020775e-05), (63, 7.217387404309114e-06),
            ]
        },
        {
            new(128, 10_000, new RotaryScaling.Yarn(16, 4096) { Truncate = false }), 65_536,
            [
                (0, 1), (20, 0.056234132519034905), (21, 0.04859150586269111), (30, 0.008634272965535735), (45, 9.78568746723549e-05),
                (46, 8.334508951020775e-05), (63, 7.217387404309114e-06),
            ]
        },
        { new(8, 10_000, new RotaryScaling.Yarn(4, 32)), 128, [(0, 1), (1, 0.025), (2, 0.0025), (3, 0.00025)] },
        {
            // Both ends of the ramp fall on pair 0.
            new(16, 10_000, new RotaryScaling.Yarn(4, 6)), 24, [(0, 1), (1, 0.07905694150420949), (7, 7.905694150420948e-05)]
        },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Inverse_frequencies_are_those_of_transformers(RotaryAngles angles, int positions, (int Pair, double Frequency)[] expected)
    {
        var frequencies = angles.InverseFrequencies(positions);

        Assert.Equal(angles.RotatedSize / 2, frequencies.Length);
        Assert.All(expected, pair => Assert.Equal(pair.Frequency, frequencies[pair.Pair], pair.Frequency * Relative));
    }

    [Fact]
    public void Attention_scale_is_that_of_the_paper_unless_it_is_set()
    {
        var yarn = new RotaryScaling.Yarn(4, 32);

        // 0.1 ln 4 + 1, and with mscale 0.707 and mscale_all_dim 1 the quotient of the two.
        Assert.Equal(1.138629436111989, yarn.AttentionScale, 1e-15);
        Assert.Equal(0.964326914892074, (yarn with { Mscale = 0.707, MscaleAllDimensions = 1 }).AttentionScale, 1e-15);
        Assert.Equal(yarn.AttentionScale, (yarn with { Mscale = 0.707 }).AttentionScale);
        Assert.Equal(1.5, (yarn with { AttentionFactor = 1.5, Mscale = 0.707, MscaleAllDimensions = 1 }).AttentionScale);
        Assert.Equal(1, new RotaryScaling.Yarn(1, 32).AttentionScale);
        Assert.Equal(1, new RotaryAngles(8, 10_000, new RotaryScaling.Linear(4)).AttentionScale);
        Assert.Equal(1, new RotaryAngles(8, 10_000).AttentionScale);
    }

    [Fact]
    public void Table_has_cosines_then_sines_of_the_scaled_angles()
    {
        var table = new RotaryAngles(4, 100, new RotaryScaling.Yarn(2, 1_000_000) { AttentionFactor = 3 }).Table(3);

        // At θ = 100 both pairs, of frequencies 1 and 0.1, turn more than 32 times in a million tokens, and keep them.
        float[] expected =
        [
            3, 3, 0, 0,
            (float)(3 * Math.Cos(1)), (float)(3 * Math.Cos(0.1)), (float)(3 * Math.Sin(1)), (float)(3 * Math.Sin(0.1)),
            (float)(3 * Math.Cos(2)), (float)(3 * Math.Cos(0.2)), (float)(3 * Math.Sin(2)), (float)(3 * Math.Sin(0.2)),
        ];

        // Rounded to float from doubles that differ in their last bits: one unit of values up to 3 at most.
        for (var at = 0; at < expected.Length; at++)
            Assert.Equal(expected[at], table[at], 2.4e-7f);
    }

    [Fact]
    public void Dynamic_table_is_made_for_its_own_length()
    {
        var angles = new RotaryAngles(8, 10_000, new RotaryScaling.DynamicNtk(2, 2048));

        Assert.Equal(new RotaryAngles(8, 10_000).Table(2048), angles.Table(2048));
        Assert.NotEqual(new RotaryAngles(8, 10_000).Table(4096), angles.Table(4096));
    }

    public static TheoryData<RotaryAngles, string> Impossible => new()
    {
        { new(5, 10_000), "RotatedSize" },
        { new(0, 10_000), "RotatedSize" },
        { new(8, 0), "Theta" },
        { new(8, double.NaN), "Theta" },
        { new(8, 10_000, new RotaryScaling.Linear(0.5)), "Factor" },
        { new(8, 10_000, new RotaryScaling.Linear(double.PositiveInfinity)), "Factor" },
        { new(8, 10_000, new RotaryScaling.DynamicNtk(2, 0)), "OriginalContextLength" },
        { new(8, 10_000, new RotaryScaling.DynamicNtk(0, 8)), "Factor" },
        { new(8, 10_000, new RotaryScaling.Yarn(double.NaN, 8)), "Factor" },
        { new(8, 10_000, new RotaryScaling.Yarn(2, -1)), "OriginalContextLength" },
        { new(8, 10_000, new RotaryScaling.Yarn(2, 8) { BetaSlow = 0 }), "BetaSlow" },
        { new(8, 10_000, new RotaryScaling.Yarn(2, 8) { BetaFast = 1 }), "BetaFast" },
        { new(8, 10_000, new RotaryScaling.Yarn(2, 8) { AttentionFactor = 0 }), "AttentionFactor" },
        { new(8, 10_000, new RotaryScaling.Yarn(2, 8) { Mscale = -1 }), "Mscale" },
        { new(8, 10_000, new RotaryScaling.Yarn(2, 8) { MscaleAllDimensions = -1 }), "MscaleAllDimensions" },
        { new(8, 10_000, new RotaryScaling.Llama3(0, 1, 4, 8)), "Factor" },
        { new(8, 10_000, new RotaryScaling.Llama3(2, 0, 4, 8)), "LowFrequencyFactor" },
        { new(8, 10_000, new RotaryScaling.Llama3(2, 4, 4, 8)), "HighFrequencyFactor" },
        { new(8, 10_000, new RotaryScaling.Llama3(2, 1, 4, 0)), "OriginalContextLength" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Values_out_of_range_are_named(RotaryAngles angles, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => angles.Table(4)).ParamName);
}

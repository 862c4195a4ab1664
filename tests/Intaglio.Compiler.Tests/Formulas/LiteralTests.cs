using System.Globalization;
using CsCheck;
using Xunit;

namespace Intaglio.Compiler.Tests.Formulas;

/// <summary>Numbers in emitted code parse back to themselves, whatever the machine's culture.</summary>
public sealed class LiteralTests
{
    [Fact]
    public void Floats_parse_back_to_the_same_bits() => Gen.Float.Where(float.IsFinite).Sample(value =>
        BitConverter.SingleToInt32Bits(float.Parse(Literal.Float(value).TrimEnd('f'), CultureInfo.InvariantCulture)) == BitConverter.SingleToInt32Bits(value));

    [Fact]
    public void Doubles_parse_back_to_the_same_bits() => Gen.Double.Where(double.IsFinite).Sample(value =>
        BitConverter.DoubleToInt64Bits(double.Parse(Literal.Double(value), CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(value));

    [Fact]
    public void Doubles_are_doubles_to_the_compiler() => Gen.Double.Where(double.IsFinite).Sample(value => Literal.Double(value).IndexOfAny(['.', 'e']) >= 0);

    [Fact]
    public void Integers_parse_back_to_the_same_value() => Gen.Long.Sample(value =>
        long.Parse(Literal.Integer(value).Replace("_", "", StringComparison.Ordinal).TrimEnd('L'), CultureInfo.InvariantCulture) == value
        && long.Parse(Literal.Plain(value), CultureInfo.InvariantCulture) == value);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1000, "1_000")]
    [InlineData(-1234567, "-1_234_567")]
    [InlineData(int.MaxValue, "2_147_483_647")]
    [InlineData(int.MaxValue + 1L, "2_147_483_648L")]
    [InlineData(int.MinValue - 1L, "-2_147_483_649L")]
    public void Integers_are_grouped_and_long_where_they_must_be(long value, string text) => Assert.Equal(text, Literal.Integer(value));

    [Theory]
    [InlineData(1, "1f", "1.0")]
    [InlineData(-0.5, "-0.5f", "-0.5")]
    [InlineData(1e-5, "1e-05f", "1e-05")]
    [InlineData(1e20, "1e+20f", "1e+20")]
    public void Numbers_print_as_a_person_would_write_them(double value, string asFloat, string asDouble)
    {
        Assert.Equal(asFloat, Literal.Float(value));
        Assert.Equal(asDouble, Literal.Double(value));
    }

    [Fact]
    public void A_hostile_culture_changes_nothing()
    {
        var culture = CultureInfo.CurrentCulture;
        var hostile = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        hostile.NumberFormat = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "'", NegativeSign = "−", NumberGroupSizes = [2], NumberDecimalDigits = 3 };
        try
        {
            CultureInfo.CurrentCulture = hostile;

            Assert.Equal("-1_234_567", Literal.Integer(-1234567));
            Assert.Equal("-1234567", Literal.Plain(-1234567));
            Assert.Equal("-0.25f", Literal.Float(-0.25));
            Assert.Equal("-1.5e-07", Literal.Double(-1.5e-7));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}

using CsCheck;
using Intaglio.Compiler.Tests.Gradients;
using Xunit;

namespace Intaglio.Compiler.Tests.Formulas;

/// <summary>Building, deriving and substituting expressions, against their values.</summary>
public sealed class ExpressionTests
{
    private const int Trees = 3000;

    [Fact]
    public void Derivative_agrees_with_finite_differences() => Gen.Select(RandomExpressions.Trees, RandomExpressions.Points, Gen.OneOf(Enum.GetValues<Operand>()))
        .Sample((expression, point, by) =>
        {
            double At(double step) => expression.Evaluate(Moved(point, by, step));

            // Differences across a kink or a jump say nothing.
            var sides = Sides(expression, point);
            if (new[] { -2e-3, -1e-3, 1e-3, 2e-3 }.Any(step => !Sides(expression, Moved(point, by, step)).SequenceEqual(sides)))
                return true;

            var (coarse, fine) = (FiniteDifferences.Smooth(At, 1e-3), FiniteDifferences.Smooth(At, 5e-4));
            var derivative = expression.Derivative(by).Evaluate(point);

            // Rounding of values up to their largest subexpression, over the step; and truncation, which halving the step shows.
            return Math.Abs(derivative - fine) <= (1e-11 * Magnitude(expression, point)) + Math.Abs(coarse - fine) + (1e-9 * Math.Abs(derivative));
        }, iter: Trees);

    [Theory]
    [MemberData(nameof(Functions))]
    public void Derivative_of_each_function_agrees_with_finite_differences(int function)
    {
        var expression = Expression.Apply((Function)function, Expression.X);
        foreach (var x in new[] { 0.3, 0.9, 1.7, 4.2 })
        {
            var difference = FiniteDifferences.Smooth(step => expression.Evaluate(_ => x + step));

            // Truncation and rounding of the differences.
            Assert.Equal(difference, expression.Derivative(Operand.X).Evaluate(_ => x), 1e-9);
        }
    }

    public static TheoryData<int> Functions => [.. Enum.GetValues<Function>().Select(function => (int)function)];

    [Fact]
    public void Derivative_at_the_kink_of_relu_is_zero() =>
        Assert.Equal(0, Expression.Max(Expression.X, 0).Derivative(Operand.X).Evaluate(_ => 0));

    [Theory]
    [InlineData(-2.5)]
    [InlineData(0)]
    [InlineData(0.75)]
    [InlineData(3)]
    public void Quotients_by_one_and_an_exponential_keep_their_value_and_stay_finite(double x)
    {
        var exp = Expression.Apply(Function.Exp, Expression.X);
        foreach (var denominator in new[] { 1 + exp, exp + 1 })
        {
            Assert.Equal(2.5 / (1 + Math.Exp(x)), (2.5 / denominator).Evaluate(_ => x), 1e-15);
            Assert.Equal(Math.Exp(x) / (1 + Math.Exp(x)), (exp / denominator).Evaluate(_ => x), 1e-15);

            // e¹⁰⁰⁰ is infinite.
            Assert.Equal(0, (2.5 / denominator).Evaluate(_ => 1000));
            Assert.Equal(1, (exp / denominator).Evaluate(_ => 1000));
        }
    }

    [Fact]
    public void Simplification_keeps_the_value() => Gen.Select(RandomExpressions.Trees, RandomExpressions.Points).Sample((expression, point) =>
    {
        // Rounding may decide a tie otherwise once factors are reordered.
        var magnitude = Magnitude(expression, point);
        if (Kinks(expression).Any(kink => Math.Abs(kink.Evaluate(point)) < 1e-12 * magnitude))
            return true;

        var simplified = expression.Substitute(operand => new Leaf(operand));

        // Rounding grows with subexpressions; a power of depth 4 multiplies relative errors by at most 81.
        return Math.Abs(simplified.Evaluate(point) - expression.Evaluate(point)) <= 1e-12 * magnitude;
    }, iter: Trees);

    [Fact]
    public void Substitution_puts_values_in_place_of_operands() =>
        Gen.Select(RandomExpressions.Trees, RandomExpressions.Trees, RandomExpressions.Points).Sample((expression, replacement, point) =>
        {
            var substituted = new Product(new Constant(1), expression).Substitute(operand => operand == Operand.Full ? replacement : new Leaf(operand));
            var replaced = replacement.Evaluate(point);
            Func<Operand, double> inner = operand => operand == Operand.Full ? replaced : point(operand);
            var magnitude = Magnitude(expression, inner) * Magnitude(replacement, point);
            if (Kinks(expression).Any(kink => Math.Abs(kink.Evaluate(inner)) < 1e-12 * magnitude) || Kinks(replacement).Any(kink => Math.Abs(kink.Evaluate(point)) < 1e-12 * magnitude))
                return true;

            return Math.Abs(substituted.Evaluate(point) - expression.Evaluate(inner)) <= 1e-11 * magnitude;
        }, iter: Trees);

    [Fact]
    public void What_is_not_read_does_not_matter() => Gen.Select(RandomExpressions.Trees, RandomExpressions.Points, Gen.OneOf(Enum.GetValues<Operand>()))
        .Sample((expression, point, operand) => expression.Reads(operand) || expression.Evaluate(point).Equals(expression.Evaluate(Moved(point, operand, 1))), iter: Trees);

    [Fact]
    public void Equal_trees_are_equal_values()
    {
        static Expression Build() => Expression.Apply(Function.Tanh, (2 * Expression.X) + Expression.Power(Expression.Row, 3));

        Assert.Equal(Build(), Build());
        Assert.Equal(Build().GetHashCode(), Build().GetHashCode());
        Assert.NotEqual(Build(), Build() + Expression.Full);
    }

    [Fact]
    public void Neutral_and_absorbing_elements_disappear()
    {
        var x = Expression.X;

        Assert.Equal(x, x + 0);
        Assert.Equal(x, 0 + x);
        Assert.Equal(x, x - 0);
        Assert.Equal(-x, 0 - x);
        Assert.Equal(x, -(-x));
        Assert.Equal(x, 1 * x);
        Assert.Equal(x, x * 1);
        Assert.Equal(0, x * 0);
        Assert.Equal(0, 0 * x);
        Assert.Equal(0, 0 / x);
        Assert.Equal(x, x / 1);
        Assert.Equal(x, Expression.Power(x, 1));
        Assert.Equal(1, Expression.Power(x, 0));
        Assert.Equal(6 * x, 2 * (x * 3));
        Assert.Equal(6 * (x * Expression.Row), (2 * x) * (3 * Expression.Row));
        Assert.Equal(0, (Expression.Row * 3).Derivative(Operand.X));
    }

    [Theory]
    [MemberData(nameof(PublishedErf))]
    public void Erf_of_the_interpreter_is_the_published_one(double x, double erf)
    {
        Assert.Equal(erf, SpecialFunctions.Erf(x), 1e-15);
        Assert.Equal(-erf, SpecialFunctions.Erf(-x), 1e-15);
    }

    // Abramowitz and Stegun, table 7.1, and NIST's Digital Library of Mathematical Functions, to all digits of a double.
    public static TheoryData<double, double> PublishedErf => new()
    {
        { 0, 0 },
        { 0.1, 0.1124629160182848922 },
        { 0.5, 0.5204998778130465377 },
        { 1, 0.8427007929497148693 },
        { 1.5, 0.9661051464753107271 },
        { 2, 0.9953222650189527342 },
        { 3, 0.9999779095030014146 },
        { 4, 0.9999999845827420998 },
        { 7, 1 },
    };

    private static Func<Operand, double> Moved(Func<Operand, double> point, Operand by, double step) => operand => point(operand) + (operand == by ? step : 0);

    // The differences whose signs decide which branch a kink or jump takes.
    private static IEnumerable<Expression> Kinks(Expression expression) => expression switch
    {
        Selection(_, var left, var right, _, _) => [new Difference(left, right), .. expression.Children().SelectMany(Kinks)],
        Maximum or Minimum => [new Difference(((Binary)expression).Left, ((Binary)expression).Right), .. expression.Children().SelectMany(Kinks)],
        Application(Function.Abs, var x) => [x, .. Kinks(x)],
        _ => expression.Children().SelectMany(Kinks),
    };

    private static IEnumerable<int> Sides(Expression expression, Func<Operand, double> point) => Kinks(expression).Select(kink => Math.Sign(kink.Evaluate(point)));

    private static double Magnitude(Expression expression, Func<Operand, double> point) =>
        Math.Max(1, Math.Max(Math.Abs(expression.Evaluate(point)), expression.Children().Select(child => Magnitude(child, point)).DefaultIfEmpty(1).Max()));
}

using CsCheck;
using Intaglio.Compiler.Tests.Gradients;
using Xunit;

namespace Intaglio.Compiler.Tests.Formulas;

/// <summary>Fusions in sequence, swapped and derived, against their values.</summary>
public sealed class FusionTests
{
    private static readonly Fusion Scale = new(2 * Expression.X, null, 0, 0, "Scale", "2 · {x}");
    private static readonly Fusion Gate = new(Expression.X * Expression.Full, null, 0, 0, "Gate", "{x} · {full}");
    private static readonly Fusion Silu = Fusion.Activate(Activations.Of(Activation.Silu));

    private static readonly Fusion[] All =
    [
        Fusion.Identity, Fusion.AddBias, Fusion.Add, Fusion.Add.Swapped(), Fusion.Dropout(0.5f, 2), Scale, Gate, Gate.Swapped(), Silu,
        Fusion.Activate(Activations.Of(Activation.GeluTanh)), Silu.Gradient(Operand.X, out _), Fusion.Dropout(0.25f, 3).Gradient(Operand.X, out _),
        Scale.Then(Fusion.Dropout(0.5f, 1), savesBetween: false)!,
    ];

    // Exact but for the order of products.
    private const double Tolerance = 1e-13;

    [Fact]
    public void Then_is_one_function_of_the_other()
    {
        var composed = 0;
        foreach (var (first, second, savesBetween) in from a in All from b in All from saves in new[] { false, true } select (a, b, saves))
        {
            if (first.Then(second, savesBetween) is not { } both)
                continue;

            composed++;
            var (x, row, full, keep) = (0.7, -0.4, 1.3, 2.0);
            double At(Expression expression, double input) => expression.Evaluate(operand => operand switch { Operand.X => input, Operand.Row => row, Operand.Full => full, _ => keep });
            var between = At(first.Result, x);

            Assert.Equal(At(second.Result, between), At(both.Result, x), Tolerance);
            Assert.Equal(savesBetween, both.Saved is not null);
            if (savesBetween)
                Assert.Equal(between, At(both.Saved!, x), Tolerance);

            var dropping = new[] { first, second }.FirstOrDefault(fusion => fusion.DropoutRate > 0);
            Assert.Equal(dropping?.DropoutRate ?? 0, both.DropoutRate);
            Assert.Equal(dropping?.Site ?? 0, both.Site);
        }

        Assert.True(composed > 100, $"{composed} pairs");
    }

    [Fact]
    public void Two_row_operands_do_not_fit() => Assert.Null(Fusion.AddBias.Then(Fusion.AddBias, false));

    [Fact]
    public void Two_full_operands_do_not_fit()
    {
        Assert.Null(Fusion.Add.Then(Fusion.Add, false));
        Assert.Null(Fusion.Add.Then(Silu.Gradient(Operand.X, out _), false));
    }

    [Fact]
    public void Two_dropouts_do_not_fit() => Assert.Null(Fusion.Dropout(0.1f, 1).Then(Fusion.Dropout(0.1f, 2), false));

    [Fact]
    public void A_second_saved_value_does_not_fit()
    {
        var saving = Fusion.AddBias.Then(Silu, savesBetween: true)!;

        Assert.Null(saving.Then(Scale, savesBetween: true));
        Assert.Null(Scale.Then(saving, savesBetween: false));
        Assert.Equal(saving.Saved, saving.Then(Scale, savesBetween: false)!.Saved);
    }

    [Fact]
    public void An_operand_that_only_the_saved_value_reads_is_occupied()
    {
        var saving = Fusion.Add.Then(new Fusion(0, null, 0, 0, "Clear", "0"), savesBetween: true)!;

        Assert.True(saving.HasFull);
        Assert.Null(saving.Then(Fusion.Add, false));
    }

    [Fact]
    public void Bias_activation_dropout_and_residual_fit_into_one()
    {
        var all = Fusion.Identity.Then(Fusion.AddBias, false)?.Then(Silu, true)?.Then(Fusion.Dropout(0.5f, 4), false)?.Then(Fusion.Add, false);

        Assert.NotNull(all);
        Assert.True(all.HasRow && all.HasFull);
        Assert.Equal((0.5f, 4), (all.DropoutRate, all.Site));
        Assert.Equal("AddBiasSavingSiluDropoutAddResidual", all.Name);
    }

    [Fact]
    public void Swapped_twice_is_the_same_function() => Assert.All(All, fusion => Assert.Equal(fusion.Result, fusion.Swapped().Swapped().Result));

    [Fact]
    public void Swapped_exchanges_the_operands() => Gen.Double[-2, 2].Array[2].Sample(values =>
    {
        var silu = Silu.Gradient(Operand.X, out _);
        return silu.Result.Evaluate(operand => operand == Operand.X ? values[0] : values[1]) == silu.Swapped().Result.Evaluate(operand => operand == Operand.X ? values[1] : values[0]);
    }, iter: 100);

    [Fact]
    public void Gradient_is_the_output_gradient_times_the_derivative()
    {
        var derived = 0;
        foreach (var (fusion, by) in from a in All from operand in new[] { Operand.X, Operand.Row, Operand.Full } where a.Result.Mentions(operand) select (a, operand))
        {
            var read = new[] { Operand.X, Operand.Row, Operand.Full }.Count(fusion.Result.Derivative(by).Mentions);
            if (read > 1)
            {
                Assert.Throws<InvalidOperationException>(() => fusion.Gradient(by, out _));
                continue;
            }

            derived++;
            double Point(Operand operand) => operand switch { Operand.X => 0.7, Operand.Row => -0.4, Operand.Full => 1.3, _ => 2 };
            var gradient = fusion.Gradient(by, out var reads);
            var actual = gradient.Result.Evaluate(operand => operand switch { Operand.X => 0.6, Operand.Keep => 2, _ => Point(reads!.Value) });

            // Truncation and rounding of the differences.
            Assert.Equal(0.6 * FiniteDifferences.Smooth(step => fusion.Result.Evaluate(operand => Point(operand) + (operand == by ? step : 0))), actual, 1e-10);
            Assert.Equal(gradient.Result.Mentions(Operand.Keep) ? (fusion.DropoutRate, fusion.Site) : (0, 0), (gradient.DropoutRate, gradient.Site));
        }

        Assert.True(derived > 10, $"{derived} gradients");
    }

    [Fact]
    public void Gradient_of_a_sum_is_the_output_gradient_itself()
    {
        Assert.True(Fusion.Add.Gradient(Operand.X, out _).IsIdentity);
        Assert.True(Fusion.Add.Gradient(Operand.Full, out _).IsIdentity);
        Assert.True(Fusion.AddBias.Gradient(Operand.Row, out _).IsIdentity);
    }
}

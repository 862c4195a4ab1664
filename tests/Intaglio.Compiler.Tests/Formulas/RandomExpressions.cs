using CsCheck;

namespace Intaglio.Compiler.Tests.Formulas;

/// <summary>Expression trees as no builder would simplify them, and points to evaluate them at.</summary>
internal static class RandomExpressions
{
    private static readonly Gen<Expression> Leaves = Gen.OneOf(
        Gen.OneOf(Operand.X, Operand.Row, Operand.Full, Operand.Keep).Select(operand => (Expression)new Leaf(operand)),
        Gen.OneOf(-2.0, -1, -0.5, 0, 0.5, 1, 2, 3).Select(value => (Expression)new Constant(value)));

    /// <summary>Trees of a few levels whose functions and divisors stay within their domains.</summary>
    public static Gen<Expression> Trees { get; } = OfDepth(4);

    /// <summary>A value for each operand.</summary>
    public static Gen<Func<Operand, double>> Points { get; } =
        Gen.Double[-1.5, 1.5].Array[4].Select(values => (Func<Operand, double>)(operand => values[(int)operand]));

    private static Gen<Expression> OfDepth(int depth)
    {
        if (depth == 0)
            return Leaves;

        var inner = OfDepth(depth - 1);
        var pairs = Gen.Select(inner, inner);
        return Gen.OneOf(
            Leaves,
            pairs.Select((a, b) => (Expression)new Sum(a, b)),
            pairs.Select((a, b) => (Expression)new Difference(a, b)),
            pairs.Select((a, b) => (Expression)new Product(a, b)),
            pairs.Select((a, b) => (Expression)new Quotient(a, AtLeast(1, b))),
            Gen.Select(inner, Gen.OneOf(-2.0, 0.5, 3)).Select((a, b) => (Expression)new Quotient(a, new Constant(b))),
            pairs.Select((a, b) => (Expression)new Maximum(a, b)),
            pairs.Select((a, b) => (Expression)new Minimum(a, b)),
            Gen.Select(Gen.OneOf(Relation.Greater, Relation.AtLeast), inner, inner, inner, inner).Select((relation, a, b, then, otherwise) => (Expression)new Selection(relation, a, b, then, otherwise)),
            inner.Select(a => (Expression)new Negation(a)),
            Gen.Select(inner, Gen.Int[2, 3]).Select((a, n) => (Expression)new Power(a, n)),
            Gen.Select(inner, Gen.OneOf(Function.Tanh, Function.Erf, Function.Sigmoid, Function.Softplus, Function.Abs, Function.Sin, Function.Cos, Function.Atan)).Select((a, f) => (Expression)new Application(f, a)),
            inner.Select(a => (Expression)new Application(Function.Exp, new Application(Function.Tanh, a))),
            Gen.Select(inner, Gen.OneOf(Function.Log, Function.Sqrt)).Select((a, f) => (Expression)new Application(f, AtLeast(0.5, a))));
    }

    private static Expression AtLeast(double least, Expression x) => new Sum(new Power(x, 2), new Constant(least));
}

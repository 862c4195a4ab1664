namespace Intaglio.Compiler.Tests;

/// <summary>What expressions mean in numbers.</summary>
internal static class Expressions
{
    /// <summary>The value for one element.</summary>
    public static double Evaluate(this Expression expression, Func<Operand, double> operands) => expression switch
    {
        Constant constant => constant.Value,
        Leaf leaf => operands(leaf.Operand),
        Sum sum => sum.Left.Evaluate(operands) + sum.Right.Evaluate(operands),
        Difference difference => difference.Left.Evaluate(operands) - difference.Right.Evaluate(operands),
        Product product => product.Left.Evaluate(operands) * product.Right.Evaluate(operands),
        Quotient quotient => quotient.Left.Evaluate(operands) / quotient.Right.Evaluate(operands),
        Maximum maximum => Math.Max(maximum.Left.Evaluate(operands), maximum.Right.Evaluate(operands)),
        Minimum minimum => Math.Min(minimum.Left.Evaluate(operands), minimum.Right.Evaluate(operands)),
        Selection selection => Holds(selection, operands) ? selection.Then.Evaluate(operands) : selection.Otherwise.Evaluate(operands),
        Negation negation => -negation.Inner.Evaluate(operands),
        Power power => Math.Pow(power.Base.Evaluate(operands), power.Exponent),
        Application application => Apply(application.Function, application.Argument.Evaluate(operands)),
        _ => throw new NotSupportedException($"{expression}"),
    };

    /// <summary>Whether an expression reads an operand.</summary>
    public static bool Mentions(this Expression? expression, Operand operand) => expression switch
    {
        null => false,
        Leaf leaf => leaf.Operand == operand,
        Binary binary => binary.Left.Mentions(operand) || binary.Right.Mentions(operand),
        Negation negation => negation.Inner.Mentions(operand),
        Power power => power.Base.Mentions(operand),
        Selection selection => selection.Left.Mentions(operand) || selection.Right.Mentions(operand) || selection.Then.Mentions(operand) || selection.Otherwise.Mentions(operand),
        Application application => application.Argument.Mentions(operand),
        _ => false,
    };

    private static bool Holds(Selection selection, Func<Operand, double> operands)
    {
        var (left, right) = (selection.Left.Evaluate(operands), selection.Right.Evaluate(operands));
        return selection.Relation switch
        {
            Relation.Greater => left > right,
            Relation.AtLeast => left >= right,
            Relation.Equal => left == right,
            _ => throw new NotSupportedException($"{selection.Relation}"),
        };
    }

    private static double Apply(Function function, double x) => function switch
    {
        Function.Exp => Math.Exp(x),
        Function.Log => Math.Log(x),
        Function.Tanh => Math.Tanh(x),
        Function.Erf => SpecialFunctions.Erf(x),
        Function.Sqrt => Math.Sqrt(x),
        Function.Abs => Math.Abs(x),
        Function.Sin => Math.Sin(x),
        Function.Cos => Math.Cos(x),
        Function.Atan => Math.Atan(x),
        Function.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Function.Softplus => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))),
        _ => throw new NotSupportedException($"{function}"),
    };
}

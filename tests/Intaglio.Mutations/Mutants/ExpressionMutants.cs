namespace Intaglio.Mutations;

/// <summary>In each derivative, from which every fusion's backward pass follows, and in a few simplifications.</summary>
internal static class ExpressionMutants
{
    private const string Expression = "generators/Intaglio.Compiler/Graph/Expression.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        // Derivatives of what expressions are made of.
        InFormulas("leaf.Operand == by ? 1 : 0", "leaf.Operand != by ? 1 : 0"),
        InFormulas("Sum(var a, var b) => a.Derivative(by) + b.Derivative(by)", "Sum(var a, var b) => a.Derivative(by) - b.Derivative(by)"),
        InFormulas("Difference(var a, var b) => a.Derivative(by) - b.Derivative(by)", "Difference(var a, var b) => a.Derivative(by) + b.Derivative(by)"),
        InFormulas("Negation(var a) => -a.Derivative(by)", "Negation(var a) => a.Derivative(by)"),
        InFormulas("(a.Derivative(by) * b) + (a * b.Derivative(by))", "(a.Derivative(by) * b) - (a * b.Derivative(by))"),
        InFormulas("(a.Derivative(by) / b) - (a * b.Derivative(by) / Power(b, 2))", "(a.Derivative(by) / b) + (a * b.Derivative(by) / Power(b, 2))"),
        InFormulas("n * Power(a, n - 1)", "(n - 1) * Power(a, n - 1)"),
        InFormulas("Maximum(var a, var b) => WhereGreater(a, b,", "Maximum(var a, var b) => WhereGreater(b, a,"),
        InFormulas("Minimum(var a, var b) => WhereGreater(b, a,", "Minimum(var a, var b) => WhereGreater(a, b,"),
        InFormulas("Select(relation, a, b, then.Derivative(by), otherwise.Derivative(by))", "Select(relation, a, b, otherwise.Derivative(by), then.Derivative(by))"),
        InFormulas("Application(var f, var a) => Derivative(f, a) * a.Derivative(by)", "Application(var f, var a) => Derivative(f, a) + a.Derivative(by)"),

        // Derivatives of functions.
        InFormulas("Function.Exp => Apply(Function.Exp, x)", "Function.Exp => x * Apply(Function.Exp, x)"),
        InFormulas("Function.Log => 1 / x", "Function.Log => -1 / x"),
        InFormulas("Function.Tanh => 1 - Power", "Function.Tanh => 1 + Power"),
        InFormulas("2 / Math.Sqrt(Math.PI)", "1 / Math.Sqrt(Math.PI)"),
        InFormulas("0.5 / Apply(Function.Sqrt, x)", "2 / Apply(Function.Sqrt, x)"),
        InFormulas("Function.Abs => WhereGreater(x, 0, 1, -1)", "Function.Abs => WhereGreater(x, 0, -1, 1)"),
        InFormulas("Function.Sin => Apply(Function.Cos, x)", "Function.Sin => -Apply(Function.Cos, x)"),
        InFormulas("Function.Cos => -Apply(Function.Sin, x)", "Function.Cos => Apply(Function.Sin, x)"),
        InFormulas("1 / (1 + Power(x, 2))", "1 / (1 - Power(x, 2))"),
        InFormulas("Function.Softplus => Apply(Function.Sigmoid, x)", "Function.Softplus => Apply(Function.Sigmoid, -x)"),
        InFormulas("(1 - Apply(Function.Sigmoid, x))", "(1 + Apply(Function.Sigmoid, x))"),

        // Simplifications.
        InFormulas("(Negation a, _) => right - a.Inner,", "(Negation a, _) => right + a.Inner,"),
        InFormulas("(_, Negation b) => left + b.Inner,", "(_, Negation b) => left - b.Inner,"),
        InFormulas("(_, Constant b) => (1 / b.Value) * left", "(_, Constant b) => b.Value * left"),
        InFormulas("left * Apply(Function.Sigmoid, -x)", "left * Apply(Function.Sigmoid, x)"),
    ];

    private static Mutant InFormulas(string original, string mutated) => new(Expression, original, mutated, TestRun.Formulas);
}

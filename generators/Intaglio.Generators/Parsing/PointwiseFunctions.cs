using Intaglio.Compiler;
using Microsoft.CodeAnalysis;
using static Intaglio.Compiler.Expression;

namespace Intaglio.Generators.Parsing;

/// <summary>The functions that [Pointwise] methods may call without their source: those of Math, MathF, float and double, and Intaglio's own.</summary>
internal static class PointwiseFunctions
{
    /// <summary>Those of Math and MathF, by name and number of arguments.</summary>
    private static readonly Dictionary<(string Name, int Arguments), Func<Expression[], Expression>> Table = new()
    {
        [("Abs", 1)] = x => Apply(Function.Abs, x[0]),
        [("Atan", 1)] = x => Apply(Function.Atan, x[0]),
        [("Clamp", 3)] = x => Min(Max(x[0], x[1]), x[2]),
        [("Cos", 1)] = x => Apply(Function.Cos, x[0]),
        [("Cosh", 1)] = x => 0.5 * (Apply(Function.Exp, x[0]) + Apply(Function.Exp, -x[0])),
        [("Exp", 1)] = x => Apply(Function.Exp, x[0]),
        [("FusedMultiplyAdd", 3)] = x => (x[0] * x[1]) + x[2],
        [("Log", 1)] = x => Apply(Function.Log, x[0]),
        [("Log", 2)] = x => Apply(Function.Log, x[0]) / Apply(Function.Log, x[1]),
        [("Log10", 1)] = x => Apply(Function.Log, x[0]) / Math.Log(10),
        [("Log2", 1)] = x => Apply(Function.Log, x[0]) / Math.Log(2),
        [("Max", 2)] = x => Max(x[0], x[1]),
        [("Min", 2)] = x => Min(x[0], x[1]),
        [("Pow", 2)] = x => Power(x[0], x[1]),
        [("Sin", 1)] = x => Apply(Function.Sin, x[0]),
        [("Sinh", 1)] = x => 0.5 * (Apply(Function.Exp, x[0]) - Apply(Function.Exp, -x[0])),
        [("Sqrt", 1)] = x => Apply(Function.Sqrt, x[0]),
        [("Tan", 1)] = x => Apply(Function.Sin, x[0]) / Apply(Function.Cos, x[0]),
        [("Tanh", 1)] = x => Apply(Function.Tanh, x[0]),
    };

    private static readonly HashSet<string> Steps = ["Ceiling", "CopySign", "Floor", "IEEERemainder", "Round", "Sign", "Truncate"];

    private static readonly HashSet<string> MathTypes = ["Math", "MathF", "Single", "Double"];

    /// <summary>The names of all functions of Math and MathF that can be called.</summary>
    public static string Names { get; } = string.Join(", ", Table.Keys.Select(key => key.Name).Distinct());

    /// <summary>Whether a method is one of Math, MathF, float or double.</summary>
    public static bool IsOfMath(IMethodSymbol method) => method.ContainingType is { ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } type && MathTypes.Contains(type.Name);

    /// <summary>Whether a method of these jumps, so that its derivative is 0 or nothing.</summary>
    public static bool IsStep(IMethodSymbol method) => IsOfMath(method) && Steps.Contains(method.Name);

    /// <summary>The value of a call, or null where the method is none of these.</summary>
    public static Expression? Call(IMethodSymbol method, Expression[] arguments)
    {
        if (IsOfMath(method))
            return Table.TryGetValue((method.Name, arguments.Length), out var function) ? function(arguments) : null;

        return IsOfIntaglio(method) && arguments.Length == 1 ? Known(method.Name)?.Substitute(_ => arguments[0]) : null;
    }

    private static bool IsOfIntaglio(IMethodSymbol method) =>
        method.ContainingType is { Name: "Activations", ContainingNamespace: { Name: "Intaglio", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>What a method of Intaglio.Activations computes.</summary>
    private static Expression? Known(string name) => name switch
    {
        "Erf" => Apply(Function.Erf, X),
        "Sigmoid" => Apply(Function.Sigmoid, X),
        "Softplus" => Apply(Function.Softplus, X),
        _ => Enum.TryParse<Activation>(name, out var activation) ? Activations.Of(activation).Formula : null,
    };
}

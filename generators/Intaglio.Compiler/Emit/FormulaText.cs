namespace Intaglio.Compiler;

/// <summary>An expression as a textbook would have it, for comments.</summary>
internal static class FormulaText
{
    public static string Of(Expression expression) => Print(expression, 0);

    // Strength: 0 for a sum or less, 1 for a factor, 2 for an operand of unary minus, a power or the right of a quotient.
    private static string Print(Expression expression, int strength) => expression switch
    {
        Constant(var value) => Grouped(Literal.Float(value).TrimEnd('f'), value < 0 && strength > 0),
        Leaf(var operand) => Names.Camel(operand.ToString()),
        Sum(var a, var b) => Grouped($"{Print(a, 0)} + {Print(b, 0)}", strength > 0),
        Difference(var a, var b) => Grouped($"{Print(a, 0)} - {Print(b, 1)}", strength > 0),
        Product(var a, var b) => Grouped($"{Print(a, 1)} · {Print(b, 1)}", strength > 1),
        Quotient(var a, var b) => Grouped($"{Print(a, 1)} / {Print(b, 2)}", strength > 1),
        Negation(var a) => Grouped($"-{Print(a, 2)}", strength > 0),
        Power(var a, var exponent) => $"{Print(a, 2)}^{Literal.Float(exponent).TrimEnd('f')}",
        Maximum(var a, var b) => $"max({Print(a, 0)}, {Print(b, 0)})",
        Minimum(var a, var b) => $"min({Print(a, 0)}, {Print(b, 0)})",
        Selection(var relation, var a, var b, var then, var otherwise) => $"({Print(a, 0)} {Sign(relation)} {Print(b, 0)} ? {Print(then, 0)} : {Print(otherwise, 0)})",
        Application(var function, var a) => $"{Names.Camel(function.ToString())}({Print(a, 0)})",
        _ => throw new InvalidOperationException($"{expression} cannot be printed."),
    };

    private static string Sign(Relation relation) => relation switch
    {
        Relation.Greater => ">",
        Relation.AtLeast => "≥",
        _ => "=",
    };

    private static string Grouped(string text, bool inParentheses) => inParentheses ? $"({text})" : text;
}

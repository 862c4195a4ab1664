namespace Intaglio.Compiler;

/// <summary>Prints an expression as C# over lanes, each repeated part once as a local with a name.</summary>
internal sealed class ExpressionPrinter
{
    private readonly Dictionary<Expression, string> _locals = [];
    private readonly Dictionary<Expression, int> _occurrences = [];
    private readonly Func<Operand, string> _operandName;
    private readonly SourceWriter _writer;

    private ExpressionPrinter(SourceWriter writer, Func<Operand, string> operandName) => (_writer, _operandName) = (writer, operandName);

    /// <summary>Prints the body of a fusion: the saved value, the locals, and the result.</summary>
    public static void WriteBody(SourceWriter writer, Fusion fusion, Func<Operand, string> operandName)
    {
        var printer = new ExpressionPrinter(writer, operandName);
        printer.Count(fusion.Result);
        if (fusion.Saved is { } saved)
        {
            printer.Count(saved);
            printer.DeclareLocals(saved, except: saved);
            writer.Line($"saved = {printer.Print(saved, 0)};");
            printer._locals[saved] = "saved";
        }
        else
        {
            writer.Line("saved = x;");
        }

        printer.DeclareLocals(fusion.Result, except: null);
        writer.Line($"return {printer.Print(fusion.Result, 0)};");
    }

    private void Count(Expression expression)
    {
        if (expression is Leaf or Constant)
            return;

        _occurrences[expression] = _occurrences.TryGetValue(expression, out var count) ? count + 1 : 1;
        if (count > 0)
            return;

        // A power writes its base several times.
        for (var times = 0; times < (expression is Power power ? power.Exponent : 1); times++)
        {
            foreach (var child in expression.Children())
                Count(child);
        }
    }

    private void DeclareLocals(Expression expression, Expression? except)
    {
        foreach (var child in expression.Children())
            DeclareLocals(child, except);

        if (expression is Leaf or Constant || expression == except || _occurrences[expression] < 2 || _locals.ContainsKey(expression))
            return;

        var text = Print(expression, 0);
        var name = LocalName(expression);
        _locals[expression] = name;
        _writer.Line($"var {name} = {text};");
    }

    private string LocalName(Expression expression)
    {
        var name = expression switch
        {
            Application(var function, _) => Names.Camel(function.ToString()),
            Power(_, 2) => "square",
            Power(_, 3) => "cube",
            Comparison => "isGreater",
            Maximum or Minimum => "clipped",
            Sum => "sum",
            _ => "term",
        };
        var unique = name;
        for (var number = 2; _locals.ContainsValue(unique); number++)
            unique = name + Literal.Plain(number);

        return unique;
    }

    // Strength: 0 for a sum or less, 1 for a factor, 2 for an operand of unary minus or the right of a quotient.
    private string Print(Expression expression, int strength)
    {
        if (_locals.TryGetValue(expression, out var local))
            return local;

        return expression switch
        {
            Constant(var value) => $"T.Of({Literal.Float(value)})",
            Leaf(var operand) => _operandName(operand),
            Sum(var a, var b) => Grouped($"{Print(a, 0)} + {Print(b, 0)}", strength > 0),
            Difference(var a, var b) => Grouped($"{Print(a, 0)} - {Print(b, 1)}", strength > 0),
            Product(var a, var b) => Grouped($"{Print(a, 1)} * {Print(b, 1)}", strength > 1),
            Quotient(var a, var b) => Grouped($"{Print(a, 1)} / {Print(b, 2)}", strength > 1),
            Power(var a, var exponent) => Grouped(string.Join(" * ", Enumerable.Repeat(Print(a, 2), exponent)), strength > 1),
            Negation(var a) => $"-{Print(a, 2)}",
            Maximum(var a, var b) => $"T.Max({Print(a, 0)}, {Print(b, 0)})",
            Minimum(var a, var b) => $"T.Min({Print(a, 0)}, {Print(b, 0)})",
            Comparison(var a, var b) => $"T.Greater({Print(a, 0)}, {Print(b, 0)})",
            Application(Function.Sigmoid, var a) => Grouped($"T.Of(1f) / (T.Of(1f) + T.Exp(-{Print(a, 2)}))", strength > 1),
            Application(var function, var a) => $"T.{function}({Print(a, 0)})",
            _ => throw new InvalidOperationException($"{expression} cannot be printed."),
        };
    }

    private static string Grouped(string text, bool inParentheses) => inParentheses ? $"({text})" : text;
}

namespace Intaglio.Compiler;

/// <summary>Prints an expression as C# over lanes, each repeated part once as a local with a name.</summary>
internal sealed class ExpressionPrinter
{
    private const int LongSelection = 80;

    private readonly Dictionary<Expression, string> _locals = [];
    private readonly Dictionary<Expression, int> _occurrences = [];
    private readonly Func<Operand, string> _operandName;
    private readonly SourceWriter _writer;

    private ExpressionPrinter(SourceWriter writer, Func<Operand, string> operandName) => (_writer, _operandName) = (writer, operandName);

    /// <summary>Prints the body of a fusion: the saved value, the locals, and the result.</summary>
    public static void WriteBody(SourceWriter writer, Fusion fusion, Func<Operand, string> operandName)
    {
        if (fusion.Saved is { } saved)
        {
            WriteResults(writer, saved, "saved", fusion.Result, operandName);
            return;
        }

        writer.Line("saved = x;");
        WriteResult(writer, fusion.Result, operandName);
    }

    /// <summary>Prints the body of a function of one result.</summary>
    public static void WriteResult(SourceWriter writer, Expression result, Func<Operand, string> operandName)
    {
        var printer = new ExpressionPrinter(writer, operandName);
        printer.Count(result);
        printer.Return(result);
    }

    /// <summary>Prints a function of one result: in one line where no part is repeated.</summary>
    public static void WriteFunction(SourceWriter writer, string signature, Expression result, Func<Operand, string> operandName)
    {
        const string Constraint = "    where T : struct, ILane<T>";
        var printer = new ExpressionPrinter(writer, operandName);
        printer.Count(result);
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        writer.Line(signature);
        if (printer._occurrences.Values.All(count => count == 1))
        {
            writer.Line($"{Constraint} => {printer.Print(result, 0)};");
            return;
        }

        using (writer.WriteBlock(Constraint))
            printer.Return(result);
    }

    /// <summary>Prints the body of a function of two results, of which the first goes to a parameter.</summary>
    public static void WriteResults(SourceWriter writer, Expression first, string name, Expression result, Func<Operand, string> operandName)
    {
        var printer = new ExpressionPrinter(writer, operandName);
        printer.Count(result);
        printer.Count(first);
        printer.DeclareLocals(first, except: first);
        writer.Line($"{name} = {printer.Print(first, 0)};");
        if (first is not Leaf)
            printer._locals[first] = name;

        printer.Return(result);
    }

    private void Return(Expression result)
    {
        DeclareLocals(result, except: result);
        _writer.Line($"return {Print(result, 0)};");
    }

    private void Count(Expression expression)
    {
        if (expression is Leaf or Constant)
            return;

        _occurrences[expression] = _occurrences.TryGetValue(expression, out var count) ? count + 1 : 1;
        if (count > 0)
            return;

        // A product writes its base out as often as it says.
        var times = expression is Power { IsProduct: true } power ? (int)power.Exponent : 1;
        foreach (var child in Enumerable.Repeat(expression.Children(), times).SelectMany(children => children))
            Count(child);
    }

    private void DeclareLocals(Expression expression, Expression except)
    {
        foreach (var child in expression.Children())
            DeclareLocals(child, except);

        if (expression is Leaf or Constant || expression == except || _locals.ContainsKey(expression))
            return;

        // A long selection is read line by line.
        var text = Print(expression, 0);
        if (_occurrences[expression] < 2 && (expression is not Selection || text.Length < LongSelection))
            return;

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
            Selection => "selected",
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
            Product(Application(Function.Sigmoid, var x) sigmoid, var b) when !_locals.ContainsKey(sigmoid) => PrintOver(b, x, strength),
            Product(var a, Application(Function.Sigmoid, var x) sigmoid) when !_locals.ContainsKey(sigmoid) => PrintOver(a, x, strength),
            Product(var a, var b) => Grouped($"{Print(a, 1)} * {Print(b, 1)}", strength > 1),
            Quotient(var a, var b) => Grouped($"{Print(a, 1)} / {Print(b, 2)}", strength > 1),
            Power(var a, var exponent) power => power.IsProduct
                ? Grouped(string.Join(" * ", Enumerable.Repeat(Print(a, 2), (int)exponent)), strength > 1)
                : $"T.Exp(T.Of({Literal.Float(exponent)}) * T.Log({Print(a, 0)}))",
            Negation(var a) => $"-{Print(a, 2)}",
            Maximum(var a, var b) => $"T.Max({Print(a, 0)}, {Print(b, 0)})",
            Minimum(var a, var b) => $"T.Min({Print(a, 0)}, {Print(b, 0)})",
            Selection(var relation, var a, var b, var then, var otherwise) => $"T.Where{relation}({Print(a, 0)}, {Print(b, 0)}, {Print(then, 0)}, {Print(otherwise, 0)})",
            Application(Function.Sigmoid, var a) => PrintOver(1, a, strength),
            Application(var function, var a) => $"T.{function}({Print(a, 0)})",
            _ => throw new InvalidOperationException($"{expression} cannot be printed."),
        };
    }

    // left · sigmoid(x).
    private string PrintOver(Expression left, Expression x, int strength) => Grouped($"{Print(left, 1)} / (T.Of(1f) + T.Exp({Print(-x, 0)}))", strength > 1);

    private static string Grouped(string text, bool inParentheses) => inParentheses ? $"({text})" : text;
}

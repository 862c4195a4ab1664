namespace Intaglio.Compiler;

/// <summary>What a fusion's expression reads for each element.</summary>
internal enum Operand
{
    /// <summary>The result that the fusion follows.</summary>
    X,

    /// <summary>The column's value of an operand with one value a column.</summary>
    Row,

    /// <summary>The element of an operand of the result's own shape.</summary>
    Full,

    /// <summary>Dropout's factor: 0 or 1 / (1 - rate).</summary>
    Keep,
}

/// <summary>Functions of one number.</summary>
internal enum Function
{
    Exp,
    Log,
    Tanh,
    Erf,
    Sqrt,
    Abs,
    Sin,
    Cos,
    Atan,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>ln(1 + eˣ), which is x where eˣ is infinite.</summary>
    Softplus,
}

/// <summary>What a selection asks of two numbers; of a number that is none it is false.</summary>
internal enum Relation
{
    Greater,
    AtLeast,
    Equal,
}

/// <summary>
/// A scalar expression: what fusions and activations are. Equality is structural, so common subexpressions are found by comparing. The static members
/// build and simplify; the derivative is a table of the textbook's rules.
/// </summary>
internal abstract record Expression
{
    /// <summary>The largest exponent whose power is written as one product.</summary>
    public const int LongestProduct = 4;

    // Larger whole exponents are made of squares, up to here.
    private const int LongestSquaring = 64;

    public static Expression X { get; } = new Leaf(Operand.X);

    public static Expression Row { get; } = new Leaf(Operand.Row);

    public static Expression Full { get; } = new Leaf(Operand.Full);

    public static Expression Keep { get; } = new Leaf(Operand.Keep);

    public static implicit operator Expression(double value) => new Constant(value);

    public static Expression operator +(Expression left, Expression right) => (left, right) switch
    {
        (Constant a, Constant b) => a.Value + b.Value,
        (Constant { Value: 0 }, _) => right,
        (_, Constant { Value: 0 }) => left,
        (_, Negation b) => left - b.Inner,
        (Negation a, _) => right - a.Inner,
        _ => Factored(left, right, static (a, b) => a + b) ?? new Sum(left, right),
    };

    public static Expression operator -(Expression left, Expression right) => (left, right) switch
    {
        (Constant a, Constant b) => a.Value - b.Value,
        (Constant { Value: 0 }, _) => -right,
        (_, Constant { Value: 0 }) => left,
        (_, Negation b) => left + b.Inner,
        _ => Factored(left, right, static (a, b) => a - b) ?? new Difference(left, right),
    };

    public static Expression operator -(Expression x) => x switch
    {
        Constant a => -a.Value,
        Negation a => a.Inner,
        Product { Left: Constant a } product => -a.Value * product.Right,
        _ => new Negation(x),
    };

    public static Expression operator *(Expression left, Expression right) => (left, right) switch
    {
        (Constant a, Constant b) => a.Value * b.Value,
        (Constant { Value: 0 }, _) or (_, Constant { Value: 0 }) => 0,
        (Constant { Value: 1 }, _) => right,
        (_, Constant { Value: 1 }) => left,
        (Constant a, Product { Left: Constant b } product) => (a.Value * b.Value) * product.Right,
        (_, Constant) => right * left,
        (Constant a, Negation b) => -a.Value * b.Inner,
        (Negation a, _) => -(a.Inner * right),
        (_, Negation b) => -(left * b.Inner),
        (_, Product { Left: Constant b } product) => b * (left * product.Right),
        (Product { Left: Constant a } product, _) => a * (product.Right * right),

        // Nothing is multiplied where nothing is selected: infinity times 0 would be no number.
        (Selection { Otherwise: Constant { Value: 0 } } selection, _) => selection with { Then = selection.Then * right },
        (_, Selection { Otherwise: Constant { Value: 0 } } selection) => selection with { Then = left * selection.Then },
        (Selection { Then: Constant { Value: 0 } } selection, _) => selection with { Otherwise = selection.Otherwise * right },
        (_, Selection { Then: Constant { Value: 0 } } selection) => selection with { Otherwise = left * selection.Otherwise },
        (Power { Exponent: < LongestProduct } power, _) when power.Base == right => Power(right, power.Exponent + 1),
        _ when left == right => Power(left, 2),
        _ => new Product(left, right),
    };

    public static Expression operator /(Expression left, Expression right) => (left, right) switch
    {
        (Constant a, Constant b) => a.Value / b.Value,
        (Constant { Value: 0 }, _) => 0,
        (_, Constant b) => (1 / b.Value) * left,

        // The logistic function is finite where eˣ is not.
        (_, Sum(Constant { Value: 1 }, Application(Function.Exp, var x))) => OverOnePlusExp(left, x),
        (_, Sum(Application(Function.Exp, var x), Constant { Value: 1 })) => OverOnePlusExp(left, x),
        (Negation a, _) => -(a.Inner / right),
        _ => new Quotient(left, right),
    };

    /// <summary>A power with a constant exponent; of whole ones negative bases too, of others no more than C# has.</summary>
    public static Expression Power(Expression x, double exponent) => (x, exponent) switch
    {
        (_, 0) => 1,
        (_, 1) => x,
        (Constant a, _) => Math.Pow(a.Value, exponent),
        (_, 0.5) => Apply(Function.Sqrt, x),
        (_, < 0) => 1 / Power(x, -exponent),
        (_, > LongestProduct and <= LongestSquaring) when exponent % 2 == 0 => Power(Power(x, exponent / 2), 2),
        (_, > LongestProduct and <= LongestSquaring) when exponent % 2 == 1 => x * Power(x, exponent - 1),
        _ => new Power(x, exponent),
    };

    /// <summary>A power of a positive base: e^(y ln x).</summary>
    public static Expression Power(Expression x, Expression exponent) =>
        exponent is Constant constant ? Power(x, constant.Value) : Apply(Function.Exp, exponent * Apply(Function.Log, x));

    public static Expression Max(Expression left, Expression right) => (left, right) is (Constant a, Constant b) ? Math.Max(a.Value, b.Value) : new Maximum(left, right);

    public static Expression Min(Expression left, Expression right) => (left, right) is (Constant a, Constant b) ? Math.Min(a.Value, b.Value) : new Minimum(left, right);

    /// <summary>One expression where a relation holds, another elsewhere; what the other would be does not matter.</summary>
    public static Expression Select(Relation relation, Expression left, Expression right, Expression then, Expression otherwise) => (left, right) switch
    {
        _ when then == otherwise => then,
        (Constant a, Constant b) => Holds(relation, a.Value, b.Value) ? then : otherwise,
        _ => new Selection(relation, left, right, then, otherwise),
    };

    /// <summary><see cref="Select"/> by left &gt; right.</summary>
    public static Expression WhereGreater(Expression left, Expression right, Expression then, Expression otherwise) => Select(Relation.Greater, left, right, then, otherwise);

    public static Expression Apply(Function function, Expression x) => (function, x) switch
    {
        (Function.Log, Sum(Constant { Value: 1 }, Application(Function.Exp, var a))) => Apply(Function.Softplus, a),
        (Function.Log, Sum(Application(Function.Exp, var a), Constant { Value: 1 })) => Apply(Function.Softplus, a),
        (Function.Log, Application(Function.Exp, var a)) => a,
        (Function.Sqrt, Constant { Value: >= 0 } a) => Math.Sqrt(a.Value),
        (Function.Exp, Constant a) => Math.Exp(a.Value),
        (Function.Log, Constant { Value: > 0 } a) => Math.Log(a.Value),
        _ => new Application(function, x),
    };

    /// <summary>Whether a relation holds between two numbers.</summary>
    public static bool Holds(Relation relation, double left, double right) => relation switch
    {
        Relation.Greater => left > right,
        Relation.AtLeast => left >= right,
        _ => left == right,
    };

    /// <summary>d this / d operand.</summary>
    public Expression Derivative(Operand by) => this switch
    {
        Constant => 0,
        Leaf leaf => leaf.Operand == by ? 1 : 0,
        Sum(var a, var b) => a.Derivative(by) + b.Derivative(by),
        Difference(var a, var b) => a.Derivative(by) - b.Derivative(by),
        Negation(var a) => -a.Derivative(by),
        Product(var a, var b) => (a.Derivative(by) * b) + (a * b.Derivative(by)),
        Quotient(var a, var b) => (a.Derivative(by) / b) - (a * b.Derivative(by) / Power(b, 2)),
        Power(var a, var n) => n * Power(a, n - 1) * a.Derivative(by),
        Maximum(var a, var b) => WhereGreater(a, b, a.Derivative(by), b.Derivative(by)),
        Minimum(var a, var b) => WhereGreater(b, a, a.Derivative(by), b.Derivative(by)),
        Selection(var relation, var a, var b, var then, var otherwise) => Select(relation, a, b, then.Derivative(by), otherwise.Derivative(by)),
        Application(var f, var a) => Derivative(f, a) * a.Derivative(by),
        _ => throw new InvalidOperationException($"No derivative of {this}."),
    };

    /// <summary>Puts expressions in the place of operands.</summary>
    public Expression Substitute(Func<Operand, Expression> replacement) => this switch
    {
        Leaf leaf => replacement(leaf.Operand),
        Sum(var a, var b) => a.Substitute(replacement) + b.Substitute(replacement),
        Difference(var a, var b) => a.Substitute(replacement) - b.Substitute(replacement),
        Negation(var a) => -a.Substitute(replacement),
        Product(var a, var b) => a.Substitute(replacement) * b.Substitute(replacement),
        Quotient(var a, var b) => a.Substitute(replacement) / b.Substitute(replacement),
        Power(var a, var n) => Power(a.Substitute(replacement), n),
        Maximum(var a, var b) => Max(a.Substitute(replacement), b.Substitute(replacement)),
        Minimum(var a, var b) => Min(a.Substitute(replacement), b.Substitute(replacement)),
        Selection(var relation, var a, var b, var then, var otherwise) =>
            Select(relation, a.Substitute(replacement), b.Substitute(replacement), then.Substitute(replacement), otherwise.Substitute(replacement)),
        Application(var f, var a) => Apply(f, a.Substitute(replacement)),
        _ => this,
    };

    /// <summary>The expressions that this one is made of.</summary>
    public IEnumerable<Expression> Children() => this switch
    {
        Binary binary => [binary.Left, binary.Right],
        Negation(var a) => [a],
        Power(var a, _) => [a],
        Application(_, var a) => [a],
        Selection(_, var a, var b, var then, var otherwise) => [a, b, then, otherwise],
        _ => [],
    };

    /// <summary>Whether the operand occurs.</summary>
    public bool Reads(Operand operand) => this is Leaf leaf ? leaf.Operand == operand : Children().Any(child => child.Reads(operand));

    private static Expression Derivative(Function function, Expression x) => function switch
    {
        Function.Exp => Apply(Function.Exp, x),
        Function.Log => 1 / x,
        Function.Tanh => 1 - Power(Apply(Function.Tanh, x), 2),
        Function.Erf => 2 / Math.Sqrt(Math.PI) * Apply(Function.Exp, -Power(x, 2)),
        Function.Sqrt => 0.5 / Apply(Function.Sqrt, x),
        Function.Abs => WhereGreater(x, 0, 1, -1),
        Function.Sin => Apply(Function.Cos, x),
        Function.Cos => -Apply(Function.Sin, x),
        Function.Atan => 1 / (1 + Power(x, 2)),
        Function.Softplus => Apply(Function.Sigmoid, x),
        Function.Sigmoid => Apply(Function.Sigmoid, x) * (1 - Apply(Function.Sigmoid, x)),
        _ => throw new InvalidOperationException($"No derivative of {function}."),
    };

    private static Expression OverOnePlusExp(Expression left, Expression x) =>
        left == new Application(Function.Exp, x) ? Apply(Function.Sigmoid, x) : left * Apply(Function.Sigmoid, -x);

    /// <summary>a · b ± a · c = a · (b ± c), where a is no constant; null where there is no such factor.</summary>
    private static Expression? Factored(Expression left, Expression right, Func<Expression, Expression, Expression> combine)
    {
        foreach (var (a, b) in Factors(left))
        {
            foreach (var (other, c) in Factors(right))
            {
                if (a is not Constant && a == other)
                    return a * combine(b, c);
            }
        }

        return null;
    }

    private static IEnumerable<(Expression Factor, Expression Other)> Factors(Expression x) =>
        x is Product(var left, var right) ? [(x, 1), (left, right), (right, left)] : [(x, 1)];
}

internal sealed record Constant(double Value) : Expression;

internal sealed record Leaf(Operand Operand) : Expression;

internal abstract record Binary(Expression Left, Expression Right) : Expression;

internal sealed record Sum(Expression Left, Expression Right) : Binary(Left, Right);

internal sealed record Difference(Expression Left, Expression Right) : Binary(Left, Right);

internal sealed record Product(Expression Left, Expression Right) : Binary(Left, Right);

internal sealed record Quotient(Expression Left, Expression Right) : Binary(Left, Right);

internal sealed record Maximum(Expression Left, Expression Right) : Binary(Left, Right);

internal sealed record Minimum(Expression Left, Expression Right) : Binary(Left, Right);

/// <summary>One expression where left and right are so related, another elsewhere.</summary>
internal sealed record Selection(Relation Relation, Expression Left, Expression Right, Expression Then, Expression Otherwise) : Expression;

internal sealed record Negation(Expression Inner) : Expression;

/// <summary>A power: a product of its base up to <see cref="Expression.LongestProduct"/>, else of a base that is not negative.</summary>
internal sealed record Power(Expression Base, double Exponent) : Expression
{
    /// <summary>Whether it is computed as a product.</summary>
    public bool IsProduct => Exponent <= LongestProduct && Exponent % 1 == 0;
}

internal sealed record Application(Function Function, Expression Argument) : Expression;

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
    Sigmoid,
}

/// <summary>
/// A scalar expression: what fusions and activations are. Equality is structural, so common subexpressions are found by comparing. The static members
/// build and simplify; the derivative is a table of the textbook's rules.
/// </summary>
internal abstract record Expression
{
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
        _ => new Sum(left, right),
    };

    public static Expression operator -(Expression left, Expression right) => (left, right) switch
    {
        (Constant a, Constant b) => a.Value - b.Value,
        (Constant { Value: 0 }, _) => -right,
        (_, Constant { Value: 0 }) => left,
        _ => new Difference(left, right),
    };

    public static Expression operator -(Expression x) => x switch
    {
        Constant a => -a.Value,
        Negation a => a.Inner,
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
        (_, Product { Left: Constant b } product) => b * (left * product.Right),
        (Product { Left: Constant a } product, _) => a * (product.Right * right),
        _ => new Product(left, right),
    };

    public static Expression operator /(Expression left, Expression right) => (left, right) switch
    {
        (Constant a, Constant b) => a.Value / b.Value,
        (Constant { Value: 0 }, _) => 0,
        (_, Constant b) => (1 / b.Value) * left,
        _ => new Quotient(left, right),
    };

    public static Expression Power(Expression x, int exponent) => exponent switch
    {
        0 => 1,
        1 => x,
        _ => new Power(x, exponent),
    };

    public static Expression Max(Expression left, Expression right) => new Maximum(left, right);

    public static Expression Min(Expression left, Expression right) => new Minimum(left, right);

    public static Expression Greater(Expression left, Expression right) => new Comparison(left, right);

    public static Expression Apply(Function function, Expression x) => new Application(function, x);

    /// <summary>d this / d operand.</summary>
    public Expression Derivative(Operand by) => this switch
    {
        Constant or Comparison => 0,
        Leaf leaf => leaf.Operand == by ? 1 : 0,
        Sum(var a, var b) => a.Derivative(by) + b.Derivative(by),
        Difference(var a, var b) => a.Derivative(by) - b.Derivative(by),
        Negation(var a) => -a.Derivative(by),
        Product(var a, var b) => (a.Derivative(by) * b) + (a * b.Derivative(by)),
        Quotient(var a, var b) => (a.Derivative(by) / b) - (a * b.Derivative(by) / Power(b, 2)),
        Power(var a, var n) => n * Power(a, n - 1) * a.Derivative(by),
        Maximum(var a, var b) => (Greater(a, b) * a.Derivative(by)) + ((1 - Greater(a, b)) * b.Derivative(by)),
        Minimum(var a, var b) => (Greater(b, a) * a.Derivative(by)) + ((1 - Greater(b, a)) * b.Derivative(by)),
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
        Comparison(var a, var b) => Greater(a.Substitute(replacement), b.Substitute(replacement)),
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
        Function.Abs => (2 * Greater(x, 0)) - 1,
        Function.Sigmoid => Apply(Function.Sigmoid, x) * (1 - Apply(Function.Sigmoid, x)),
        _ => throw new InvalidOperationException($"No derivative of {function}."),
    };
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

/// <summary>1 where left &gt; right, else 0.</summary>
internal sealed record Comparison(Expression Left, Expression Right) : Binary(Left, Right);

internal sealed record Negation(Expression Inner) : Expression;

/// <summary>A whole power of at least 2.</summary>
internal sealed record Power(Expression Base, int Exponent) : Expression;

internal sealed record Application(Function Function, Expression Argument) : Expression;

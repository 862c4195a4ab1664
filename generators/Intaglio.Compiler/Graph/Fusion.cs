namespace Intaglio.Compiler;

/// <summary>
/// An elementwise function of a result and at most one row operand, one full operand and one dropout: a node of its own, or what follows inside another op.
/// </summary>
/// <param name="Result">The value stored.</param>
/// <param name="Saved">A second value stored, if any.</param>
/// <param name="DropoutRate">The rate of <see cref="Operand.Keep"/>; 0 without dropout.</param>
/// <param name="Site">Which of a layer's dropouts this is.</param>
/// <param name="Name">What it does, as a type's name: <c>AddBiasGelu</c>.</param>
/// <param name="Formula">What it does, as a formula of {x}, {row} and {full}.</param>
/// <param name="FullName">What the full operand is, such as <c>residual</c>.</param>
internal sealed record Fusion(Expression Result, Expression? Saved, float DropoutRate, int Site, string Name, string Formula, string FullName = "full")
{
    /// <summary>Stores the result as it is.</summary>
    public static Fusion Identity { get; } = new(Expression.X, null, 0, 0, "Identity", "{x}");

    public static Fusion AddBias { get; } = new(Expression.X + Expression.Row, null, 0, 0, "AddBias", "{x} + {row}");

    /// <summary>x + full: a residual, or two gradients of one value.</summary>
    public static Fusion Add { get; } = new(Expression.X + Expression.Full, null, 0, 0, "AddResidual", "{x} + {full}", "residual");

    /// <summary>x · full.</summary>
    public static Fusion Multiply { get; } = new(Expression.X * Expression.Full, null, 0, 0, "Multiply", "{x} · {full}", "factor");

    public bool IsIdentity => Result == Expression.X && Saved is null;

    public bool HasRow => Reads(Operand.Row);

    public bool HasFull => Reads(Operand.Full);

    public static Fusion Dropout(float rate, int site) => new(Expression.X * Expression.Keep, null, rate, site, "Dropout", "dropout({x})");

    public static Fusion Scale(double factor) => new(factor * Expression.X, null, 0, 0, "Scale", $"{Literal.Double(Math.Round(factor, 6))} · {{x}}");

    public static Fusion SoftCap(double cap) =>
        new(cap * Expression.Apply(Function.Tanh, Expression.X / cap), null, 0, 0, "SoftCap", $"{Literal.Double(cap)} · tanh({{x}} / {Literal.Double(cap)})");

    public static Fusion Activate(ActivationSpec activation) => new(activation.Formula, null, 0, 0, activation.Name, $"{Names.Camel(activation.Name)}({{x}})");

    /// <summary>
    /// The gradient by one operand, for an output gradient in <see cref="Operand.X"/>: x · ∂Result/∂operand. The derivative may read one tensor, which
    /// becomes the full operand.
    /// </summary>
    /// <param name="by">The operand.</param>
    /// <param name="reads">Which operand of this fusion the new full operand is; null where the derivative reads none.</param>
    public Fusion Gradient(Operand by, out Operand? reads)
    {
        var derivative = Result.Derivative(by);
        Operand[] read = [.. new[] { Operand.X, Operand.Row, Operand.Full }.Where(derivative.Reads)];
        if (read.Length > 1)
            throw new InvalidOperationException($"The derivative of {Name} reads {string.Join(" and ", read)}; a fusion has one full operand.");

        reads = read.Length == 0 ? null : read[0];
        var result = Expression.X * derivative.Substitute(operand => operand == Operand.Keep ? Expression.Keep : Expression.Full);
        if (result == Expression.X)
            return Identity;

        var keeps = result.Reads(Operand.Keep);
        return result == Expression.X * Expression.Keep
            ? Dropout(DropoutRate, Site)
            : new(result, null, keeps ? DropoutRate : 0, keeps ? Site : 0, Name + "Backward", $"{{x}} · {Names.Camel(Name)}'({{full}})", "preActivation");
    }

    /// <summary>This fusion, then another on its result; null where their operands do not fit into one.</summary>
    /// <param name="next">What follows.</param>
    /// <param name="savesBetween">Whether the value between the two is needed elsewhere.</param>
    public Fusion? Then(Fusion next, bool savesBetween)
    {
        if ((HasRow && next.HasRow) || (HasFull && next.HasFull) || (Reads(Operand.Keep) && next.Reads(Operand.Keep)))
            return null;

        if (next.Saved is not null || (savesBetween && Saved is not null))
            return null;

        return new(
            next.Result.Substitute(operand => operand == Operand.X ? Result : new Leaf(operand)),
            savesBetween ? Result : Saved,
            Math.Max(DropoutRate, next.DropoutRate),
            Site == 0 ? next.Site : Site,
            (IsIdentity ? "" : Name) + (savesBetween ? "Saving" : "") + next.Name,
            next.Formula.Replace("{x}", next.Formula.Contains("· ") && Formula.Contains(" + ") ? $"({Formula})" : Formula),
            HasFull ? FullName : next.FullName);
    }

    /// <summary>The same function with x and the full operand exchanged.</summary>
    public Fusion Swapped() => this with { Result = Result.Substitute(Swap), Formula = Formula.Replace("{x}", "{y}").Replace("{full}", "{x}").Replace("{y}", "{full}") };

    private static Expression Swap(Operand operand) => operand switch
    {
        Operand.X => Expression.Full,
        Operand.Full => Expression.X,
        _ => new Leaf(operand),
    };

    private bool Reads(Operand operand) => Result.Reads(operand) || Saved?.Reads(operand) == true;
}

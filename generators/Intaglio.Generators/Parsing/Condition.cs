using Intaglio.Compiler;

namespace Intaglio.Generators.Parsing;

/// <summary>A condition of scalar C#: it chooses between two expressions.</summary>
internal abstract record Condition
{
    /// <summary>One expression where the condition holds, the other elsewhere.</summary>
    public abstract Expression Select(Expression then, Expression otherwise);

    /// <summary>One condition where this one holds, another elsewhere.</summary>
    public Condition Select(Condition then, Condition otherwise) => then == otherwise ? then : new Either(new Both(this, then), new Both(new Not(this), otherwise));
}

internal sealed record Always(bool Value) : Condition
{
    public override Expression Select(Expression then, Expression otherwise) => Value ? then : otherwise;
}

internal sealed record Compared(Relation Relation, Expression Left, Expression Right) : Condition
{
    public override Expression Select(Expression then, Expression otherwise) => Expression.Select(Relation, Left, Right, then, otherwise);
}

internal sealed record Not(Condition Inner) : Condition
{
    public override Expression Select(Expression then, Expression otherwise) => Inner.Select(otherwise, then);
}

internal sealed record Both(Condition First, Condition Second) : Condition
{
    public override Expression Select(Expression then, Expression otherwise) => First.Select(Second.Select(then, otherwise), otherwise);
}

internal sealed record Either(Condition First, Condition Second) : Condition
{
    public override Expression Select(Expression then, Expression otherwise) => First.Select(then, Second.Select(then, otherwise));
}

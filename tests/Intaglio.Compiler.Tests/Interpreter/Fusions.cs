namespace Intaglio.Compiler.Tests;

/// <summary>What fusions mean in numbers.</summary>
internal static class Fusions
{
    /// <summary>The result, and the saved value if there is one.</summary>
    /// <param name="fusion">The fusion.</param>
    /// <param name="x">What it follows.</param>
    /// <param name="operands">The row operand, then the full operand, as far as the fusion has them.</param>
    /// <param name="keep">Dropout's factor of an element.</param>
    public static IReadOnlyList<Tensor> Apply(Fusion fusion, Tensor x, IReadOnlyList<Tensor> operands, Func<long, double> keep)
    {
        var hasRow = fusion.Result.Mentions(Operand.Row) || fusion.Saved.Mentions(Operand.Row);
        var hasFull = fusion.Result.Mentions(Operand.Full) || fusion.Saved.Mentions(Operand.Full);
        if (operands.Count != (hasRow ? 1 : 0) + (hasFull ? 1 : 0))
            throw new InvalidOperationException($"{fusion.Name} with {operands.Count} operands.");

        var row = hasRow ? operands[0] : null;
        var full = hasFull ? operands[^1] : null;
        if (row is not null && row.Values.Length != x.Width)
            throw new InvalidOperationException($"{fusion.Name} of {x} with a row operand {row}.");

        if (full is not null && full.Values.Length != x.Values.Length)
            throw new InvalidOperationException($"{fusion.Name} of {x} with a full operand {full}.");

        Tensor Of(Expression expression) => Tensor.Filled(x.Sides, i => expression.Evaluate(operand => operand switch
        {
            Operand.X => x.Values[i],
            Operand.Row => row!.Values[i % x.Width],
            Operand.Full => full!.Values[i],
            _ => keep(i),
        }));

        return fusion.Saved is null ? [Of(fusion.Result)] : [Of(fusion.Result), Of(fusion.Saved)];
    }
}

namespace Intaglio.Compiler;

/// <summary>A fusion standing alone. Inputs: x, then the row operand, then the full operand, as far as the fusion has them.</summary>
internal sealed record Map(Fusion Fusion) : Op, IFusing
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count == 1 + (Fusion.HasRow ? 1 : 0) + (Fusion.HasFull ? 1 : 0), $"{Fusion.Name} with {inputs.Count} inputs.");
        return FusionRule.Results(Fusion, inputs[0]);
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients[0] is not { } gradient)
            return;

        foreach (var operand in new[] { Operand.X, Operand.Row, Operand.Full }.Where(operand => Input(node, operand) is not null))
        {
            var input = Input(node, operand)!;
            var rule = Fusion.Gradient(operand, out var reads);
            var contribution = rule.IsIdentity
                ? gradient
                : gradients.Add(new Map(rule), GradientBuilder.GradientName(input), reads is { } read ? [gradient, Input(node, read)!] : [gradient]);
            gradients.Contribute(input, operand == Operand.Row ? gradients.Add(new SumRows(), GradientBuilder.GradientName(input), contribution) : contribution);
        }
    }

    public override string Describe(Node node) => FusionRule.Describe(node, Fusion, Name(node.Inputs[0]), 1);

    public IReadOnlyList<Value> Operands(Node node) => [.. node.Inputs.Skip(1)];

    public Op With(Fusion fusion) => new Map(fusion);

    /// <summary>The input that an operand of the fusion is; null where it has none.</summary>
    private Value? Input(Node node, Operand operand) => operand switch
    {
        Operand.X => node.Inputs[0],
        Operand.Row when Fusion.HasRow => node.Inputs[1],
        Operand.Full when Fusion.HasFull => node.Inputs[Fusion.HasRow ? 2 : 1],
        _ => null,
    };
}

namespace Intaglio.Compiler;

/// <summary>output[r] = fusion(table₁[indices₁[r]] + table₂[indices₂[r]] ...): inputs are one or two pairs of indices and table, then the fusion's operands.</summary>
internal sealed record Embed(int Tables, Fusion Fusion) : Op, IFusing
{
    /// <summary>The token of the first table whose row gets no gradient; -1 for none.</summary>
    public int PaddingToken { get; init; } = -1;

    /// <summary>The row of the last table that index 0 is.</summary>
    public int FirstRow { get; init; }

    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count >= 2 * Tables && inputs[0].IsIndex, "Embed takes pairs of indices and table.");
        return FusionRule.Results(Fusion, TensorType.Activation(inputs[0].Shape[0], inputs[1].Width));
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        Require(Fusion.IsIdentity, $"{node.Name} is differentiated after it was fused.");
        if (outputGradients[0] is not { } gradient)
            return;

        for (var table = 0; table < Tables; table++)
        {
            var (indices, weights) = (node.Inputs[2 * table], node.Inputs[(2 * table) + 1]);
            var op = new EmbedGradient([weights.Type]) { PaddingToken = table == 0 ? PaddingToken : -1, FirstRow = table == Tables - 1 ? FirstRow : 0 };
            if (gradients.IsTrained(weights))
                gradients.Contribute(weights, gradients.Add(op, GradientBuilder.GradientName(weights), indices, gradient));
        }
    }

    public override string Describe(Node node) =>
        FusionRule.Describe(node, Fusion, string.Join(" + ", Enumerable.Range(0, Tables).Select(table => $"{Name(node.Inputs[(2 * table) + 1])}[{Name(node.Inputs[2 * table])}]")), 2 * Tables);

    public IReadOnlyList<Value> Operands(Node node) => [.. node.Inputs.Skip(2 * Tables)];

    public Op With(Fusion fusion) => this with { Fusion = fusion };
}

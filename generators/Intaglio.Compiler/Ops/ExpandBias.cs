namespace Intaglio.Compiler;

/// <summary>
/// What relative positions add to scores: biases[h, d] = table[bucket(d), h] for every distance d from a query to a key of its sequence (Raffel et al., arXiv:1910.10683, section 2.1).
/// The buckets are a table of the host. Inputs: table [Buckets, Heads], and a tensor that has as many rows as the queries. Result: 2 · time - 1 biases a head, for which a row's width of 2 · heads is
/// enough.
/// </summary>
internal sealed record ExpandBias(int Heads, bool IsCausal) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs[0].Shape[1].Size == Heads, $"ExpandBias of {inputs[0]} for {Heads} heads.");
        return [TensorType.Activation(inputs[1].Shape[0], 2 * Heads)];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients[0] is not { } gradient)
            return;

        var table = node.Inputs[0];
        gradients.Contribute(table, gradients.Add(new ExpandBiasGradient(table.Type with { Format = NumberFormat.FP32 }, IsCausal), node.Name + "Backward", [gradient], [GradientBuilder.GradientName(table)])[0]);
    }

    public override string Describe(Node node) => $"{Name(node.Inputs[0])}[bucket(distance)] by head";
}

/// <summary>The gradient of the table of <see cref="ExpandBias"/>: Σ over sequences and distances of each bucket. Input: the biases' gradient, by sequence, head and distance.</summary>
internal sealed record ExpandBiasGradient(TensorType Table, bool IsCausal) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs) => [Table];

    public override string Describe(Node node) => $"Σ {Name(node.Inputs[0])} by bucket and head";
}

/// <summary>As <see cref="ExpandBias"/>, for every distance that a cache has, into the cache's own memory. Input: the table.</summary>
internal sealed record ExpandCachedBias(int Heads) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs) => [TensorType.Activation(Dimension.Rows, 2 * Heads)];

    public override string Describe(Node node) => $"{Name(node.Inputs[0])}[bucket(distance)] by head";
}

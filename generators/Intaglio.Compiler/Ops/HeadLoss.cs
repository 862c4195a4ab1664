namespace Intaglio.Compiler;

/// <summary>
/// losses[r] = ln Σ exp(logits[r]) - logits[r, target], 0 where the target is negative, with logits = x · weightᵀ, and a bias and a bound as far as it has them. The gradients
/// are computed in the same pass over chunks of rows, so that all logits never exist at once: the loss is always the end of the graph, and its own gradient the call's loss scale.
/// Inputs: x, weight [Vocabulary, Width], the bias if there is one, targets. Results: losses, x's gradient, the weight's, and the bias's if it is trained.
/// </summary>
/// <param name="ChunkRows">Rows whose logits exist at one time.</param>
/// <param name="HasBias">Whether a bias is added to the logits.</param>
/// <param name="SoftCap">c of c · tanh(logits / c); 0 where logits are not bounded.</param>
/// <param name="TrainsBias">Whether the bias has a gradient.</param>
internal sealed record HeadLoss(int ChunkRows, bool HasBias, float SoftCap, bool TrainsBias) : Op, ILoss
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count == (HasBias ? 4 : 3) && inputs[inputs.Count - 1].IsIndex && inputs[0].Width == inputs[1].Shape[1].Size, "HeadLoss takes x, weight, the bias if there is one, and targets.");
        var losses = TensorType.Activation(inputs[0].Shape[0], 1);
        var parameters = inputs.Skip(1).Take(TrainsBias ? 2 : 1).Select(parameter => parameter with { Format = NumberFormat.FP32 });
        return [losses, inputs[0], .. parameters];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        for (var input = 0; input < (TrainsBias ? 3 : 2); input++)
            gradients.Contribute(node.Inputs[input], node.Outputs[input + 1]);
    }

    public override string Describe(Node node) => $"cross-entropy of {DescribeLogits(node)} at {Name(node.Inputs[node.Inputs.Count - 1])}, in chunks of {ChunkRows} rows";

    private string DescribeLogits(Node node)
    {
        var logits = $"{Name(node.Inputs[0])} · {Name(node.Inputs[1])}ᵀ{(HasBias ? $" + {Name(node.Inputs[2])}" : "")}";
        return SoftCap == 0 ? logits : $"{Literal.Double(SoftCap)} · tanh(({logits}) / {Literal.Double(SoftCap)})";
    }

    /// <summary>How many rows' logits to hold at once: about 16 MB of them, within bounds that keep the products large enough to be fast.</summary>
    public static int RowsFor(int vocabulary)
    {
        var rows = 128;
        while (rows < 1024 && rows * 2L * vocabulary <= 4_000_000)
            rows *= 2;

        return rows;
    }
}

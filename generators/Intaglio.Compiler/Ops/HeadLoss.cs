namespace Intaglio.Compiler;

/// <summary>
/// The head's product, the cross-entropy, and the gradients of both, over chunks of rows, so that all logits never exist at once.
/// Inputs: x, weight [Vocabulary, Width], targets. Results: losses, and with gradients x's gradient and the weight's.
/// </summary>
internal sealed record HeadLoss(int ChunkRows, bool HasGradient) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        var losses = TensorType.Activation(inputs[0].Shape[0], 1);
        return HasGradient ? [losses, inputs[0], inputs[1] with { Format = NumberFormat.FP32 }] : [losses];
    }

    public override string Describe(Node node) =>
        $"cross-entropy of {Name(node.Inputs[0])} · {Name(node.Inputs[1])}ᵀ at {Name(node.Inputs[2])}, in chunks of {ChunkRows} rows{(HasGradient ? ", with the gradients of both" : "")}";

    /// <summary>How many rows' logits to hold at once: about 16 MB of them, within bounds that keep the products large enough to be fast.</summary>
    public static int RowsFor(int vocabulary)
    {
        var rows = 128;
        while (rows < 1024 && rows * 2L * vocabulary <= 4_000_000)
            rows *= 2;

        return rows;
    }
}

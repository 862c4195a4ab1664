namespace Intaglio.Compiler;

/// <summary>
/// The gradients of q, k and v, the probabilities recomputed from the log-sum-exp, tile by tile (Dao, arXiv:2307.08691); as scratch, Σ outputGradient · output
/// by row and head; and the gradient of a learned bias, by sequence, head and distance. Inputs: those of the attention, output, log-sum-exp, outputGradient.
/// </summary>
internal sealed record AttentionGradient(AttentionShape Shape) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        var logSumExp = inputs[inputs.Count - 2];
        TensorType[] results = [inputs[0], inputs[1], inputs[2], logSumExp];
        return Shape.Bias == AttentionBias.Learned ? [.. results, inputs[3]] : results;
    }

    public override int Results => 3;

    public override string Describe(Node node) =>
        $"attention backward of {Name(node.Inputs[node.Inputs.Count - 1])}, probabilities recomputed from {Name(node.Inputs[node.Inputs.Count - 2])}";
}

namespace Intaglio.Compiler;

/// <summary>
/// The gradients of q, k and v, the probabilities recomputed from the log-sum-exp, tile by tile (Dao, arXiv:2307.08691); and, as scratch, Σ outputGradient · output
/// by row and head. Inputs: q, k, v, output, log-sum-exp, outputGradient.
/// </summary>
internal sealed record AttentionGradient(AttentionShape Shape) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs) => [inputs[0], inputs[1], inputs[2], inputs[4]];

    public override int Results => 3;

    public override string Describe(Node node) => $"attention backward of {Name(node.Inputs[5])}, probabilities recomputed from {Name(node.Inputs[4])}";
}

namespace Intaglio.Compiler;

/// <summary>
/// Keys and values go to their row's slot of the cache at its position; each query attends to its slot up to its own position. Inputs: q, k, v, positions, slots.
/// The cache is the session's buffer, not a value of the graph.
/// </summary>
internal sealed record CachedAttention(AttentionShape Shape) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count == 5 && inputs[3].IsIndex && inputs[4].IsIndex, "CachedAttention takes q, k, v, positions and slots.");
        return [inputs[0]];
    }

    public override string Describe(Node node) => $"{Shape.DescribeWeights("K", Shape.SlidingWindow == 0 ? "" : $", {Shape.Mask}")} V over the cached keys and values, {Shape.Describe()}";
}

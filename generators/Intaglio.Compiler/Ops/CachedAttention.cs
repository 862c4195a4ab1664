namespace Intaglio.Compiler;

/// <summary>
/// Each query attends to its slot of the cache up to a position: its own, or the source's last. Inputs: q, the bias where it is learned, positions, slots.
/// The cache is the session's buffer, not a value of the graph.
/// </summary>
internal sealed record CachedAttention(AttentionShape Shape, bool IsSource) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count == (Shape.Bias == AttentionBias.Learned ? 4 : 3) && inputs.Skip(inputs.Count - 2).All(input => input.IsIndex), "CachedAttention takes q, a learned bias, positions and slots.");
        return [inputs[0]];
    }

    public override string Describe(Node node)
    {
        var mask = Shape is { SlidingWindow: 0, EveryNthLayer: 0 } ? "" : $", {Shape.DescribeMask()}";
        return $"{Shape.DescribeWeights("K", mask)} V over the {(IsSource ? "source's" : "cached")} keys and values, {Shape.Describe()}";
    }
}

namespace Intaglio.Compiler;

/// <summary>Keys and values go to their row's slot of the cache at its position. Inputs: k, v, positions, slots. No results: the cache is the session's buffer.</summary>
internal sealed record StoreKeys(AttentionShape Shape, bool IsSource) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count == 4 && inputs[2].IsIndex && inputs[3].IsIndex, "StoreKeys takes k, v, positions and slots.");
        return [];
    }

    public override string Describe(Node node) => $"{Name(node.Inputs[0])}, {Name(node.Inputs[1])} to the {(IsSource ? "source's cache" : "cache")}, at {Name(node.Inputs[2])}";
}

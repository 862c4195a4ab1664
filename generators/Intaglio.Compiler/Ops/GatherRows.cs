namespace Intaglio.Compiler;

/// <summary>The rows of x that the indices name. Inputs: x, indices.</summary>
internal sealed record GatherRows : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs[1].IsIndex, "GatherRows takes x and indices.");
        return [TensorType.Activation(inputs[1].Shape[0], inputs[0].Width)];
    }

    public override string Describe(Node node) => $"{Name(node.Inputs[0])}[{Name(node.Inputs[1])}]";
}

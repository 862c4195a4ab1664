namespace Intaglio.Compiler;

/// <summary>(softmax(logits) - onehot(target)) · lossScale, 0 where the target is negative. The loss is always the end of the graph, so its own gradient is the call's loss scale. Inputs: logits, targets.</summary>
internal sealed record CrossEntropyGradient : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs) => [inputs[0]];

    public override string Describe(Node node) => $"(softmax({Name(node.Inputs[0])}) - onehot({Name(node.Inputs[1])})) · lossScale";
}

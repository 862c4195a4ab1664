namespace Intaglio.Compiler;

/// <summary>losses[r] = ln Σ exp(logits[r]) - logits[r, target], 0 where the target is negative. Inputs: logits, targets.</summary>
internal sealed record CrossEntropy : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs[1].IsIndex, "CrossEntropy takes logits and targets.");
        return [TensorType.Activation(inputs[0].Shape[0], 1)];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients) =>
        gradients.Contribute(node.Inputs[0], gradients.Add(new CrossEntropyGradient(), GradientBuilder.GradientName(node.Inputs[0]), node.Inputs[0], node.Inputs[1]));

    public override string Describe(Node node) => $"cross-entropy of {Name(node.Inputs[0])} at {Name(node.Inputs[1])}";
}

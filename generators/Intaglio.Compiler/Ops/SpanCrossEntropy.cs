namespace Intaglio.Compiler;

/// <summary>
/// losses[s] = ½ (cross-entropy of the start logits of a sequence's rows at starts[s] + that of the end logits at ends[s]), as extractive question answering is trained, and the logits' gradient.
/// Inputs: logits [rows, 2], bounds, starts, ends.
/// </summary>
internal sealed record SpanCrossEntropy : Op, ILoss
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count == 4 && inputs[0].Width == 2 && inputs.Skip(1).All(input => input.IsIndex), "SpanCrossEntropy takes two logits a row, bounds, starts and ends.");
        return [TensorType.Activation(inputs[1].Shape[0], 1), inputs[0]];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients) => gradients.Contribute(node.Inputs[0], node.Outputs[1]);

    public override string Describe(Node node) => $"cross-entropy of the columns of {Name(node.Inputs[0])} over each sequence, at {Name(node.Inputs[2])} and {Name(node.Inputs[3])}";
}

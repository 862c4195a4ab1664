namespace Intaglio.Compiler;

/// <summary>x / max(‖x‖, 1e-12) by row, and ‖x‖. Input: x.</summary>
internal sealed record NormalizeLength : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs) => [inputs[0], TensorType.Activation(inputs[0].Shape[0], 1)];

    public override string Describe(Node node) => $"{Name(node.Inputs[0])} / ‖{Name(node.Inputs[0])}‖";
}

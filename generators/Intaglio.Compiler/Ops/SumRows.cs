namespace Intaglio.Compiler;

/// <summary>Σ x over the rows: the gradient of a row operand.</summary>
internal sealed record SumRows : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs) => [TensorType.Parameter(NumberFormat.FP32, inputs[0].Width)];

    public override string Describe(Node node) => $"Σ {Name(node.Inputs[0])}";
}

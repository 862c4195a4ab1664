namespace Intaglio.Compiler;

/// <summary>A trained tensor; in a loop's body, the one of the current layer.</summary>
internal sealed record ParameterOp(ParameterSpec Parameter, NumberFormat Format) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs) => [TensorType.Parameter(Format, Parameter.Shape)];

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
    }

    public override string Describe(Node node) => $"parameter {string.Join(" | ", Parameter.Stored.Select(stored => stored.Name))}";
}

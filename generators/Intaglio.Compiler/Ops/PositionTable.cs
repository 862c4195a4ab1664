namespace Intaglio.Compiler;

/// <summary>Sines and cosines of each position, [Positions, Width]: a table of the host, not trained (Vaswani et al., arXiv:1706.03762, section 3.5).</summary>
internal sealed record PositionTable(int Positions, int Width) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs) => [TensorType.Parameter(NumberFormat.FP32, Positions, Width)];

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
    }

    public override string Describe(Node node) => "sines and cosines of positions";
}

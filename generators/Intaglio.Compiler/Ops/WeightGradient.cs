namespace Intaglio.Compiler;

/// <summary>xᵀ · outputGradient over the rows, or its transpose, in the weight's own layout; and Σ outputGradient where a bias followed. Inputs: x, outputGradient.</summary>
internal sealed record WeightGradient(bool Transposed, bool HasBias) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        var (inner, columns) = (inputs[0].Width, inputs[1].Width);
        var weight = Transposed ? TensorType.Parameter(NumberFormat.FP32, columns, inner) : TensorType.Parameter(NumberFormat.FP32, inner, columns);
        return HasBias ? [weight, TensorType.Parameter(NumberFormat.FP32, columns)] : [weight];
    }

    public override string Describe(Node node)
    {
        var (x, gradient) = (Name(node.Inputs[0]), Name(node.Inputs[1]));
        var product = Transposed ? $"{gradient}ᵀ · {x}" : $"{x}ᵀ · {gradient}";
        return HasBias ? $"{product}, Σ {gradient}" : product;
    }
}

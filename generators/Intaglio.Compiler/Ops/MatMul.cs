namespace Intaglio.Compiler;

/// <summary>fusion(x · W): W is [Inner, Columns], or [Columns, Inner] where transposed. Inputs: x, W, then the fusion's operands.</summary>
internal sealed record MatMul(bool Transposed, Fusion Fusion) : Op, IFusing
{
    public MatMul(bool transposed = false)
        : this(transposed, Fusion.Identity)
    {
    }

    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        var (x, weight) = (inputs[0], inputs[1]);
        var (inner, columns) = Transposed ? (weight.Shape[1], weight.Shape[0]) : (weight.Shape[0], weight.Shape[1]);
        Require(x.Width == inner.Size, $"MatMul of {x} and {weight}: {x.Width} columns against {inner.Size} rows.");
        return FusionRule.Results(Fusion, TensorType.Activation(x.Shape[0], columns.Size));
    }

    // y = x W: dx = dy Wᵀ, dW = xᵀ dy. With y = x Wᵀ: dx = dy W, dW = dyᵀ x.
    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        Require(Fusion.IsIdentity, $"{node.Name} is differentiated after it was fused.");
        if (outputGradients[0] is not { } gradient)
            return;

        var (x, weight) = (node.Inputs[0], node.Inputs[1]);
        gradients.Contribute(weight, gradients.Add(new WeightGradient(Transposed, HasBias: false), node.Name, [x, gradient], [GradientBuilder.GradientName(weight)])[0]);
        gradients.Contribute(x, gradients.Add(new MatMul(!Transposed), node.Name + "Backward", [gradient, weight], [GradientBuilder.GradientName(x)])[0]);
    }

    public override string Describe(Node node) =>
        FusionRule.Describe(node, Fusion, $"{Name(node.Inputs[0])} · {Name(node.Inputs[1])}{(Transposed ? "ᵀ" : "")}", 2);

    public IReadOnlyList<Value> Operands(Node node) => [.. node.Inputs.Skip(2)];

    public Op With(Fusion fusion) => this with { Fusion = fusion };
}

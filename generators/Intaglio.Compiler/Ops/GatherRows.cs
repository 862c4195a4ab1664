namespace Intaglio.Compiler;

/// <summary>The rows of x that the indices name. Inputs: x, indices.</summary>
internal sealed record GatherRows : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs[1].IsIndex, "GatherRows takes x and indices.");
        return [TensorType.Activation(inputs[1].Shape[0], inputs[0].Width)];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients[0] is { } gradient)
            gradients.Contribute(node.Inputs[0], gradients.Add(new ScatterRows(node.Inputs[0].Type), GradientBuilder.GradientName(node.Inputs[0]), gradient, node.Inputs[1]));
    }

    public override string Describe(Node node) => $"{Name(node.Inputs[0])}[{Name(node.Inputs[1])}]";
}

/// <summary>The gradient of <see cref="GatherRows"/>: rows that the indices name are x's, all others 0. Inputs: x, indices.</summary>
internal sealed record ScatterRows(TensorType Result) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs[1].IsIndex && inputs[0].Width == Result.Width, "ScatterRows takes x and indices.");
        return [Result];
    }

    public override string Describe(Node node) => $"{Name(node.Inputs[0])} at {Name(node.Inputs[1])}, 0 elsewhere";
}

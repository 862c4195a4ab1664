namespace Intaglio.Compiler;

/// <summary>The mean of each sequence's rows within its bounds. Inputs: x, bounds.</summary>
internal sealed record MeanRows : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs[1].IsIndex, "MeanRows takes x and bounds.");
        return [TensorType.Activation(inputs[1].Shape[0], inputs[0].Width)];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients[0] is { } gradient)
            gradients.Contribute(node.Inputs[0], gradients.Add(new MeanRowsGradient(node.Inputs[0].Type), GradientBuilder.GradientName(node.Inputs[0]), gradient, node.Inputs[1]));
    }

    public override string Describe(Node node) => $"mean of {Name(node.Inputs[0])} within {Name(node.Inputs[1])}";
}

/// <summary>The gradient of <see cref="MeanRows"/>: each row within its sequence's bounds gets an equal part. Inputs: the mean's gradient, bounds.</summary>
internal sealed record MeanRowsGradient(TensorType Result) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs) => [Result];

    public override string Describe(Node node) => $"equal parts of {Name(node.Inputs[0])} within {Name(node.Inputs[1])}, 0 elsewhere";
}

namespace Intaglio.Compiler;

/// <summary>Which way a loop over layers runs.</summary>
internal enum Direction
{
    /// <summary>From the first layer to the last.</summary>
    Forward,

    /// <summary>From the last layer to the first.</summary>
    Backward,
}

/// <summary>
/// A loop over layers: the body's first input is the carry, its one output the next carry, its other inputs are the same in every layer, and its parameters are
/// those of the layer at hand. The gradient of a
/// forward loop is a backward loop whose body also reads values of the forward body, which are kept for each layer.
/// </summary>
internal sealed record Repeat(Graph Body, int Count, Direction Direction) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(Body.Inputs.Select(input => input.Type).SequenceEqual(inputs) && Body.Outputs[0].Type == inputs[0], "A loop's carry has one type.");
        return [inputs[0]];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients[0] is not { } gradient)
            return;

        var body = Passes.Differentiate.Body(Body);
        gradients.Contribute(node.Inputs[0], gradients.Add(new Repeat(body, Count, Direction.Backward), GradientBuilder.GradientName(node.Inputs[0]), gradient));
    }

    public override string Describe(Node node) => $"{Name(node.Inputs[0])} through {Count} layers{(Direction == Direction.Backward ? ", last to first" : "")}";

    public bool Equals(Repeat? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Count;
}

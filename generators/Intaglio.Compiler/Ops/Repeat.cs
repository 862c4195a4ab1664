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
/// A loop over the layers of a stack: the body's inputs are what a layer hands to the next, its outputs their next values, and its parameters those of the layer at hand.
/// The body may read values from around the loop; they are the same in every layer. The gradient of a forward loop is a backward loop whose body also reads values of
/// the forward body, which are kept for each layer; the gradient of a value from around the loop is summed over the layers.
/// </summary>
/// <param name="Body">A layer.</param>
/// <param name="Count">Layers.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Stack">The stack's name: empty where it is the only one.</param>
internal sealed record Repeat(Graph Body, int Count, Direction Direction, string Stack) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(Body.Inputs.Select(input => input.Type).SequenceEqual(inputs) && Body.Outputs.Select(output => output.Type).SequenceEqual(inputs), "What a layer hands to the next has one type.");
        return inputs;
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients[0] is not { } gradient)
            return;

        var (body, around) = Passes.Differentiate.Body(Body);
        Value[] sums = [.. around.Select(value => gradients.Add(new Zeros(value.Type), GradientBuilder.GradientName(value)))];
        string[] names = [.. node.Inputs.Concat(around).Select(GradientBuilder.GradientName)];
        var results = gradients.Add(new Repeat(body, Count, Direction.Backward, Stack), GradientBuilder.GradientName(node.Inputs[0]), [gradient, .. sums], names);
        gradients.Contribute(node.Inputs[0], results[0]);
        for (var index = 0; index < around.Count; index++)
            gradients.Contribute(around[index], results[index + 1]);
    }

    public override int Results => Body.Inputs.Count;

    public override string Describe(Node node) => $"{string.Join(", ", node.Inputs.Select(Name))} through {Count} layers{(Direction == Direction.Backward ? ", last to first" : "")}";

    public bool Equals(Repeat? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Count;
}

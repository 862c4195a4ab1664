namespace Intaglio.Compiler;

/// <summary>What rotary positions turn.</summary>
/// <param name="Heads">Heads of the queries.</param>
/// <param name="KeyValueHeads">Heads of the keys.</param>
/// <param name="HeadSize">Width of a head.</param>
/// <param name="RotatedSize">Columns of a head that turn, from its first on.</param>
/// <param name="Layout">Which columns turn together.</param>
/// <param name="InterleavesHeads">Whether query, key and value of a head lie together.</param>
internal sealed record RotaryShape(int Heads, int KeyValueHeads, int HeadSize, int RotatedSize, RotaryLayout Layout, bool InterleavesHeads);

/// <summary>
/// Rotary positions of queries and keys, in place: each pair of columns turns by the angle of its row's position, or back. Inputs: queries, keys, positions.
/// The angles are the model's table, not a value of the graph.
/// </summary>
internal sealed record Rotate(RotaryShape Shape, Direction Direction) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count == 3 && inputs[2].IsIndex, "Rotate takes queries, keys and positions.");
        Require(inputs[0].Width == Shape.Heads * Shape.HeadSize && inputs[1].Width == Shape.KeyValueHeads * Shape.HeadSize, $"Rotate of {inputs[0]} and {inputs[1]} in heads of {Shape.HeadSize}.");
        return [inputs[0], inputs[1]];
    }

    // A rotation's gradient is the rotation back.
    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients.All(gradient => gradient is null))
            return;

        Require(Direction == Direction.Forward && outputGradients.All(gradient => gradient is not null), "Rotate with a part that nothing depends on.");
        string[] names = [.. node.Inputs.Take(2).Select(GradientBuilder.GradientName)];
        var results = gradients.Add(this with { Direction = Direction.Backward }, node.Name + "Backward", [outputGradients[0]!, outputGradients[1]!, node.Inputs[2]], names);
        gradients.Contribute(node.Inputs[0], results[0]);
        gradients.Contribute(node.Inputs[1], results[1]);
    }

    public override int Results => 2;

    public override string Describe(Node node) =>
        $"{Name(node.Inputs[0])} and {Name(node.Inputs[1])}, turned {(Direction == Direction.Forward ? "" : "back ")}by their positions' angles, in place";
}

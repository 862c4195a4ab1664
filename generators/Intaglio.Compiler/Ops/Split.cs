namespace Intaglio.Compiler;

/// <summary>Columns of x as several tensors, without a copy.</summary>
/// <param name="Widths">Columns of each.</param>
/// <param name="InterleavedHeads">Heads of each part where those of all parts take turns; 0 where the parts lie one after another.</param>
internal sealed record Split(EquatableArray<int> Widths, int InterleavedHeads) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs[0].Width == Widths.Sum(), $"Split of {inputs[0]} into {string.Join(" + ", Widths)}.");
        return [.. Widths.Select(width => TensorType.Activation(inputs[0].Shape[0], width))];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients.All(gradient => gradient is null))
            return;

        Require(outputGradients.All(gradient => gradient is not null), "Split with a part that nothing depends on.");
        gradients.Contribute(node.Inputs[0], gradients.Add(new Concat(Widths, InterleavedHeads), GradientBuilder.GradientName(node.Inputs[0]), [.. outputGradients.Select(gradient => gradient!)]));
    }

    public override int Results => Widths.Count;

    public override string Describe(Node node) => $"columns of {Name(node.Inputs[0])}";
}

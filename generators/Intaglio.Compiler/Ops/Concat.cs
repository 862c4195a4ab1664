namespace Intaglio.Compiler;

/// <summary>Tensors side by side, without a copy: whoever computes them writes into the columns. The inverse of <see cref="Split"/>.</summary>
internal sealed record Concat(EquatableArray<int> Widths, int InterleavedHeads) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Select(input => input.Width).SequenceEqual(Widths), "Concat of other widths than declared.");
        return [TensorType.Activation(inputs[0].Shape[0], Widths.Sum())];
    }

    public override string Describe(Node node) => string.Join(" | ", node.Inputs.Select(Name));
}

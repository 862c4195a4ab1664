namespace Intaglio.Compiler;

/// <summary>outputGradient · activation'(gate) · value, and beside it outputGradient · activation(gate). Inputs: x as the gate had it, outputGradient.</summary>
internal sealed record GateGradient(ActivationSpec Activation) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs[0].Width == 2 * inputs[1].Width, $"GateGradient of {inputs[0]} and {inputs[1]}.");
        return [inputs[0]];
    }

    public override string Describe(Node node)
    {
        var (gradient, activation) = (Name(node.Inputs[1]), Names.Camel(Activation.Name));
        return $"{gradient} · {activation}'(gate) · value | {gradient} · {activation}(gate)";
    }
}

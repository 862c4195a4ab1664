namespace Intaglio.Compiler;

/// <summary>fusion(activation(x's first half) · x's second half): a gated linear unit. Inputs: x, then the fusion's operands.</summary>
internal sealed record Gate(ActivationSpec Activation, Fusion Fusion) : Op, IFusing
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs[0].Width % 2 == 0, $"Gate of {inputs[0]}.");
        return FusionRule.Results(Fusion, TensorType.Activation(inputs[0].Shape[0], inputs[0].Width / 2));
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        Require(Fusion.IsIdentity, $"{node.Name} is differentiated after it was fused.");
        if (outputGradients[0] is not { } gradient)
            return;

        var x = node.Inputs[0];
        gradients.Contribute(x, gradients.Add(new GateGradient(Activation), node.Name + "Backward", [x, gradient], [GradientBuilder.GradientName(x)])[0]);
    }

    public override string Describe(Node node) => FusionRule.Describe(node, Fusion, $"{Names.Camel(Activation.Name)}(gate) · value of {Name(node.Inputs[0])}", 1);

    public IReadOnlyList<Value> Operands(Node node) => [.. node.Inputs.Skip(1)];

    public Op With(Fusion fusion) => this with { Fusion = fusion };
}

namespace Intaglio.Compiler;

/// <summary>
/// (x - mean) · rstd · gain + bias by row, and (mean, rstd); RMSNorm takes the mean for 0. Inputs: x, gain, and the bias if there is one.
/// </summary>
/// <param name="Kind">Which.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="HasBias">Whether a bias is added.</param>
/// <param name="UnitOffset">Whether the factor is 1 + gain.</param>
/// <param name="Groups">Groups of columns, such as heads, that are normalized by themselves with one gain.</param>
internal sealed record Normalize(NormalizationKind Kind, double Epsilon, bool HasBias, bool UnitOffset, int Groups) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count == (HasBias ? 3 : 2) && inputs[1].Count * Groups == inputs[0].Width, $"{Kind} of {inputs[0]} with a gain of {inputs[1]}.");
        return [inputs[0], TensorType.Activation(inputs[0].Shape[0], 2 * Groups)];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients[0] is not { } gradient)
            return;

        var (x, gain) = (node.Inputs[0], node.Inputs[1]);
        string[] names = [.. node.Inputs.Select(GradientBuilder.GradientName)];
        var results = gradients.Add(new NormalizeGradient(this, Fusion.Identity), node.Name + "Backward", [gradient, x, gain, node.Outputs[1]], names);
        for (var input = 0; input < node.Inputs.Count; input++)
            gradients.Contribute(node.Inputs[input], results[input]);
    }

    public override string Describe(Node node) => $"{Kind}({Name(node.Inputs[0])})";
}

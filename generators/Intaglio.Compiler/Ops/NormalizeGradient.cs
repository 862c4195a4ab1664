namespace Intaglio.Compiler;

/// <summary>
/// With x̂ = (x - mean) · rstd and g = outputGradient · gain: fusion(rstd · (g - mean(g) - x̂ · mean(g · x̂))), without mean(g) in RMSNorm, then Σ outputGradient · x̂ and, where a bias
/// followed, Σ outputGradient over the rows. Inputs: outputGradient, x, gain, statistics, then the fusion's operands.
/// Results: the input's gradient, the gain's, the bias's, and last the fusion's saved value.
/// </summary>
internal sealed record NormalizeGradient(Normalize Norm, Fusion Fusion) : Op, IFusing
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        var gain = TensorType.Parameter(NumberFormat.FP32, inputs[1].Width / Norm.Groups);
        var results = new List<TensorType> { inputs[1], gain };
        if (Norm.HasBias)
            results.Add(gain);

        if (Fusion.Saved is not null)
            results.Add(inputs[1]);

        return results;
    }

    public override string Describe(Node node) =>
        FusionRule.Describe(node, Fusion, $"{Norm.Kind} backward of {Name(node.Inputs[0])} at {Name(node.Inputs[1])}", 4);

    public IReadOnlyList<Value> Operands(Node node) => [.. node.Inputs.Skip(4)];

    public Op With(Fusion fusion) => this with { Fusion = fusion };
}

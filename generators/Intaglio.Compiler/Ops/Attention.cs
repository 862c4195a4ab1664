namespace Intaglio.Compiler;

/// <summary>What all attention ops share.</summary>
/// <param name="Heads">Heads of the queries.</param>
/// <param name="KeyValueHeads">Heads of keys and values.</param>
/// <param name="HeadSize">Width of a head.</param>
/// <param name="Scale">Factor of q · k.</param>
/// <param name="SlidingWindow">Positions that a query sees, its own included; 0 for all before it.</param>
/// <param name="SoftCap">c of c · tanh(score / c); 0 where scores are not bounded.</param>
/// <param name="DropoutRate">Probability of dropping a weight.</param>
/// <param name="Site">Which of a layer's dropouts this is.</param>
internal sealed record AttentionShape(int Heads, int KeyValueHeads, int HeadSize, double Scale, int SlidingWindow, double SoftCap, float DropoutRate, int Site)
{
    public string Describe() => $"{Heads} head{(Heads == 1 ? "" : "s")} of {HeadSize}{(KeyValueHeads == Heads ? "" : $" over {KeyValueHeads}")}";

    /// <summary>The weights: <c>softmax(0.125 · q kᵀ, causal)</c>.</summary>
    public string DescribeWeights(string keys, string mask)
    {
        var score = $"{(Scale == 1 ? "" : $"{Literal.Double(Math.Round(Scale, 6))} · ")}q {keys}ᵀ";
        var capped = SoftCap == 0 ? score : $"{Literal.Double(SoftCap)} · tanh({score} / {Literal.Double(SoftCap)})";
        return $"softmax({capped}{mask})";
    }

    /// <summary>What of the keys a query sees.</summary>
    public string Mask => SlidingWindow == 0 ? "causal" : $"causal over {Literal.Plain(SlidingWindow)}";
}

/// <summary>softmax(cap(scale · q kᵀ), causal or a causal window) v by sequence and head, and ln Σ exp of the scores. Inputs: q, k, v.</summary>
internal sealed record Attention(AttentionShape Shape) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs[0].Width == Shape.Heads * Shape.HeadSize, $"{Shape.Describe()} of queries {inputs[0]}.");
        Require(inputs[1].Width == Shape.KeyValueHeads * Shape.HeadSize && inputs[1] == inputs[2], $"{Shape.Describe()} of keys {inputs[1]} and values {inputs[2]}.");
        return [inputs[0], TensorType.Activation(inputs[0].Shape[0], Shape.Heads)];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients[0] is not { } gradient)
            return;

        string[] names = [.. node.Inputs.Select(GradientBuilder.GradientName), node.Name + "Delta"];
        var results = gradients.Add(new AttentionGradient(Shape), node.Name + "Backward", [.. node.Inputs, .. node.Outputs, gradient], names);
        for (var input = 0; input < node.Inputs.Count; input++)
            gradients.Contribute(node.Inputs[input], results[input]);
    }

    public override string Describe(Node node) => $"{Shape.DescribeWeights("k", $", {Shape.Mask}")} v, {Shape.Describe()}";
}

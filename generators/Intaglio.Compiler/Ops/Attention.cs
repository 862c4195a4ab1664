namespace Intaglio.Compiler;

/// <summary>What of the keys a query sees, windows and padding aside.</summary>
internal enum AttentionMask
{
    /// <summary>Those up to its own position.</summary>
    Causal,

    /// <summary>All.</summary>
    All,
}

/// <summary>What is added to scores by head and distance.</summary>
internal enum AttentionBias
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A slope times the distance: a table of the host.</summary>
    Alibi,

    /// <summary>A tensor of the graph.</summary>
    Learned,
}

/// <summary>What all attention ops share.</summary>
/// <param name="Heads">Heads of the queries.</param>
/// <param name="KeyValueHeads">Heads of keys and values.</param>
/// <param name="HeadSize">Width of a head.</param>
/// <param name="Scale">Factor of q · k.</param>
internal sealed record AttentionShape(int Heads, int KeyValueHeads, int HeadSize, double Scale)
{
    public AttentionMask Mask { get; init; }

    public AttentionBias Bias { get; init; }

    /// <summary>Whether the first and last visible key of each sequence is given.</summary>
    public bool HasBounds { get; init; }

    /// <summary>Positions that a query sees, its own included; 0 for all that the mask allows.</summary>
    public int SlidingWindow { get; init; }

    /// <summary>Every how many-th layer has another window; 0 where all have the same.</summary>
    public int EveryNthLayer { get; init; }

    /// <summary>The window of every n-th layer.</summary>
    public int EveryNthWindow { get; init; }

    /// <summary>c of c · tanh(score / c); 0 where scores are not bounded.</summary>
    public double SoftCap { get; init; }

    /// <summary>Probability of dropping a weight.</summary>
    public float DropoutRate { get; init; }

    /// <summary>Which of a layer's dropouts this is.</summary>
    public int Site { get; init; }

    /// <summary>Whether query, key and value of a head lie together.</summary>
    public bool InterleavesHeads { get; init; }

    public string Describe() => $"{Heads} head{(Heads == 1 ? "" : "s")} of {HeadSize}{(KeyValueHeads == Heads ? "" : $" over {KeyValueHeads}")}";

    /// <summary>The weights: <c>softmax(0.125 · q kᵀ, causal)</c>.</summary>
    public string DescribeWeights(string keys, string mask)
    {
        var score = $"{(Scale == 1 ? "" : $"{Literal.Double(Math.Round(Scale, 6))} · ")}q {keys}ᵀ";
        var capped = SoftCap == 0 ? score : $"{Literal.Double(SoftCap)} · tanh({score} / {Literal.Double(SoftCap)})";
        var bias = Bias == AttentionBias.None ? "" : Bias == AttentionBias.Alibi ? " + slope · distance" : " + bias";
        return $"softmax({capped}{bias}{mask})";
    }

    /// <summary>What of the keys a query sees.</summary>
    public string DescribeMask()
    {
        var mask = Mask == AttentionMask.All ? "all" : Window(SlidingWindow);
        if (EveryNthLayer > 0)
            mask += $"; in every layer whose number is a multiple of {Literal.Plain(EveryNthLayer)} {Window(EveryNthWindow)}";
        return HasBounds ? mask + " within bounds" : mask;

        static string Window(int positions) => positions == 0 ? "causal" : $"causal over {Literal.Plain(positions)}";
    }
}

/// <summary>
/// softmax(cap(scale · q kᵀ) + bias, mask) v by sequence and head, and ln Σ exp of the scores. Inputs: q, k, v, the bias [rows, 2 · heads] where it is learned, and the bounds where there are any.
/// </summary>
internal sealed record Attention(AttentionShape Shape) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count == 3 + (Shape.Bias == AttentionBias.Learned ? 1 : 0) + (Shape.HasBounds ? 1 : 0), "Attention takes q, k, v, and bias and bounds as far as it has them.");
        Require(inputs[0].Width == Shape.Heads * Shape.HeadSize, $"{Shape.Describe()} of queries {inputs[0]}.");
        Require(inputs[1].Width == Shape.KeyValueHeads * Shape.HeadSize && inputs[1] == inputs[2], $"{Shape.Describe()} of keys {inputs[1]} and values {inputs[2]}.");
        return [inputs[0], TensorType.Activation(inputs[0].Shape[0], Shape.Heads)];
    }

    public override void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients)
    {
        if (outputGradients[0] is not { } gradient)
            return;

        var differentiated = node.Inputs.Take(Shape.Bias == AttentionBias.Learned ? 4 : 3).ToList();
        string[] names = [.. differentiated.Take(3).Select(GradientBuilder.GradientName), node.Name + "Delta", .. differentiated.Skip(3).Select(_ => node.Name + "BiasGradient")];
        var results = gradients.Add(new AttentionGradient(Shape), node.Name + "Backward", [.. node.Inputs, .. node.Outputs, gradient], names);
        for (var input = 0; input < differentiated.Count; input++)
            gradients.Contribute(differentiated[input], results[input < 3 ? input : 4]);
    }

    public override string Describe(Node node) => $"{Shape.DescribeWeights("k", $", {Shape.DescribeMask()}")} v, {Shape.Describe()}";
}

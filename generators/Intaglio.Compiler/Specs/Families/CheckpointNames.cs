namespace Intaglio.Compiler;

/// <summary>What an architecture calls its tensors in checkpoints, without <c>.weight</c> and <c>.bias</c>, and how it stores them.</summary>
internal sealed record CheckpointNames
{
    /// <summary>Whether weights are stored [out, in], as PyTorch's Linear has them, rather than [in, out], as GPT-2's Conv1D.</summary>
    public bool IsTransposed { get; init; } = true;

    public required string TokenEmbedding { get; init; }

    public StackNames? Encoder { get; init; }

    public StackNames? Decoder { get; init; }

    public HeadNames Head { get; init; } = new();
}

/// <summary>The names of a stack's tensors.</summary>
internal sealed record StackNames
{
    public string PositionEmbedding { get; init; } = "";

    public string TokenTypeEmbedding { get; init; } = "";

    public string EmbeddingNorm { get; init; } = "";

    public string FinalNorm { get; init; } = "";

    /// <summary>The table of relative positions, with its suffix.</summary>
    public string RelativeBias { get; init; } = "";

    /// <summary>What stands before the names of a layer's tensors, <c>{layer}</c> for its index.</summary>
    public required string Layer { get; init; }

    /// <summary>Norms, and products of a layer's own, by the module's name; one that is not here is named as the module.</summary>
    public IReadOnlyDictionary<string, string> Modules { get; init; } = new Dictionary<string, string>();

    public required AttentionNames Attention { get; init; }

    public AttentionNames? CrossAttention { get; init; }

    public required FeedForwardNames FeedForward { get; init; }
}

/// <summary>The names of attention's tensors.</summary>
internal sealed record AttentionNames(string Query, string Key, string Value, string Output)
{
    /// <summary>The tensor that is queries, keys and values in one; empty where each has its own.</summary>
    public string Fused { get; init; } = "";

    /// <summary>Whether the fused tensor has query, key and value of a head together.</summary>
    public bool InterleavesHeads { get; init; }

    public string QueryNorm { get; init; } = "";

    public string KeyNorm { get; init; } = "";
}

/// <summary>The names of a feed-forward network's tensors.</summary>
/// <param name="Gate">The product up that is activated, of a gated network.</param>
/// <param name="Up">The product up.</param>
/// <param name="Down">The product down.</param>
internal sealed record FeedForwardNames(string Gate, string Up, string Down);

/// <summary>The names of a head's tensors; weight and bias with their suffixes.</summary>
internal sealed record HeadNames
{
    public string Transform { get; init; } = "";

    public string TransformNorm { get; init; } = "";

    public string Weight { get; init; } = "lm_head.weight";

    public string Bias { get; init; } = "lm_head.bias";

    /// <summary>Whether the bias is trained, rather than a buffer [1, Vocabulary] that only files have.</summary>
    public bool TrainsBias { get; init; } = true;
}

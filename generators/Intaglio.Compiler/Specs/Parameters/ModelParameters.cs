namespace Intaglio.Compiler;

/// <summary>A norm's tensors.</summary>
internal sealed record NormParameters(ParameterSpec Gain, ParameterSpec? Bias);

/// <summary>The tensors of a product.</summary>
internal sealed record ProductParameters(ParameterSpec Weight, ParameterSpec? Bias);

/// <summary>The tensors of attention.</summary>
/// <param name="Query">Of queries, keys and values together where they come from one sequence; else of the queries.</param>
/// <param name="KeyValue">Of keys and values, where they come from another sequence.</param>
/// <param name="Output">Back to the hidden size.</param>
/// <param name="QueryNorm">Of each head of the queries.</param>
/// <param name="KeyNorm">Of each head of the keys.</param>
internal sealed record AttentionParameters(ProductParameters Query, ProductParameters? KeyValue, ProductParameters Output, NormParameters? QueryNorm, NormParameters? KeyNorm);

/// <summary>The tensors of a feed-forward network.</summary>
/// <param name="Up">Of a gated network the gate, then the value.</param>
/// <param name="Down">Back to the hidden size.</param>
internal sealed record FeedForwardParameters(ProductParameters Up, ProductParameters Down);

/// <summary>The tensors of a stack. Absent ones are null.</summary>
internal sealed record StackParameters
{
    public required ParameterSpec? PositionEmbedding { get; init; }

    public required ParameterSpec? TokenTypeEmbedding { get; init; }

    public required NormParameters? EmbeddingNorm { get; init; }

    /// <summary>One number for each bucket of distances and head.</summary>
    public required ParameterSpec? RelativeBias { get; init; }

    /// <summary>The modules of a layer by their names: <see cref="NormParameters"/>, <see cref="AttentionParameters"/>, <see cref="FeedForwardParameters"/> or <see cref="ProductParameters"/>.</summary>
    public required IReadOnlyDictionary<string, object> Modules { get; init; }

    public required NormParameters? FinalNorm { get; init; }
}

/// <summary>The tensors of a head. Absent ones are null.</summary>
internal sealed record HeadParameters
{
    /// <summary>What comes before the logits' product: a pooler's or a masked-language-modelling head's.</summary>
    public ProductParameters? Transform { get; init; }

    public NormParameters? TransformNorm { get; init; }

    /// <summary>The logits' product; null where it is the token embedding, or where there are no logits.</summary>
    public ParameterSpec? Weight { get; init; }

    public ParameterSpec? Bias { get; init; }
}

/// <summary>The tensors of a model.</summary>
internal sealed record ModelParameters
{
    /// <summary>Whether the layers' weights are stored [out, in], as PyTorch's Linear has them, rather than [in, out].</summary>
    public required bool IsTransposed { get; init; }

    /// <summary>Whether query, key and value of a head lie together, as BLOOM stores them.</summary>
    public required bool InterleavesHeads { get; init; }

    public required ParameterSpec TokenEmbedding { get; init; }

    public required StackParameters? Encoder { get; init; }

    public required StackParameters? Decoder { get; init; }

    public required HeadParameters Head { get; init; }

    /// <summary>Every tensor, in the order of the weights.</summary>
    public required IReadOnlyList<ParameterSpec> All { get; init; }
}

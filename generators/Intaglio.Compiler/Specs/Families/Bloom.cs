namespace Intaglio.Compiler;

/// <summary>A BLOOM style decoder (transformers, <c>models/bloom</c>; arXiv:2211.05100): ALiBi, a norm after the embedding, query, key and value of a head together.</summary>
internal sealed class Bloom : Family
{
    public override string ModelType => "bloom";

    public override string Prefix => "transformer.";

    public override CheckpointNames Names(ModelSpec spec) => new()
    {
        TokenEmbedding = "word_embeddings",
        Decoder = new()
        {
            EmbeddingNorm = "word_embeddings_layernorm",
            Layer = "h.{layer}.",
            Modules = new Dictionary<string, string> { ["AttentionNorm"] = "input_layernorm", ["FeedForwardNorm"] = "post_attention_layernorm" },
            Attention = new("", "", "", "self_attention.dense") { Fused = "self_attention.query_key_value", InterleavesHeads = true },
            FeedForward = new("", "mlp.dense_h_to_4h", "mlp.dense_4h_to_h"),
            FinalNorm = "ln_f",
        },
    };

    public override IReadOnlyList<string> IgnoredTensors(ModelSpec spec) => spec.Embedding.TieWordEmbeddings ? ["lm_head.weight"] : [];

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec) =>
    [
        new("model_type", ModelType, IsFact: true, Default: ModelType),
        new("architectures", new[] { "BloomForCausalLM" }, IsFact: false),
        new("vocab_size", spec.VocabularySize, IsFact: true, Default: 250880),
        new("hidden_size", spec.HiddenSize, IsFact: true, Default: 64),
        new("n_layer", spec.Decoder!.Layers, IsFact: true, Default: 2),
        new("n_head", spec.Decoder.Attention.Heads, IsFact: true, Default: 8),
        new("layer_norm_epsilon", spec.Normalization.Epsilon, IsFact: true, Default: 1e-5),
        new("apply_residual_connection_post_layernorm", false, IsFact: true, Default: false),
        new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true, Default: true),
        new("seq_length", spec.ContextLength, IsFact: false),
        new("hidden_dropout", Decimal(spec.ResidualDropout), IsFact: false),
        new("attention_dropout", Decimal(spec.Decoder.Attention.Dropout), IsFact: false),
        new("initializer_range", 0.02, IsFact: false),
    ];

    protected override bool Fits(ModelSpec spec) =>
        IsPlainDecoder(spec)
        && spec.Normalization is { Kind: NormalizationKind.LayerNorm, Bias: true }
        && spec.PositionEncoding.Kind == PositionEncodingKind.Alibi
        && spec.Embedding is { Scale: 1, Normalize: true, TokenTypes: 0, PaddingToken: -1 }
        && spec.Decoder is
        {
            FeedForward: DenseFeedForwardSpec { Gated: false, Bias: true, Activation: { ConfigurationName: "gelu_new", IsOwn: false } } feedForward,
            Attention: { SlidingWindow: 0, EveryNthLayer: 0, QueryKeyNorm: false, LogitSoftCap: 0, HasUsualScale: true, QueryKeyValueBias: true, OutputBias: true } attention,
        }
        && feedForward.IntermediateSize == 4 * spec.HiddenSize
        && attention.KeyValueHeads == attention.Heads
        && attention.QuerySize == spec.HiddenSize;
}

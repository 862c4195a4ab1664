namespace Intaglio.Compiler;

/// <summary>
/// A T5 style encoder-decoder (transformers, <c>models/t5</c>; Raffel et al., arXiv:1910.10683): buckets of relative positions that all layers of a stack share, scores that are not scaled,
/// RMSNorm, no biases. FLAN-T5 and T5 1.1 have gated networks and a head of their own.
/// </summary>
internal sealed class T5 : Family
{
    public override string ModelType => "t5";

    public override string Prefix => "";

    public override CheckpointNames Names(ModelSpec spec) => new()
    {
        TokenEmbedding = "shared",
        Encoder = Stack("encoder", feedForwardLayer: 1, IsGated(spec)),
        Decoder = Stack("decoder", feedForwardLayer: 2, IsGated(spec)),
    };

    // Copies of the shared embedding, and the head where it is the embedding.
    public override IReadOnlyList<string> IgnoredTensors(ModelSpec spec) =>
    [
        "encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight",
        .. spec.Embedding.TieWordEmbeddings ? ["lm_head.weight"] : Array.Empty<string>(),
    ];

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var (attention, feedForward) = (spec.Encoder!.Attention, (DenseFeedForwardSpec)spec.Encoder.FeedForward);
        return
        [
            new("model_type", ModelType, IsFact: true, Default: ModelType),
            new("architectures", new[] { "T5ForConditionalGeneration" }, IsFact: false),
            new("is_encoder_decoder", true, IsFact: true, Default: true),
            new("vocab_size", spec.VocabularySize, IsFact: true, Default: 32128),
            new("d_model", spec.HiddenSize, IsFact: true, Default: 512),
            new("d_kv", attention.HeadSize, IsFact: true, Default: 64),
            new("d_ff", feedForward.IntermediateSize, IsFact: true, Default: 2048),
            new("num_layers", spec.Encoder.Layers, IsFact: true, Default: 6),
            new("num_decoder_layers", spec.Decoder!.Layers, IsFact: true, Default: spec.Encoder.Layers),
            new("num_heads", attention.Heads, IsFact: true, Default: 8),
            new("relative_attention_num_buckets", spec.PositionEncoding.Buckets, IsFact: true, Default: 32),
            new("relative_attention_max_distance", spec.PositionEncoding.MaxDistance, IsFact: true, Default: 128),
            new("feed_forward_proj", (feedForward.Gated ? "gated-" : "") + (feedForward.Gated && feedForward.Activation.ConfigurationName == "gelu_new" ? "gelu" : feedForward.Activation.ConfigurationName), IsFact: true, Default: "relu"),
            new("layer_norm_epsilon", spec.Normalization.Epsilon, IsFact: true, Default: 1e-6),
            new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true, Default: true),
            new("n_positions", spec.ContextLength, IsFact: false),
            new("dropout_rate", Decimal(spec.ResidualDropout), IsFact: false),
            new("decoder_start_token_id", 0, IsFact: false),
            new("pad_token_id", 0, IsFact: false),
            new("eos_token_id", 1, IsFact: false),
            new("initializer_factor", 1.0, IsFact: false),
        ];
    }

    protected override bool Fits(ModelSpec spec) =>
        spec is
        {
            Encoder: { } encoder,
            Decoder: { CrossAttention: { } cross } decoder,
            Head: LanguageModelingHeadSpec { Bias: false, LogitSoftCap: 0 } head,
            Normalization: { Kind: NormalizationKind.RmsNorm, Placement: NormalizationPlacement.Pre, Bias: false, UnitOffset: false },
            PositionEncoding.Kind: PositionEncodingKind.RelativeBuckets,
            Embedding: { Scale: 1, Normalize: false, TokenTypes: 0, PaddingToken: -1 },
        }
        && Math.Abs(head.Scale - (spec.Embedding.TieWordEmbeddings ? 1 / Math.Sqrt(spec.HiddenSize) : 1)) < 1e-6
        && encoder.FeedForward == decoder.FeedForward
        && encoder.FeedForward is DenseFeedForwardSpec { Bias: false, Activation.IsOwn: false }
        && encoder.Block == StockBlocks.Of(NormalizationPlacement.Pre, attendsToEncoder: false, isParallel: false)
        && decoder.Block == StockBlocks.Of(NormalizationPlacement.Pre, attendsToEncoder: true, isParallel: false)
        && new[] { encoder.Attention, decoder.Attention, cross }.All(attention => attention == encoder.Attention)
        && encoder.Attention is { Scale: 1, SlidingWindow: 0, EveryNthLayer: 0, QueryKeyNorm: false, LogitSoftCap: 0, QueryKeyValueBias: false, OutputBias: false } own
        && own.KeyValueHeads == own.Heads;

    private static bool IsGated(ModelSpec spec) => ((DenseFeedForwardSpec)spec.Main.FeedForward).Gated;

    private static StackNames Stack(string stack, int feedForwardLayer, bool isGated)
    {
        var dense = $"layer.{feedForwardLayer}.DenseReluDense.";
        return new()
        {
            RelativeBias = $"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
            Layer = stack + ".block.{layer}.",
            Modules = new Dictionary<string, string>
            {
                ["AttentionNorm"] = "layer.0.layer_norm",
                ["CrossAttentionNorm"] = "layer.1.layer_norm",
                ["FeedForwardNorm"] = $"layer.{feedForwardLayer}.layer_norm",
            },
            Attention = new("layer.0.SelfAttention.q", "layer.0.SelfAttention.k", "layer.0.SelfAttention.v", "layer.0.SelfAttention.o"),
            CrossAttention = new("layer.1.EncDecAttention.q", "layer.1.EncDecAttention.k", "layer.1.EncDecAttention.v", "layer.1.EncDecAttention.o"),
            FeedForward = new(dense + "wi_0", dense + (isGated ? "wi_1" : "wi"), dense + "wo"),
            FinalNorm = stack + ".final_layer_norm",
        };
    }
}

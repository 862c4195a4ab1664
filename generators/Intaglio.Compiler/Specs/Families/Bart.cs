namespace Intaglio.Compiler;

/// <summary>A BART style encoder-decoder (transformers, <c>models/bart</c>; Lewis et al., arXiv:1910.13461): norms after each block and after the embedding, learned positions from the third row on.</summary>
internal sealed class Bart : Family
{
    public override string ModelType => "bart";

    public override string Prefix => "model.";

    public override CheckpointNames Names(ModelSpec spec) => new()
    {
        TokenEmbedding = "shared",
        Encoder = Stack("encoder."),
        Decoder = Stack("decoder."),
        Head = new() { Bias = "final_logits_bias", TrainsBias = false },
    };

    // Copies of the shared embedding.
    public override IReadOnlyList<string> IgnoredTensors(ModelSpec spec) => ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", .. spec.Embedding.TieWordEmbeddings ? ["lm_head.weight"] : Array.Empty<string>()];

    public override bool IsOutsidePrefix(string name) => base.IsOutsidePrefix(name) || name == "final_logits_bias";

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var (encoder, decoder) = (spec.Encoder!, spec.Decoder!);
        var (encoderInner, decoderInner) = ((DenseFeedForwardSpec)encoder.FeedForward, (DenseFeedForwardSpec)decoder.FeedForward);
        return
        [
            new("model_type", ModelType, IsFact: true, Default: ModelType),
            new("architectures", new[] { "BartForConditionalGeneration" }, IsFact: false),
            new("is_encoder_decoder", true, IsFact: true, Default: true),
            new("vocab_size", spec.VocabularySize, IsFact: true, Default: 50265),
            new("max_position_embeddings", spec.ContextLength, IsFact: true, Default: 1024),
            new("d_model", spec.HiddenSize, IsFact: true, Default: 1024),
            new("encoder_layers", encoder.Layers, IsFact: true, Default: 12),
            new("encoder_ffn_dim", encoderInner.IntermediateSize, IsFact: true, Default: 4096),
            new("encoder_attention_heads", encoder.Attention.Heads, IsFact: true, Default: 16),
            new("decoder_layers", decoder.Layers, IsFact: true, Default: 12),
            new("decoder_ffn_dim", decoderInner.IntermediateSize, IsFact: true, Default: 4096),
            new("decoder_attention_heads", decoder.Attention.Heads, IsFact: true, Default: 16),
            new("activation_function", encoderInner.Activation.ConfigurationName, IsFact: true, Default: "gelu"),
            new("scale_embedding", spec.Embedding.Scale != 1, IsFact: true, Default: false),
            new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true, Default: true),
            new("dropout", Decimal(spec.ResidualDropout), IsFact: false),
            new("attention_dropout", Decimal(encoder.Attention.Dropout), IsFact: false),
            new("activation_dropout", Decimal(encoderInner.Dropout), IsFact: false),
            new("pad_token_id", spec.Embedding.PaddingToken < 0 ? 1 : spec.Embedding.PaddingToken, IsFact: false),
            new("bos_token_id", 0, IsFact: false),
            new("eos_token_id", 2, IsFact: false),
            new("decoder_start_token_id", 2, IsFact: false),
            new("init_std", 0.02, IsFact: false),
        ];
    }

    protected override bool Fits(ModelSpec spec) =>
        spec is
        {
            Encoder: { } encoder,
            Decoder: { CrossAttention: { } cross } decoder,
            Head: LanguageModelingHeadSpec { Bias: true, LogitSoftCap: 0, Scale: 1 },
            Normalization: { Kind: NormalizationKind.LayerNorm, Placement: NormalizationPlacement.Post, Bias: true, UnitOffset: false },
            PositionEncoding: { Kind: PositionEncodingKind.Learned, Offset: 2 },
            Embedding: { Normalize: true, TokenTypes: 0 },
        }
        && (spec.Embedding.Scale == 1 || Math.Abs(spec.Embedding.Scale - Math.Sqrt(spec.HiddenSize)) < 1e-4 * spec.Embedding.Scale)
        && encoder.Block == StockBlocks.Of(NormalizationPlacement.Post, attendsToEncoder: false, isParallel: false)
        && decoder.Block == StockBlocks.Of(NormalizationPlacement.Post, attendsToEncoder: true, isParallel: false)
        && new[] { encoder.FeedForward, decoder.FeedForward }.All(feedForward => feedForward is DenseFeedForwardSpec { Gated: false, Bias: true, Activation.IsOwn: false })
        && ((DenseFeedForwardSpec)encoder.FeedForward).Activation == ((DenseFeedForwardSpec)decoder.FeedForward).Activation
        && new[] { encoder.Attention, decoder.Attention, cross }.All(attention =>
            attention is { HasUsualScale: true, SlidingWindow: 0, EveryNthLayer: 0, QueryKeyNorm: false, LogitSoftCap: 0, QueryKeyValueBias: true, OutputBias: true }
            && attention.KeyValueHeads == attention.Heads
            && attention.QuerySize == spec.HiddenSize)
        && cross.Heads == decoder.Attention.Heads;

    private static StackNames Stack(string stack) => new()
    {
        PositionEmbedding = stack + "embed_positions",
        EmbeddingNorm = stack + "layernorm_embedding",
        Layer = stack + "layers.{layer}.",
        Modules = new Dictionary<string, string>
        {
            ["AttentionNorm"] = "self_attn_layer_norm",
            ["CrossAttentionNorm"] = "encoder_attn_layer_norm",
            ["FeedForwardNorm"] = "final_layer_norm",
        },
        Attention = new("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"),
        CrossAttention = new("encoder_attn.q_proj", "encoder_attn.k_proj", "encoder_attn.v_proj", "encoder_attn.out_proj"),
        FeedForward = new("", "fc1", "fc2"),
    };
}

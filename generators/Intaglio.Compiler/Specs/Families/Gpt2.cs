namespace Intaglio.Compiler;

/// <summary>A GPT-2 style decoder (transformers, <c>models/gpt2</c>): one product for query, key and value; weights are Conv1D's, stored [in, out].</summary>
internal sealed class Gpt2 : Family
{
    public override string ModelType => "gpt2";

    public override string Prefix => "transformer.";

    // The masks, and the head where it is the embedding.
    public override IReadOnlyList<string> IgnoredTensors(ModelSpec spec) =>
        spec.Embedding.TieWordEmbeddings
            ? ["h.{layer}.attn.bias", "h.{layer}.attn.masked_bias", "lm_head.weight"]
            : ["h.{layer}.attn.bias", "h.{layer}.attn.masked_bias"];

    public override CheckpointNames Names(ModelSpec spec) => new()
    {
        IsTransposed = false,
        TokenEmbedding = "wte",
        Decoder = new()
        {
            PositionEmbedding = "wpe",
            Layer = "h.{layer}.",
            Modules = new Dictionary<string, string> { ["AttentionNorm"] = "ln_1", ["FeedForwardNorm"] = "ln_2" },
            Attention = new("", "", "", "attn.c_proj") { Fused = "attn.c_attn" },
            FeedForward = new("", "mlp.c_fc", "mlp.c_proj"),
            FinalNorm = "ln_f",
        },
    };

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var (decoder, feedForward) = (spec.Decoder!, (DenseFeedForwardSpec)spec.Decoder!.FeedForward);
        return
        [
            new("model_type", ModelType, IsFact: true, Default: ModelType),
            new("architectures", new[] { "GPT2LMHeadModel" }, IsFact: false),
            new("vocab_size", spec.VocabularySize, IsFact: true, Default: 50257),
            new("n_positions", spec.ContextLength, IsFact: true, Default: 1024),
            new("n_embd", spec.HiddenSize, IsFact: true, Default: 768),
            new("n_layer", decoder.Layers, IsFact: true, Default: 12),
            new("n_head", decoder.Attention.Heads, IsFact: true, Default: 12),
            new("n_inner", feedForward.IntermediateSize, IsFact: true, Default: 4 * spec.HiddenSize),
            new("activation_function", feedForward.Activation.ConfigurationName, IsFact: true, Default: "gelu_new"),
            new("layer_norm_epsilon", spec.Normalization.Epsilon, IsFact: true, Default: 1e-5),
            new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true, Default: true),
            new("scale_attn_weights", true, IsFact: true, Default: true),
            new("scale_attn_by_inverse_layer_idx", false, IsFact: true, Default: false),
            new("attn_pdrop", Decimal(decoder.Attention.Dropout), IsFact: false),
            new("embd_pdrop", Decimal(spec.Embedding.Dropout), IsFact: false),
            new("resid_pdrop", Decimal(spec.ResidualDropout), IsFact: false),
            new("initializer_range", 0.02, IsFact: false),
        ];
    }

    protected override bool Fits(ModelSpec spec) =>
        IsPlainDecoder(spec)
        && spec.Normalization.Kind == NormalizationKind.LayerNorm
        && spec.PositionEncoding is { Kind: PositionEncodingKind.Learned, Offset: 0 } or { Kind: PositionEncodingKind.None }
        && spec.Embedding is { Scale: 1, Normalize: false, TokenTypes: 0, PaddingToken: -1 }
        && spec.Decoder is
        {
            FeedForward: DenseFeedForwardSpec { Gated: false, Activation.IsOwn: false },
            Attention: { SlidingWindow: 0, EveryNthLayer: 0, QueryKeyNorm: false, LogitSoftCap: 0, HasUsualScale: true } attention,
        }
        && attention.KeyValueHeads == attention.Heads
        && attention.QuerySize == spec.HiddenSize;
}

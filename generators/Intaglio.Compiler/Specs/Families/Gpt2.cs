namespace Intaglio.Compiler;

/// <summary>A GPT-2 style decoder (transformers, <c>models/gpt2</c>): one product for query, key and value; weights are Conv1D's, stored [in, out].</summary>
internal sealed class Gpt2 : Family
{
    public override string Prefix => "transformer.";

    // The masks, and the head where it is the embedding.
    public override IReadOnlyList<string> IgnoredTensors(ModelSpec spec) =>
        spec.Embedding.TieWordEmbeddings
            ? ["h.{layer}.attn.bias", "h.{layer}.attn.masked_bias", "lm_head.weight"]
            : ["h.{layer}.attn.bias", "h.{layer}.attn.masked_bias"];

    public override DecoderParameters Parameters(ModelSpec spec)
    {
        var (hidden, layers, feedForward) = (spec.HiddenSize, spec.Layers, (DenseFeedForwardSpec)spec.FeedForward);
        var inner = feedForward.IntermediateSize;
        return new()
        {
            IsTransposed = false,
            TokenEmbedding = Weight("TokenEmbedding", "wte.weight", Segment.Embedding, spec.VocabularySize, hidden, spec.Embedding.TieWordEmbeddings ? "tied with the head" : ""),
            PositionEmbedding = spec.PositionEncoding.Kind == PositionEncodingKind.Learned
                ? Weight("PositionEmbedding", "wpe.weight", Segment.Embedding, spec.ContextLength, hidden)
                : null,
            AttentionNormGain = Gain("AttentionNormGain", "h.{layer}.ln_1.weight", hidden),
            AttentionNormBias = spec.Normalization.Bias ? Bias("AttentionNormBias", "h.{layer}.ln_1.bias", hidden) : null,
            QkvWeight = Weight("QkvWeight", "h.{layer}.attn.c_attn.weight", Segment.Layer, hidden, 3 * hidden),
            QkvBias = spec.Attention.QueryKeyValueBias ? Bias("QkvBias", "h.{layer}.attn.c_attn.bias", 3 * hidden) : null,
            ProjectionWeight = ResidualWeight("ProjectionWeight", "h.{layer}.attn.c_proj.weight", hidden, hidden, layers),
            ProjectionBias = spec.Attention.OutputBias ? Bias("ProjectionBias", "h.{layer}.attn.c_proj.bias", hidden) : null,
            FeedForwardNormGain = Gain("FeedForwardNormGain", "h.{layer}.ln_2.weight", hidden),
            FeedForwardNormBias = spec.Normalization.Bias ? Bias("FeedForwardNormBias", "h.{layer}.ln_2.bias", hidden) : null,
            UpWeight = Weight("UpWeight", "h.{layer}.mlp.c_fc.weight", Segment.Layer, hidden, inner),
            UpBias = feedForward.Bias ? Bias("UpBias", "h.{layer}.mlp.c_fc.bias", inner) : null,
            DownWeight = ResidualWeight("DownWeight", "h.{layer}.mlp.c_proj.weight", inner, hidden, layers),
            DownBias = feedForward.Bias ? Bias("DownBias", "h.{layer}.mlp.c_proj.bias", hidden) : null,
            FinalNormGain = Gain("FinalNormGain", "ln_f.weight", hidden, Segment.Head),
            FinalNormBias = spec.Normalization.Bias ? Bias("FinalNormBias", "ln_f.bias", hidden, Segment.Head) : null,
            HeadWeight = spec.Embedding.TieWordEmbeddings ? null : Weight("HeadWeight", "lm_head.weight", Segment.Head, spec.VocabularySize, hidden, "not under the prefix"),
        };
    }

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var feedForward = (DenseFeedForwardSpec)spec.FeedForward;
        return
        [
            new("model_type", "gpt2", IsFact: true, Default: "gpt2"),
            new("architectures", new[] { "GPT2LMHeadModel" }, IsFact: false),
            new("vocab_size", spec.VocabularySize, IsFact: true, Default: 50257),
            new("n_positions", spec.ContextLength, IsFact: true, Default: 1024),
            new("n_embd", spec.HiddenSize, IsFact: true, Default: 768),
            new("n_layer", spec.Layers, IsFact: true, Default: 12),
            new("n_head", spec.Attention.Heads, IsFact: true, Default: 12),
            new("n_inner", feedForward.IntermediateSize, IsFact: true, Default: 4 * spec.HiddenSize),
            new("activation_function", feedForward.Activation.ConfigurationName, IsFact: true, Default: "gelu_new"),
            new("layer_norm_epsilon", spec.Normalization.Epsilon, IsFact: true, Default: 1e-5),
            new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true, Default: true),
            new("scale_attn_weights", true, IsFact: true, Default: true),
            new("scale_attn_by_inverse_layer_idx", false, IsFact: true, Default: false),
            new("attn_pdrop", Decimal(spec.Attention.Dropout), IsFact: false),
            new("embd_pdrop", Decimal(spec.Embedding.Dropout), IsFact: false),
            new("resid_pdrop", Decimal(spec.ResidualDropout), IsFact: false),
            new("initializer_range", 0.02, IsFact: false),
        ];
    }

    protected override bool Fits(ModelSpec spec) =>
        spec.Normalization.Kind == NormalizationKind.LayerNorm
        && spec.PositionEncoding.Kind is PositionEncodingKind.Learned or PositionEncodingKind.None
        && spec.FeedForward is DenseFeedForwardSpec { Gated: false, Activation.IsOwn: false }
        && spec.Attention is { SlidingWindow: 0, LogitSoftCap: 0, HasUsualScale: true }
        && spec.Attention.KeyValueHeads == spec.Attention.Heads
        && spec.Attention.QuerySize == spec.HiddenSize;
}

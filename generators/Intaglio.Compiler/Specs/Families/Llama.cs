namespace Intaglio.Compiler;

/// <summary>
/// A LLaMA style decoder (transformers, <c>models/llama</c>): weights are Linear's, stored [out, in]. Query, key and value, and gate and value, lie one below
/// the other, so that each is one product.
/// </summary>
internal class Llama : Family
{
    public override string Prefix => "model.";

    // Frequencies that old versions stored, and the head where it is the embedding.
    public override IReadOnlyList<string> IgnoredTensors(ModelSpec spec) =>
        spec.Embedding.TieWordEmbeddings ? ["layers.{layer}.self_attn.rotary_emb.inv_freq", "lm_head.weight"] : ["layers.{layer}.self_attn.rotary_emb.inv_freq"];

    public override DecoderParameters Parameters(ModelSpec spec)
    {
        var (hidden, layers, attention, feedForward) = (spec.HiddenSize, spec.Layers, spec.Attention, (DenseFeedForwardSpec)spec.FeedForward);
        var inner = feedForward.IntermediateSize;
        const string selfAttention = "layers.{layer}.self_attn.";
        const string mlp = "layers.{layer}.mlp.";
        return new()
        {
            IsTransposed = true,
            TokenEmbedding = Weight("TokenEmbedding", "embed_tokens.weight", Segment.Embedding, spec.VocabularySize, hidden, spec.Embedding.TieWordEmbeddings ? "tied with the head" : ""),
            PositionEmbedding = spec.PositionEncoding.Kind == PositionEncodingKind.Learned
                ? Weight("PositionEmbedding", "embed_positions.weight", Segment.Embedding, spec.ContextLength, hidden)
                : null,
            AttentionNormGain = Gain("AttentionNormGain", "layers.{layer}.input_layernorm.weight", hidden),
            AttentionNormBias = spec.Normalization.Bias ? Bias("AttentionNormBias", "layers.{layer}.input_layernorm.bias", hidden) : null,
            QkvWeight = StackedWeight(
                "QkvWeight",
                hidden,
                (selfAttention + "q_proj.weight", attention.QuerySize),
                (selfAttention + "k_proj.weight", attention.KeyValueSize),
                (selfAttention + "v_proj.weight", attention.KeyValueSize)),
            QkvBias = attention.QueryKeyValueBias
                ? StackedBias(
                    "QkvBias",
                    (selfAttention + "q_proj.bias", attention.QuerySize),
                    (selfAttention + "k_proj.bias", attention.KeyValueSize),
                    (selfAttention + "v_proj.bias", attention.KeyValueSize))
                : null,
            ProjectionWeight = ResidualWeight("ProjectionWeight", selfAttention + "o_proj.weight", hidden, attention.QuerySize, layers),
            ProjectionBias = attention.OutputBias ? Bias("ProjectionBias", selfAttention + "o_proj.bias", hidden) : null,
            FeedForwardNormGain = Gain("FeedForwardNormGain", "layers.{layer}.post_attention_layernorm.weight", hidden),
            FeedForwardNormBias = spec.Normalization.Bias ? Bias("FeedForwardNormBias", "layers.{layer}.post_attention_layernorm.bias", hidden) : null,
            UpWeight = feedForward.Gated
                ? StackedWeight("GateUpWeight", hidden, (mlp + "gate_proj.weight", inner), (mlp + "up_proj.weight", inner))
                : Weight("UpWeight", mlp + "up_proj.weight", Segment.Layer, inner, hidden),
            UpBias = (feedForward.Bias, feedForward.Gated) switch
            {
                (false, _) => null,
                (_, true) => StackedBias("GateUpBias", (mlp + "gate_proj.bias", inner), (mlp + "up_proj.bias", inner)),
                _ => Bias("UpBias", mlp + "up_proj.bias", inner),
            },
            DownWeight = ResidualWeight("DownWeight", mlp + "down_proj.weight", hidden, inner, layers),
            DownBias = feedForward.Bias ? Bias("DownBias", mlp + "down_proj.bias", hidden) : null,
            FinalNormGain = Gain("FinalNormGain", "norm.weight", hidden, Segment.Head),
            FinalNormBias = spec.Normalization.Bias ? Bias("FinalNormBias", "norm.bias", hidden, Segment.Head) : null,
            HeadWeight = spec.Embedding.TieWordEmbeddings ? null : Weight("HeadWeight", "lm_head.weight", Segment.Head, spec.VocabularySize, hidden, "not under the prefix"),
        };
    }

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var (attention, feedForward) = (spec.Attention, (DenseFeedForwardSpec)spec.FeedForward);
        return
        [
            .. Identity("llama", "LlamaForCausalLM"),
            .. Sizes(spec, vocabulary: 32000, context: 2048, intermediate: 11008, keyValueHeads: attention.Heads),
            new("rope_scaling", null, IsFact: true),
            new("attention_bias", attention.QueryKeyValueBias, IsFact: true, Default: false),
            new("mlp_bias", feedForward.Bias, IsFact: true, Default: false),
        ];
    }

    protected static ConfigurationKey[] Identity(string type, string architecture) =>
    [
        new("model_type", type, IsFact: true, Default: type),
        new("architectures", new[] { architecture }, IsFact: false),
    ];

    /// <summary>What all architectures made like LLaMA write, with the defaults in which their configuration classes differ.</summary>
    protected static ConfigurationKey[] Sizes(ModelSpec spec, int vocabulary, int context, int intermediate, int keyValueHeads)
    {
        var (attention, feedForward) = (spec.Attention, (DenseFeedForwardSpec)spec.FeedForward);
        return
        [
            new("vocab_size", spec.VocabularySize, IsFact: true, Default: vocabulary),
            new("max_position_embeddings", spec.ContextLength, IsFact: true, Default: context),
            new("hidden_size", spec.HiddenSize, IsFact: true, Default: 4096),
            new("intermediate_size", feedForward.IntermediateSize, IsFact: true, Default: intermediate),
            new("num_hidden_layers", spec.Layers, IsFact: true, Default: 32),
            new("num_attention_heads", attention.Heads, IsFact: true, Default: 32),
            new("num_key_value_heads", attention.KeyValueHeads, IsFact: true, Default: keyValueHeads),
            new("head_dim", attention.HeadSize, IsFact: true, Default: spec.HiddenSize / attention.Heads),
            new("hidden_act", feedForward.Activation.ConfigurationName, IsFact: true, Default: "silu"),
            new("rms_norm_eps", spec.Normalization.Epsilon, IsFact: true, Default: 1e-6),
            new("rope_theta", spec.PositionEncoding.RotaryTheta, IsFact: true, Default: 10000.0),
            new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true, Default: false),
            new("attention_dropout", Decimal(attention.Dropout), IsFact: false),
            new("initializer_range", 0.02, IsFact: false),
        ];
    }

    /// <summary>RMSNorm, rotary positions as transformers turns them, a gate with a built-in activation, and scores that are only scaled.</summary>
    protected static bool IsLikeLlama(ModelSpec spec) =>
        spec.Normalization.Kind == NormalizationKind.RmsNorm
        && spec.PositionEncoding is { Kind: PositionEncodingKind.Rotary, Layout: RotaryLayout.HalfSplit }
        && spec.FeedForward is DenseFeedForwardSpec { Gated: true, Activation.IsOwn: false }
        && spec.Attention is { LogitSoftCap: 0, HasUsualScale: true };

    protected override bool Fits(ModelSpec spec) => IsLikeLlama(spec) && spec.Attention.SlidingWindow == 0 && spec.Attention.QueryKeyValueBias == spec.Attention.OutputBias;
}

namespace Intaglio.Compiler;

/// <summary>
/// A LLaMA style decoder (transformers, <c>models/llama</c>): weights are Linear's, stored [out, in]. Query, key and value, and gate and value, lie one below
/// the other, so that each is one product.
/// </summary>
internal class Llama : Family
{
    public override string ModelType => "llama";

    public override string Prefix => "model.";

    // Frequencies that old versions stored, and the head where it is the embedding.
    public override IReadOnlyList<string> IgnoredTensors(ModelSpec spec) =>
        spec.Embedding.TieWordEmbeddings ? ["layers.{layer}.self_attn.rotary_emb.inv_freq", "lm_head.weight"] : ["layers.{layer}.self_attn.rotary_emb.inv_freq"];

    public override CheckpointNames Names(ModelSpec spec) => new() { TokenEmbedding = "embed_tokens", Decoder = Stack };

    /// <summary>The names of a stack of layers.</summary>
    protected static StackNames Stack { get; } = new()
    {
        PositionEmbedding = "embed_positions",
        Layer = "layers.{layer}.",
        Modules = new Dictionary<string, string> { ["AttentionNorm"] = "input_layernorm", ["FeedForwardNorm"] = "post_attention_layernorm" },
        Attention = new("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj") { QueryNorm = "self_attn.q_norm", KeyNorm = "self_attn.k_norm" },
        FeedForward = new("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"),
        FinalNorm = "norm",
    };

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var (attention, feedForward) = (spec.Decoder!.Attention, (DenseFeedForwardSpec)spec.Decoder.FeedForward);
        return
        [
            .. Identity("LlamaForCausalLM"),
            .. Sizes(spec, vocabulary: 32000, context: 2048, intermediate: 11008, keyValueHeads: attention.Heads),
            RotaryScaling(spec.PositionEncoding.Scaling),
            new("attention_bias", attention.QueryKeyValueBias, IsFact: true, Default: false),
            new("mlp_bias", feedForward.Bias, IsFact: true, Default: false),
        ];
    }

    /// <summary>How rotary angles are changed.</summary>
    protected static ConfigurationKey RotaryScaling(RotaryScalingSpec? scaling) => new("rope_scaling", scaling?.Kind switch
    {
        null => null,
        RotaryScalingKind.Linear => new KeyValueList([("rope_type", "linear"), ("factor", Decimal(scaling.Factor))]),
        RotaryScalingKind.DynamicNtk => new KeyValueList([("rope_type", "dynamic"), ("factor", Decimal(scaling.Factor))]),
        RotaryScalingKind.Yarn => new KeyValueList([("rope_type", "yarn"), ("factor", Decimal(scaling.Factor)), ("original_max_position_embeddings", scaling.OriginalContext)]),
        _ => new KeyValueList(
        [
            ("rope_type", "llama3"), ("factor", Decimal(scaling.Factor)), ("low_freq_factor", Decimal(scaling.LowFrequencyFactor)), ("high_freq_factor", Decimal(scaling.HighFrequencyFactor)),
            ("original_max_position_embeddings", scaling.OriginalContext),
        ]),
    }, IsFact: true, Default: scaling is null ? null : "none");

    /// <summary>The token whose row gets no gradient, where there is one.</summary>
    protected static ConfigurationKey[] PaddingToken(ModelSpec spec) => spec.Embedding.PaddingToken is var token and >= 0 ? [new("pad_token_id", token, IsFact: false)] : [];

    protected ConfigurationKey[] Identity(string architecture) =>
    [
        new("model_type", ModelType, IsFact: true, Default: ModelType),
        new("architectures", new[] { architecture }, IsFact: false),
    ];

    /// <summary>What all architectures made like LLaMA write, with the defaults in which their configuration classes differ.</summary>
    protected static ConfigurationKey[] Sizes(ModelSpec spec, int vocabulary, int context, int intermediate, int keyValueHeads)
    {
        var (attention, feedForward) = (spec.Decoder!.Attention, (DenseFeedForwardSpec)spec.Decoder.FeedForward);
        return
        [
            new("vocab_size", spec.VocabularySize, IsFact: true, Default: vocabulary),
            new("max_position_embeddings", spec.ContextLength, IsFact: true, Default: context),
            new("hidden_size", spec.HiddenSize, IsFact: true, Default: 4096),
            new("intermediate_size", feedForward.IntermediateSize, IsFact: true, Default: intermediate),
            new("num_hidden_layers", spec.Decoder.Layers, IsFact: true, Default: 32),
            new("num_attention_heads", attention.Heads, IsFact: true, Default: 32),
            new("num_key_value_heads", attention.KeyValueHeads, IsFact: true, Default: keyValueHeads),
            new("head_dim", attention.HeadSize, IsFact: true, Default: spec.HiddenSize / attention.Heads),
            new("hidden_act", feedForward.Activation.ConfigurationName, IsFact: true, Default: "silu"),
            new("rms_norm_eps", spec.Normalization.Epsilon, IsFact: true, Default: 1e-6),
            new("rope_theta", spec.PositionEncoding.RotaryTheta, IsFact: true, Default: 10000.0),
            new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true, Default: false),
            new("attention_dropout", Decimal(attention.Dropout), IsFact: false),
            .. PaddingToken(spec),
            new("initializer_range", 0.02, IsFact: false),
        ];
    }

    /// <summary>RMSNorm, rotary positions as transformers turns them, a gate with a built-in activation, and scores that are only scaled.</summary>
    protected static bool IsLikeLlama(ModelSpec spec) =>
        IsPlainDecoder(spec)
        && spec.Normalization is { Kind: NormalizationKind.RmsNorm, Bias: false }
        && spec.PositionEncoding is { Kind: PositionEncodingKind.Rotary, Layout: RotaryLayout.HalfSplit, RotaryFraction: 1 }
        && spec.Embedding is { Scale: 1, Normalize: false, TokenTypes: 0 }
        && spec.Decoder is { FeedForward: DenseFeedForwardSpec { Gated: true, Activation.IsOwn: false }, Attention: { LogitSoftCap: 0, HasUsualScale: true, EveryNthLayer: 0, QueryKeyNorm: false } };

    protected override bool Fits(ModelSpec spec) =>
        IsLikeLlama(spec) && spec.Decoder!.Attention is { SlidingWindow: 0 } attention && attention.QueryKeyValueBias == attention.OutputBias;
}

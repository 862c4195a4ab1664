namespace Intaglio.Compiler;

/// <summary>Whatever no architecture of transformers is: LLaMA's names for its tensors, and a configuration that says every choice.</summary>
internal sealed class OwnFamily : Llama
{
    public override string ModelType => "intaglio";

    public override CheckpointNames Names(ModelSpec spec) => new()
    {
        TokenEmbedding = "embed_tokens",
        Encoder = spec.Encoder is null ? null : OwnStack(spec.Encoder.Block, spec.IsEncoderDecoder ? "encoder." : ""),
        Decoder = spec.Decoder is null ? null : OwnStack(spec.Decoder.Block, spec.IsEncoderDecoder ? "decoder." : ""),
        Head = spec.Head is LanguageModelingHeadSpec
            ? new()
            : new() { Transform = "head.dense", TransformNorm = "head.norm", Weight = "head.out.weight", Bias = "head.out.bias" },
    };

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var positions = spec.PositionEncoding;
        return
        [
            new("model_type", ModelType, IsFact: true),
            new("vocab_size", spec.VocabularySize, IsFact: true),
            new("max_position_embeddings", spec.ContextLength, IsFact: true),
            new("hidden_size", spec.HiddenSize, IsFact: true),
            .. spec.IsEncoderDecoder ? [.. Sizes(spec.Encoder!, "encoder_"), .. Sizes(spec.Decoder!, "decoder_")] : Sizes(spec.Main, ""),
            new("is_causal", spec.Main.IsCausal, IsFact: true),
            new("normalization", $"{spec.Normalization.Kind}", IsFact: true),
            new("norm_placement", $"{spec.Normalization.Placement}", IsFact: true),
            new("norm_eps", spec.Normalization.Epsilon, IsFact: true),
            new("norm_bias", spec.Normalization.Bias, IsFact: true),
            new("norm_unit_offset", spec.Normalization.UnitOffset, IsFact: true),
            new("position_encoding", $"{positions.Kind}", IsFact: true),
            .. positions.Kind switch
            {
                PositionEncodingKind.Rotary => Rotary(positions),
                PositionEncodingKind.RelativeBuckets => [new("relative_attention_num_buckets", positions.Buckets, IsFact: true), new("relative_attention_max_distance", positions.MaxDistance, IsFact: true)],
                PositionEncodingKind.Learned => [new("position_offset", positions.Offset, IsFact: true)],
                _ => Array.Empty<ConfigurationKey>(),
            },
            new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true),
            new("embedding_scale", spec.Embedding.Scale, IsFact: true),
            new("embedding_norm", spec.Embedding.Normalize, IsFact: true),
            new("type_vocab_size", spec.Embedding.TokenTypes, IsFact: true),
            .. Head(spec.Head),
            .. Labels(spec.Head),
            new("embedding_dropout", Decimal(spec.Embedding.Dropout), IsFact: false),
            new("residual_dropout", Decimal(spec.ResidualDropout), IsFact: false),
            new("initializer_range", 0.02, IsFact: false),
        ];
    }

    public override bool IsOutsidePrefix(string name) => base.IsOutsidePrefix(name) || name.StartsWith("head.", StringComparison.Ordinal);

    protected override bool Fits(ModelSpec spec) => true;

    private static StackNames OwnStack(BlockSpec block, string prefix)
    {
        var names = StockNames(prefix);
        if (!block.IsOwn)
            return names;

        // The names of the method's parameters are the checkpoint's.
        string NameOf(ModuleKind kind) => block.Modules.FirstOrDefault(module => module.Kind == kind) is { } module ? Intaglio.Compiler.Names.Snake(module.Name) : "";
        var (attention, cross, feedForward) = (NameOf(ModuleKind.SelfAttention), NameOf(ModuleKind.CrossAttention), NameOf(ModuleKind.FeedForward));
        return names with
        {
            Modules = new Dictionary<string, string>(),
            Attention = Projections(attention) with { QueryNorm = attention + ".q_norm", KeyNorm = attention + ".k_norm" },
            CrossAttention = Projections(cross),
            FeedForward = new(feedForward + ".gate_proj", feedForward + ".up_proj", feedForward + ".down_proj"),
        };
    }

    private static AttentionNames Projections(string module) => new(module + ".q_proj", module + ".k_proj", module + ".v_proj", module + ".o_proj");

    private static StackNames StockNames(string prefix) => Stack with
    {
        PositionEmbedding = prefix + "embed_positions",
        TokenTypeEmbedding = prefix + "embed_token_types",
        EmbeddingNorm = prefix + "embed_norm",
        RelativeBias = prefix + "relative_attention_bias.weight",
        Layer = prefix + "layers.{layer}.",
        CrossAttention = Projections("cross_attn"),
        FinalNorm = prefix + "norm",
    };

    private static ConfigurationKey[] Sizes(StackSpec stack, string prefix)
    {
        var (attention, feedForward) = (stack.Attention, (DenseFeedForwardSpec)stack.FeedForward);
        return
        [
            new($"{(prefix.Length == 0 ? "num_hidden_" : prefix)}layers", stack.Layers, IsFact: true),
            new($"{prefix}num_attention_heads", attention.Heads, IsFact: true),
            new($"{prefix}num_key_value_heads", attention.KeyValueHeads, IsFact: true),
            new($"{prefix}head_dim", attention.HeadSize, IsFact: true),
            new($"{prefix}attention_scale", attention.Scale, IsFact: true),
            new($"{prefix}sliding_window", attention.SlidingWindow, IsFact: true),
            new($"{prefix}every_nth_layer", attention.EveryNthLayer, IsFact: true),
            new($"{prefix}every_nth_sliding_window", attention.EveryNthWindow, IsFact: true),
            new($"{prefix}qk_norm", attention.QueryKeyNorm, IsFact: true),
            new($"{prefix}attn_logit_softcapping", Decimal(attention.LogitSoftCap), IsFact: true),
            new($"{prefix}qkv_bias", attention.QueryKeyValueBias, IsFact: true),
            new($"{prefix}attention_output_bias", attention.OutputBias, IsFact: true),
            new($"{prefix}intermediate_size", feedForward.IntermediateSize, IsFact: true),
            new($"{prefix}hidden_act", feedForward.Activation.ConfigurationName, IsFact: true),
            new($"{prefix}gated", feedForward.Gated, IsFact: true),
            new($"{prefix}mlp_bias", feedForward.Bias, IsFact: true),
            new($"{prefix}block", BlockText.Of(stack.Block), IsFact: true),
            new($"{prefix}attention_dropout", Decimal(attention.Dropout), IsFact: false),
            new($"{prefix}activation_dropout", Decimal(feedForward.Dropout), IsFact: false),
        ];
    }

    private static ConfigurationKey[] Rotary(PositionEncodingSpec positions) =>
    [
        new("rope_theta", positions.RotaryTheta, IsFact: true),
        new("rope_layout", $"{positions.Layout}", IsFact: true),
        new("partial_rotary_factor", Decimal(positions.RotaryFraction), IsFact: true),
        new("rope_type", $"{positions.Scaling?.Kind ?? RotaryScalingKind.None}", IsFact: true),
        new("rope_factor", Decimal(positions.Scaling?.Factor ?? 1), IsFact: true),
    ];

    private static ConfigurationKey[] Head(HeadSpec head) => head switch
    {
        LanguageModelingHeadSpec own => [new("head", "language_modeling", IsFact: true), new("head_bias", own.Bias, IsFact: true), new("final_logit_softcapping", Decimal(own.LogitSoftCap), IsFact: true), new("logit_scale", own.Scale, IsFact: true)],
        MaskedLanguageModelingHeadSpec own => [new("head", "masked_language_modeling", IsFact: true), new("head_bias", own.Bias, IsFact: true), new("head_act", own.Activation.ConfigurationName, IsFact: true)],
        SequenceClassificationHeadSpec own => [new("head", "sequence_classification", IsFact: true), new("num_labels", own.Labels.Count, IsFact: true), new("pooling", $"{own.Pooling}", IsFact: true), new("pooler", own.Pooler, IsFact: true)],
        TokenClassificationHeadSpec own => [new("head", "token_classification", IsFact: true), new("num_labels", own.Labels.Count, IsFact: true)],
        SentenceEmbeddingHeadSpec own => [new("head", "sentence_embedding", IsFact: true), new("pooling", $"{own.Pooling}", IsFact: true), new("pooler", own.Pooler, IsFact: true), new("normalize", own.Normalize, IsFact: true)],
        _ => [new("head", "question_answering", IsFact: true)],
    };
}

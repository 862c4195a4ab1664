namespace Intaglio.Compiler;

/// <summary>Whatever no architecture of transformers is: LLaMA's names for its tensors, and a configuration that says every choice.</summary>
internal sealed class OwnFamily : Llama
{
    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var (attention, feedForward, positions) = (spec.Attention, (DenseFeedForwardSpec)spec.FeedForward, spec.PositionEncoding);
        return
        [
            new("model_type", "intaglio", IsFact: true),
            new("vocab_size", spec.VocabularySize, IsFact: true),
            new("max_position_embeddings", spec.ContextLength, IsFact: true),
            new("hidden_size", spec.HiddenSize, IsFact: true),
            new("num_hidden_layers", spec.Layers, IsFact: true),
            new("num_attention_heads", attention.Heads, IsFact: true),
            new("num_key_value_heads", attention.KeyValueHeads, IsFact: true),
            new("head_dim", attention.HeadSize, IsFact: true),
            new("attention_scale", attention.Scale, IsFact: true),
            new("sliding_window", attention.SlidingWindow, IsFact: true),
            new("attn_logit_softcapping", Decimal(attention.LogitSoftCap), IsFact: true),
            new("qkv_bias", attention.QueryKeyValueBias, IsFact: true),
            new("attention_output_bias", attention.OutputBias, IsFact: true),
            new("intermediate_size", feedForward.IntermediateSize, IsFact: true),
            new("hidden_act", feedForward.Activation.ConfigurationName, IsFact: true),
            new("gated", feedForward.Gated, IsFact: true),
            new("mlp_bias", feedForward.Bias, IsFact: true),
            new("normalization", $"{spec.Normalization.Kind}", IsFact: true),
            new("norm_eps", spec.Normalization.Epsilon, IsFact: true),
            new("norm_bias", spec.Normalization.Bias, IsFact: true),
            new("position_encoding", $"{positions.Kind}", IsFact: true),
            .. positions.Kind == PositionEncodingKind.Rotary ? Rotary(positions) : [],
            new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true),
            new("attention_dropout", Decimal(attention.Dropout), IsFact: false),
            new("embedding_dropout", Decimal(spec.Embedding.Dropout), IsFact: false),
            new("activation_dropout", Decimal(feedForward.Dropout), IsFact: false),
            new("residual_dropout", Decimal(spec.ResidualDropout), IsFact: false),
            new("initializer_range", 0.02, IsFact: false),
        ];
    }

    protected override bool Fits(ModelSpec spec) => true;

    private static ConfigurationKey[] Rotary(PositionEncodingSpec positions) =>
    [
        new("rope_theta", positions.RotaryTheta, IsFact: true),
        new("rope_layout", $"{positions.Layout}", IsFact: true),
    ];
}

namespace Intaglio.Compiler;

/// <summary>
/// A Gemma 2 style decoder (transformers, <c>models/gemma2</c>; arXiv:2408.00118): norms before and after each block whose factor is 1 + gain, bounded scores and logits, and windows in every
/// second layer, the first included.
/// </summary>
internal sealed class Gemma2 : Llama
{
    public override string ModelType => "gemma2";

    public override CheckpointNames Names(ModelSpec spec) => new()
    {
        TokenEmbedding = "embed_tokens",
        Decoder = Stack with
        {
            Modules = new Dictionary<string, string>
            {
                ["AttentionNorm"] = "input_layernorm",
                ["AttentionPostNorm"] = "post_attention_layernorm",
                ["FeedForwardNorm"] = "pre_feedforward_layernorm",
                ["FeedForwardPostNorm"] = "post_feedforward_layernorm",
            },
        },
    };

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var (attention, feedForward) = (spec.Decoder!.Attention, (DenseFeedForwardSpec)spec.Decoder.FeedForward);
        return
        [
            .. Identity("Gemma2ForCausalLM"),
            new("vocab_size", spec.VocabularySize, IsFact: true, Default: 256000),
            new("max_position_embeddings", spec.ContextLength, IsFact: true, Default: 8192),
            new("hidden_size", spec.HiddenSize, IsFact: true, Default: 2304),
            new("intermediate_size", feedForward.IntermediateSize, IsFact: true, Default: 9216),
            new("num_hidden_layers", spec.Decoder.Layers, IsFact: true, Default: 26),
            new("num_attention_heads", attention.Heads, IsFact: true, Default: 8),
            new("num_key_value_heads", attention.KeyValueHeads, IsFact: true, Default: 4),
            new("head_dim", attention.HeadSize, IsFact: true, Default: 256),
            new("hidden_activation", "gelu_pytorch_tanh", IsFact: true, Default: "gelu_pytorch_tanh"),
            new("rms_norm_eps", spec.Normalization.Epsilon, IsFact: true, Default: 1e-6),
            new("rope_theta", spec.PositionEncoding.RotaryTheta, IsFact: true, Default: 10000.0),
            new("sliding_window", attention.SlidingWindow, IsFact: true, Default: 4096),
            new("query_pre_attn_scalar", Scalar(attention), IsFact: true, Default: 256),
            new("attn_logit_softcapping", Decimal(attention.LogitSoftCap), IsFact: true, Default: 50.0),
            new("final_logit_softcapping", Decimal(((LanguageModelingHeadSpec)spec.Head).LogitSoftCap), IsFact: true, Default: 30.0),
            new("attention_bias", false, IsFact: true, Default: false),
            new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true, Default: true),
            new("attention_dropout", Decimal(attention.Dropout), IsFact: false),
            .. PaddingToken(spec),
            new("initializer_range", 0.02, IsFact: false),
        ];
    }

    protected override bool Fits(ModelSpec spec) =>
        spec is
        {
            Encoder: null,
            Decoder: { } decoder,
            Head: LanguageModelingHeadSpec { Bias: false, LogitSoftCap: > 0, Scale: 1 },
            Normalization: { Kind: NormalizationKind.RmsNorm, Placement: NormalizationPlacement.Sandwich, Bias: false, UnitOffset: true },
            PositionEncoding: { Kind: PositionEncodingKind.Rotary, Layout: RotaryLayout.HalfSplit, RotaryFraction: 1, Scaling: null },
            Embedding: { Normalize: false, TokenTypes: 0 },
        }
        && decoder.Block == StockBlocks.Of(NormalizationPlacement.Sandwich, attendsToEncoder: false, isParallel: false)
        && decoder is
        {
            FeedForward: DenseFeedForwardSpec { Gated: true, Bias: false, Activation: { ConfigurationName: "gelu_new", IsOwn: false } },
            Attention: { SlidingWindow: > 0, EveryNthLayer: 2, EveryNthWindow: 0, QueryKeyNorm: false, LogitSoftCap: > 0, QueryKeyValueBias: false, OutputBias: false } attention,
        }
        && Math.Abs(spec.Embedding.Scale - Math.Sqrt(spec.HiddenSize)) < 1e-4 * spec.Embedding.Scale
        && Math.Abs(attention.Scale - (1 / Math.Sqrt(Scalar(attention)))) < 1e-6;

    // The scale is 1 / √ of this.
    private static int Scalar(AttentionSpec attention) => (int)Math.Round(1 / (attention.Scale * attention.Scale));
}

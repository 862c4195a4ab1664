namespace Intaglio.Compiler;

/// <summary>A BERT style encoder (transformers, <c>models/bert</c>; Devlin et al., arXiv:1810.04805): norms after each block, learned positions, token types.</summary>
internal class Bert : Family
{
    public override string ModelType => "bert";

    public override string Prefix => "bert.";

    /// <summary>The class of transformers without what its head adds: <c>Bert</c>.</summary>
    protected virtual string Class => "Bert";

    public override CheckpointNames Names(ModelSpec spec) => new()
    {
        TokenEmbedding = "embeddings.word_embeddings",
        Encoder = new()
        {
            PositionEmbedding = "embeddings.position_embeddings",
            TokenTypeEmbedding = "embeddings.token_type_embeddings",
            EmbeddingNorm = "embeddings.LayerNorm",
            Layer = "encoder.layer.{layer}.",
            Modules = new Dictionary<string, string> { ["AttentionNorm"] = "attention.output.LayerNorm", ["FeedForwardNorm"] = "output.LayerNorm" },
            Attention = new("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"),
            FeedForward = new("", "intermediate.dense", "output.dense"),
        },
        Head = Head(spec.Head),
    };

    // Buffers, the tied decoder, and what other heads of the same base model have.
    public override IReadOnlyList<string> IgnoredTensors(ModelSpec spec) =>
    [
        "embeddings.position_ids",
        .. spec.Head is SequenceClassificationHeadSpec or SentenceEmbeddingHeadSpec { Pooler: true } ? Array.Empty<string>() : ["pooler.dense.weight", "pooler.dense.bias"],
        .. spec.Head is MaskedLanguageModelingHeadSpec ? TiedHead : [],
    ];

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var (encoder, feedForward) = (spec.Encoder!, (DenseFeedForwardSpec)spec.Encoder!.FeedForward);
        return
        [
            new("model_type", ModelType, IsFact: true, Default: ModelType),
            new("architectures", new[] { Class + HeadClass(spec.Head) }, IsFact: false),
            new("vocab_size", spec.VocabularySize, IsFact: true, Default: DefaultVocabulary),
            new("hidden_size", spec.HiddenSize, IsFact: true, Default: 768),
            new("num_hidden_layers", encoder.Layers, IsFact: true, Default: 12),
            new("num_attention_heads", encoder.Attention.Heads, IsFact: true, Default: 12),
            new("intermediate_size", feedForward.IntermediateSize, IsFact: true, Default: 3072),
            new("hidden_act", feedForward.Activation.ConfigurationName, IsFact: true, Default: "gelu"),
            new("max_position_embeddings", spec.PositionEncoding.Offset + spec.ContextLength, IsFact: true, Default: 512),
            new("type_vocab_size", spec.Embedding.TokenTypes, IsFact: true, Default: 2),
            new("layer_norm_eps", spec.Normalization.Epsilon, IsFact: true, Default: 1e-12),
            new("position_embedding_type", "absolute", IsFact: true, Default: "absolute"),
            new("pad_token_id", PaddingToken(spec), IsFact: false),
            new("hidden_dropout_prob", Decimal(spec.ResidualDropout), IsFact: false),
            new("attention_probs_dropout_prob", Decimal(encoder.Attention.Dropout), IsFact: false),
            new("initializer_range", 0.02, IsFact: false),
            .. ClassifierDropout(spec),
            .. Labels(spec.Head),
        ];
    }

    public override bool IsOutsidePrefix(string name) => name.StartsWith("cls.", StringComparison.Ordinal) || name.StartsWith("classifier.", StringComparison.Ordinal) || name.StartsWith("qa_outputs.", StringComparison.Ordinal);

    protected virtual int DefaultVocabulary => 30522;

    /// <summary>The tied decoder, which older versions stored.</summary>
    protected virtual string[] TiedHead => ["cls.predictions.decoder.weight", "cls.predictions.decoder.bias", "cls.seq_relationship.weight", "cls.seq_relationship.bias"];

    protected override bool Fits(ModelSpec spec) => IsLikeBert(spec) && spec.PositionEncoding.Offset == 0;

    /// <summary>Post-norm blocks, biases everywhere, absolute positions, an embedding norm.</summary>
    protected static bool IsLikeBert(ModelSpec spec) =>
        spec is
        {
            Decoder: null,
            Encoder: { } encoder,
            Normalization: { Kind: NormalizationKind.LayerNorm, Placement: NormalizationPlacement.Post, Bias: true, UnitOffset: false },
            PositionEncoding.Kind: PositionEncodingKind.Learned,
            Embedding: { Scale: 1, Normalize: true, TokenTypes: > 0 },
            Head: MaskedLanguageModelingHeadSpec { Bias: true } or SequenceClassificationHeadSpec { Pooling: Pooling.First, Pooler: true, Bias: true } or TokenClassificationHeadSpec or QuestionAnsweringHeadSpec
                or SentenceEmbeddingHeadSpec,
        }
        && (spec.Embedding.TieWordEmbeddings || spec.Head is not MaskedLanguageModelingHeadSpec)
        && encoder.Block == StockBlocks.Of(NormalizationPlacement.Post, attendsToEncoder: false, isParallel: false)
        && encoder is
        {
            FeedForward: DenseFeedForwardSpec { Gated: false, Bias: true, Activation.IsOwn: false },
            Attention: { SlidingWindow: 0, EveryNthLayer: 0, QueryKeyNorm: false, LogitSoftCap: 0, HasUsualScale: true, QueryKeyValueBias: true, OutputBias: true } attention,
        }
        && attention.KeyValueHeads == attention.Heads
        && attention.QuerySize == spec.HiddenSize;

    protected virtual HeadNames Head(HeadSpec head) => head switch
    {
        MaskedLanguageModelingHeadSpec => new() { Transform = "cls.predictions.transform.dense", TransformNorm = "cls.predictions.transform.LayerNorm", Bias = "cls.predictions.bias" },
        QuestionAnsweringHeadSpec => new() { Weight = "qa_outputs.weight", Bias = "qa_outputs.bias" },
        _ => new() { Transform = "pooler.dense", Weight = "classifier.weight", Bias = "classifier.bias" },
    };

    private static int PaddingToken(ModelSpec spec) => spec.Embedding.PaddingToken < 0 ? 0 : spec.Embedding.PaddingToken;

    // Null in transformers, which stands for the rate of hidden states.
    private static ConfigurationKey[] ClassifierDropout(ModelSpec spec)
    {
        var rate = spec.Head switch
        {
            SequenceClassificationHeadSpec head => head.Dropout,
            TokenClassificationHeadSpec head => head.Dropout,
            _ => spec.ResidualDropout,
        };
        return rate == spec.ResidualDropout ? [] : [new("classifier_dropout", Decimal(rate), IsFact: false)];
    }

    private static string HeadClass(HeadSpec head) => head switch
    {
        MaskedLanguageModelingHeadSpec => "ForMaskedLM",
        SequenceClassificationHeadSpec => "ForSequenceClassification",
        TokenClassificationHeadSpec => "ForTokenClassification",
        QuestionAnsweringHeadSpec => "ForQuestionAnswering",
        _ => "Model",
    };
}

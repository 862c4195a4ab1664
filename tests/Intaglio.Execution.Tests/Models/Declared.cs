using Intaglio.Compiler;

namespace Intaglio.ExecutionTests;

/// <summary>The spec that a class's attributes stand for, read from the attributes themselves: a second reading beside the generator's parser.</summary>
internal static class Declared
{
    /// <param name="model">The class.</param>
    /// <param name="layers">What its [Block] methods compute, which no reflection shows.</param>
    public static ModelSpec Spec(Type model, IReadOnlyDictionary<Compiler.AppliesTo, BlockSpec>? layers = null)
    {
        var set = DeclaredArguments.Of(model);
        var (hasEncoder, hasDecoder) = (set.Has("Encoder"), set.Has("Decoder"));
        var normalization = Normalization(set);
        StackSpec Stack(string name, Compiler.AppliesTo part, bool attendsToEncoder) => new()
        {
            Layers = set.Get($"{name}.Layers", 6),
            IsCausal = part == Compiler.AppliesTo.DecoderSelf,
            Attention = Attention(set, part) with { SlidingWindow = set.Get(part, "Attention.SlidingWindow", 0), EveryNthLayer = set.Get("Attention.EveryNthLayer", 0), EveryNthWindow = set.Get("Attention.SlidingWindow@EveryNthLayer", 0) },
            CrossAttention = attendsToEncoder ? Attention(set, Compiler.AppliesTo.Cross) with { QueryKeyNorm = false } : null,
            FeedForward = new DenseFeedForwardSpec(
                set.Get(part, "FeedForward.IntermediateSize", 4 * Hidden(set)),
                Activation(set, part),
                set.Get(part, "FeedForward.Gated", false),
                set.Get(part, "FeedForward.Bias", true),
                set.Get(part, "FeedForward.Dropout", 0f)),
            Block = layers is not null && layers.TryGetValue(part, out var own) ? own : StockBlocks.Of(normalization.Placement, attendsToEncoder, set.Get("Transformer.ParallelResidual", false)),
        };
        return new()
        {
            Declaration = new(model.Namespace!, EquatableArray<ContainingTypeSpec>.Empty, model.Name),
            HiddenSize = Hidden(set),
            ContextLength = Context(set),
            VocabularySize = set.Get("Transformer.VocabularySize", 256),
            ResidualDropout = set.Get("Transformer.Dropout", 0f),
            Encoder = hasEncoder ? Stack("Encoder", Compiler.AppliesTo.EncoderSelf, attendsToEncoder: false) : null,
            Decoder = hasDecoder ? Stack("Decoder", Compiler.AppliesTo.DecoderSelf, hasEncoder) : null,
            Normalization = normalization,
            PositionEncoding = Positions(set),
            Embedding = new(set.Get("Embedding.TieWordEmbeddings", true), set.Get("Embedding.Dropout", 0f))
            {
                Scale = set.Get("Embedding.Scale", 1f),
                Normalize = set.Get("Embedding.Normalize", false),
                TokenTypes = set.Get("Embedding.TokenTypes", 0),
                PaddingToken = set.Get("Embedding.PaddingToken", -1),
            },
            Head = Head(set, hasDecoder),
            Format = (Compiler.NumberFormat)set.Get("Precision.format", 0),
        };
    }

    private static int Hidden(DeclaredArguments set) => set.Get("Transformer.HiddenSize", 384);

    private static int Context(DeclaredArguments set) => set.Get("Transformer.ContextLength", 256);

    private static AttentionSpec Attention(DeclaredArguments set, Compiler.AppliesTo part)
    {
        var hidden = Hidden(set);
        var heads = set.Get(part, "Attention.Heads", hidden % 64 == 0 ? hidden / 64 : 1);
        var headSize = set.Get(part, "Attention.HeadSize", hidden / heads);
        return new()
        {
            Heads = heads,
            KeyValueHeads = set.Get(part, "Attention.KeyValueHeads", heads),
            HeadSize = headSize,
            Scale = set.Get(part, "Attention.Scale", 0f) is var scale and not 0 ? scale : 1 / Math.Sqrt(headSize),
            QueryKeyNorm = set.Get(part, "Attention.QueryKeyNorm", false),
            LogitSoftCap = set.Get(part, "Attention.LogitSoftCap", 0f),
            QueryKeyValueBias = set.Get(part, "Attention.QueryKeyValueBias", true),
            OutputBias = set.Get(part, "Attention.OutputBias", true),
            Dropout = set.Get(part, "Attention.Dropout", 0f),
        };
    }

    private static ActivationSpec Activation(DeclaredArguments set, Compiler.AppliesTo part = Compiler.AppliesTo.All)
    {
        var suffix = part != Compiler.AppliesTo.All && (set.Has($"FeedForward.Activation@{part}") || set.Has($"FeedForward.ActivationMethod@{part}")) ? $"@{part}" : "";
        return set.Get($"FeedForward.ActivationMethod{suffix}", "") is { Length: > 0 } method
            ? new(method, OwnActivations.ConfigurationNames[method], OwnActivations.Formulas[method]) { IsOwn = true }
            : Compiler.Activations.Of((Compiler.Activation)set.Get($"FeedForward.Activation{suffix}", 0));
    }

    private static NormalizationSpec Normalization(DeclaredArguments set) => new(
        (Compiler.NormalizationKind)set.Get("Normalization.kind", 0),
        (Compiler.NormalizationPlacement)set.Get("Normalization.Placement", 0),
        set.Get("Normalization.Epsilon", 1e-5f),
        set.Get("Normalization.Bias", set.Get("Normalization.kind", 0) == 0),
        set.Get("Normalization.UnitOffset", false));

    private static PositionEncodingSpec Positions(DeclaredArguments set) => new((Compiler.PositionEncodingKind)set.Get("PositionEncoding.kind", 0))
    {
        RotaryTheta = set.Get("PositionEncoding.RotaryTheta", 10_000f),
        RotaryFraction = set.Get("PositionEncoding.RotaryFraction", 1f),
        Layout = (Compiler.RotaryLayout)set.Get("PositionEncoding.Layout", 0),
        Scaling = (Compiler.RotaryScalingKind)set.Get("PositionEncoding.Scaling", 0) is var kind and not Compiler.RotaryScalingKind.None
            ? new(kind, set.Get("PositionEncoding.ScalingFactor", 1f))
            {
                OriginalContext = set.Get("PositionEncoding.OriginalContextLength", Context(set)),
                LowFrequencyFactor = set.Get("PositionEncoding.LowFrequencyFactor", 1f),
                HighFrequencyFactor = set.Get("PositionEncoding.HighFrequencyFactor", 4f),
            }
            : null,
        Offset = set.Get("PositionEncoding.Offset", 0),
        Buckets = set.Get("PositionEncoding.Buckets", 32),
        MaxDistance = set.Get("PositionEncoding.MaxDistance", 128),
    };

    private static HeadSpec Head(DeclaredArguments set, bool hasDecoder)
    {
        if (set.Has("SequenceClassification"))
        {
            return new SequenceClassificationHeadSpec(
                set.Labels("SequenceClassification"),
                (Compiler.Pooling)set.Get("SequenceClassification.Pooling", (int)(hasDecoder ? Compiler.Pooling.Last : Compiler.Pooling.First)),
                set.Get("SequenceClassification.Pooler", !hasDecoder),
                set.Get("SequenceClassification.Bias", !hasDecoder),
                set.Get("SequenceClassification.Dropout", 0f));
        }

        if (set.Has("TokenClassification"))
            return new TokenClassificationHeadSpec(set.Labels("TokenClassification"), set.Get("TokenClassification.Dropout", 0f));

        if (set.Has("QuestionAnswering"))
            return new QuestionAnsweringHeadSpec();

        if (set.Has("SentenceEmbedding"))
            return new SentenceEmbeddingHeadSpec((Compiler.Pooling)set.Get("SentenceEmbedding.Pooling", (int)Compiler.Pooling.Mean), set.Get("SentenceEmbedding.Pooler", false), set.Get("SentenceEmbedding.Normalize", true));

        if (!hasDecoder)
        {
            return new MaskedLanguageModelingHeadSpec(
                set.Get("MaskedLanguageModelingHead.Bias", true),
                set.Get("MaskedLanguageModelingHead.Activation", -1) is var activation and >= 0 ? Compiler.Activations.Of((Compiler.Activation)activation) : Activation(set));
        }

        var isTiedT5 = set.Family is "T5" or "FlanT5" && set.Get("Embedding.TieWordEmbeddings", true);
        return new LanguageModelingHeadSpec(
            set.Get("LanguageModelingHead.Bias", false),
            set.Get("LanguageModelingHead.LogitSoftCap", 0f),
            set.Get("LanguageModelingHead.Scale", isTiedT5 ? (float)(1 / Math.Sqrt(Hidden(set))) : 1));
    }
}

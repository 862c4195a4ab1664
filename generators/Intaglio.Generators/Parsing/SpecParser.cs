using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing;

/// <summary>From the arguments that are set to a model: defaults filled in.</summary>
internal static class SpecParser
{
    /// <summary>The default width of a head.</summary>
    public const int UsualHeadSize = 64;

    /// <summary>Not yet attached to a class.</summary>
    private static readonly DeclarationSpec NoDeclaration = new("", EquatableArray<ContainingTypeSpec>.Empty, "");

    /// <returns>The model; meaningless where <paramref name="problems"/> holds errors.</returns>
    public static ModelSpec Parse(Settings settings, Compilation compilation, Problems problems, CancellationToken cancellation)
    {
        var hiddenSize = settings.Get(Keys.HiddenSize, 384);
        var activation = ActivationParser.Parse(settings, AppliesTo.All, compilation, problems, cancellation);
        var normalization = ParseNormalization(settings);
        var (hasEncoder, hasDecoder) = (settings.IsSet(ModelAttributes.Encoder), settings.IsSet(ModelAttributes.Decoder));
        var spec = new ModelSpec
        {
            Declaration = NoDeclaration,
            ModelType = settings.Get(Keys.ModelType, ""),
            HiddenSize = hiddenSize,
            ContextLength = settings.Get(Keys.ContextLength, 256),
            VocabularySize = settings.Get(Keys.VocabularySize, 256),
            ResidualDropout = settings.Get(Keys.ResidualDropout, 0f),
            Encoder = hasEncoder ? Stack(AppliesTo.EncoderSelf, Keys.EncoderLayers, attendsToEncoder: false) : null,
            Decoder = hasDecoder || !hasEncoder ? Stack(AppliesTo.DecoderSelf, Keys.Layers, attendsToEncoder: hasEncoder) : null,
            Normalization = normalization,
            PositionEncoding = ParsePositions(settings),
            Embedding = new(settings.Get(Keys.TieWordEmbeddings, true), settings.Get(Keys.EmbeddingDropout, 0f))
            {
                Scale = settings.Get(Keys.EmbeddingScale, 1f),
                Normalize = settings.Get(Keys.EmbeddingNormalize, false),
                TokenTypes = settings.Get(Keys.TokenTypes, 0),
                PaddingToken = settings.Get(Keys.PaddingToken, -1),
            },
            Head = ParseHead(settings, hasDecoder || !hasEncoder, hiddenSize, activation),
            Objective = ObjectiveParser.Parse(settings),
            Format = (NumberFormat)settings.Get(Keys.Format, (int)NumberFormat.FP32),
        };

        if (settings.AreComplete)
            new SpecChecker(spec, settings, problems, cancellation).Check();

        return spec;

        StackSpec Stack(AppliesTo part, string layers, bool attendsToEncoder) => new()
        {
            Layers = settings.Get(layers, 6),
            IsCausal = part == AppliesTo.DecoderSelf,
            Attention = ParseAttention(settings, part, hiddenSize),
            CrossAttention = attendsToEncoder ? ParseAttention(settings, AppliesTo.Cross, hiddenSize) with { SlidingWindow = 0, EveryNthLayer = 0, QueryKeyNorm = false } : null,
            FeedForward = new DenseFeedForwardSpec(
                settings.Get(part, Keys.IntermediateSize, DefaultIntermediateSize(hiddenSize)),
                ActivationParser.IsSetFor(settings, part) ? ActivationParser.Parse(settings, part, compilation, problems, cancellation) : activation,
                settings.Get(part, Keys.Gated, false),
                settings.Get(part, Keys.FeedForwardBias, true),
                settings.Get(part, Keys.FeedForwardDropout, 0f)),
            Block = BlockParser.Find(settings.Chain, part, isOnlyStack: !(hasEncoder && hasDecoder), attendsToEncoder, compilation, problems, cancellation) is { } own
                ? own with { IsOwn = true }
                : StockBlocks.Of(normalization.Placement, attendsToEncoder, settings.Get(Keys.ParallelResidual, false)),
        };
    }

    /// <summary>4 · HiddenSize.</summary>
    public static int DefaultIntermediateSize(int hiddenSize) => (int)Math.Min(int.MaxValue, 4L * hiddenSize);

    private static AttentionSpec ParseAttention(Settings settings, AppliesTo part, int hiddenSize)
    {
        var heads = settings.Get(part, Keys.Heads, DefaultHeads(hiddenSize));
        var size = settings.Get(part, Keys.HeadSize, heads > 0 ? hiddenSize / heads : 0);
        return new()
        {
            Heads = heads,
            KeyValueHeads = settings.Get(part, Keys.KeyValueHeads, heads),
            HeadSize = size,
            Scale = settings.Get(part, Keys.Scale, 0f) is var scale and not 0 ? scale : AttentionSpec.UsualScale(size),
            SlidingWindow = settings.Get(part, Keys.SlidingWindow, 0),
            EveryNthLayer = settings.Get(Keys.EveryNthLayer, 0),
            EveryNthWindow = settings.Get(Keys.EveryNthSlidingWindow, 0),
            QueryKeyNorm = settings.Get(part, Keys.QueryKeyNorm, false),
            LogitSoftCap = settings.Get(part, Keys.LogitSoftCap, 0f),
            QueryKeyValueBias = settings.Get(part, Keys.QueryKeyValueBias, true),
            OutputBias = settings.Get(part, Keys.OutputBias, true),
            Dropout = settings.Get(part, Keys.AttentionDropout, 0f),
        };
    }

    private static NormalizationSpec ParseNormalization(Settings settings)
    {
        var kind = (NormalizationKind)settings.Get(Keys.NormalizationKind, (int)NormalizationKind.LayerNorm);
        return new(
            kind,
            (NormalizationPlacement)settings.Get(Keys.Placement, (int)NormalizationPlacement.Pre),
            settings.Get(Keys.Epsilon, 1e-5f),
            settings.Get(Keys.NormalizationBias, kind == NormalizationKind.LayerNorm),
            settings.Get(Keys.UnitOffset, false));
    }

    private static PositionEncodingSpec ParsePositions(Settings settings)
    {
        var scaling = (RotaryScalingKind)settings.Get(Keys.Scaling, (int)RotaryScalingKind.None);
        return new((PositionEncodingKind)settings.Get(Keys.PositionEncodingKind, (int)PositionEncodingKind.Learned))
        {
            RotaryTheta = settings.Get(Keys.RotaryTheta, 10_000f),
            RotaryFraction = settings.Get(Keys.RotaryFraction, 1f),
            Layout = (RotaryLayout)settings.Get(Keys.RotaryLayout, (int)RotaryLayout.HalfSplit),
            Scaling = scaling == RotaryScalingKind.None ? null : new(scaling, settings.Get(Keys.ScalingFactor, 1f))
            {
                OriginalContext = settings.Get(Keys.OriginalContextLength, settings.Get(Keys.ContextLength, 256)),
                LowFrequencyFactor = settings.Get(Keys.LowFrequencyFactor, 1f),
                HighFrequencyFactor = settings.Get(Keys.HighFrequencyFactor, 4f),
            },
            Offset = settings.Get(Keys.PositionOffset, 0),
            Buckets = settings.Get(Keys.Buckets, 32),
            MaxDistance = settings.Get(Keys.MaxDistance, 128),
        };
    }

    private static HeadSpec ParseHead(Settings settings, bool hasDecoder, int hiddenSize, ActivationSpec activation)
    {
        var head = settings.Get(Keys.Head, hasDecoder ? ModelAttributes.LanguageModelingHead : ModelAttributes.MaskedLanguageModelingHead);
        return head switch
        {
            ModelAttributes.MaskedLanguageModelingHead => new MaskedLanguageModelingHeadSpec(
                settings.Get(Keys.MaskedBias, true),
                settings.IsSet(Keys.MaskedActivation) ? ActivationParser.BuiltIn(settings, Keys.MaskedActivation) : activation),
            ModelAttributes.SequenceClassification => new SequenceClassificationHeadSpec(
                Labels(settings, Keys.SequenceLabels),
                (Pooling)settings.Get(Keys.SequencePooling, (int)(hasDecoder ? Pooling.Last : Pooling.First)),
                settings.Get(Keys.SequencePooler, !hasDecoder),
                settings.Get(Keys.SequenceBias, !hasDecoder),
                settings.Get(Keys.SequenceDropout, 0f)),
            ModelAttributes.TokenClassification => new TokenClassificationHeadSpec(Labels(settings, Keys.TokenLabels), settings.Get(Keys.TokenDropout, 0f)),
            ModelAttributes.QuestionAnswering => new QuestionAnsweringHeadSpec(),
            ModelAttributes.SentenceEmbedding => new SentenceEmbeddingHeadSpec((Pooling)settings.Get(Keys.SentencePooling, (int)Pooling.Mean), settings.Get(Keys.SentencePooler, false), settings.Get(Keys.SentenceNormalize, true)),
            _ => new LanguageModelingHeadSpec(settings.Get(Keys.LogitBias, false), settings.Get(Keys.FinalLogitSoftCap, 0f), settings.Get(Keys.LogitScale, UsualLogitScale(settings, hiddenSize))),
        };
    }

    // T5 divides the hidden state by √HiddenSize where the head is the embedding (Mesh TensorFlow's transformer; transformers' models/t5).
    private static float UsualLogitScale(Settings settings, int hiddenSize) =>
        settings.Get(Keys.Family, "") is ModelAttributes.T5 or ModelAttributes.FlanT5 && settings.Get(Keys.TieWordEmbeddings, true) ? (float)(1 / Math.Sqrt(hiddenSize)) : 1;

    // By name, or numbered as transformers does.
    private static EquatableArray<string> Labels(Settings settings, string key) =>
        settings.Get(key, 0) is var count and > 0 ? new(Enumerable.Range(0, count).Select(label => $"LABEL_{Words.Number(label)}")) : settings.Get(key, EquatableArray<string>.Empty);

    private static int DefaultHeads(int hiddenSize) => hiddenSize >= UsualHeadSize && hiddenSize % UsualHeadSize == 0 ? hiddenSize / UsualHeadSize : 1;
}

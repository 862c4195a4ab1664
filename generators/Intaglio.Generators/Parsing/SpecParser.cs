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
        var spec = new ModelSpec
        {
            Declaration = NoDeclaration,
            HiddenSize = hiddenSize,
            ContextLength = settings.Get(Keys.ContextLength, 256),
            VocabularySize = settings.Get(Keys.VocabularySize, 256),
            ResidualDropout = settings.Get(Keys.ResidualDropout, 0f),
            Layers = settings.Get(Keys.Layers, 6),
            Attention = ParseAttention(settings, hiddenSize),
            FeedForward = new DenseFeedForwardSpec(
                settings.Get(Keys.IntermediateSize, DefaultIntermediateSize(hiddenSize)),
                ActivationParser.Parse(settings, compilation, problems, cancellation),
                settings.Get(Keys.Gated, false),
                settings.Get(Keys.FeedForwardBias, true),
                settings.Get(Keys.FeedForwardDropout, 0f)),
            Normalization = new(
                (NormalizationKind)settings.Get(Keys.NormalizationKind, (int)NormalizationKind.LayerNorm),
                settings.Get(Keys.Epsilon, 1e-5f),
                settings.Get(Keys.NormalizationBias, settings.Get(Keys.NormalizationKind, 0) == (int)NormalizationKind.LayerNorm)),
            PositionEncoding = new(
                (PositionEncodingKind)settings.Get(Keys.PositionEncodingKind, (int)PositionEncodingKind.Learned),
                settings.Get(Keys.RotaryTheta, 10_000f),
                (RotaryLayout)settings.Get(Keys.RotaryLayout, (int)RotaryLayout.HalfSplit)),
            Embedding = new(
                settings.Get(Keys.TieWordEmbeddings, true),
                settings.Get(Keys.EmbeddingDropout, 0f)),
            Format = (NumberFormat)settings.Get(Keys.Format, (int)NumberFormat.FP32),
        };

        new SpecChecker(spec, settings, problems, cancellation).Check();
        return spec;
    }

    /// <summary>4 · HiddenSize.</summary>
    public static int DefaultIntermediateSize(int hiddenSize) => (int)Math.Min(int.MaxValue, 4L * hiddenSize);

    private static AttentionSpec ParseAttention(Settings settings, int hiddenSize)
    {
        var heads = settings.Get(Keys.Heads, DefaultHeads(hiddenSize));
        var size = settings.Get(Keys.HeadSize, heads > 0 ? hiddenSize / heads : 0);
        return new()
        {
            Heads = heads,
            KeyValueHeads = settings.Get(Keys.KeyValueHeads, heads),
            HeadSize = size,
            Scale = settings.Get(Keys.Scale, 0f) is var scale and not 0 ? scale : AttentionSpec.UsualScale(size),
            SlidingWindow = settings.Get(Keys.SlidingWindow, 0),
            LogitSoftCap = settings.Get(Keys.LogitSoftCap, 0f),
            QueryKeyValueBias = settings.Get(Keys.QueryKeyValueBias, true),
            OutputBias = settings.Get(Keys.OutputBias, true),
            Dropout = settings.Get(Keys.AttentionDropout, 0f),
        };
    }

    private static int DefaultHeads(int hiddenSize) => hiddenSize >= UsualHeadSize && hiddenSize % UsualHeadSize == 0 ? hiddenSize / UsualHeadSize : 1;
}

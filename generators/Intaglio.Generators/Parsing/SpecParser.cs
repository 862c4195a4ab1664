using System.Globalization;
using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing;

/// <summary>From the arguments that are set to a model: defaults filled in, values checked.</summary>
internal static class SpecParser
{
    private const string HiddenSize = ModelAttributes.Transformer + ".HiddenSize";
    private const string ContextLength = ModelAttributes.Transformer + ".ContextLength";
    private const string VocabularySize = ModelAttributes.Transformer + ".VocabularySize";
    private const string Layers = ModelAttributes.Decoder + ".Layers";
    private const string Heads = ModelAttributes.Attention + ".Heads";
    private const string KeyValueHeads = ModelAttributes.Attention + ".KeyValueHeads";
    private const string HeadSize = ModelAttributes.Attention + ".HeadSize";
    private const string Scale = ModelAttributes.Attention + ".Scale";
    private const string SlidingWindow = ModelAttributes.Attention + ".SlidingWindow";
    private const string LogitSoftCap = ModelAttributes.Attention + ".LogitSoftCap";
    private const string IntermediateSize = ModelAttributes.FeedForward + ".IntermediateSize";
    private const string Activation = ModelAttributes.FeedForward + ".Activation";
    private const string Gated = ModelAttributes.FeedForward + ".Gated";
    private const string NormalizationKind = ModelAttributes.Normalization + ".Kind";
    private const string Epsilon = ModelAttributes.Normalization + ".Epsilon";
    private const string PositionEncodingKind = ModelAttributes.PositionEncoding + ".Kind";
    private const string RotaryTheta = ModelAttributes.PositionEncoding + ".RotaryTheta";
    private const string Layout = ModelAttributes.PositionEncoding + ".Layout";
    private const string Format = ModelAttributes.Precision + ".Format";

    private const int UsualHeadSize = 64;

    private static readonly string[] Sizes = [HiddenSize, ContextLength, VocabularySize, Layers, Heads, KeyValueHeads, HeadSize, SlidingWindow, IntermediateSize];

    private static readonly string[] Factors = [Scale, LogitSoftCap, RotaryTheta];

    private static readonly string[] RotaryArguments = [RotaryTheta, Layout];

    private static readonly string[] AttributesWithDropout = [ModelAttributes.Transformer, ModelAttributes.Attention, ModelAttributes.FeedForward, ModelAttributes.Embedding];

    /// <summary>Not yet attached to a class.</summary>
    private static readonly DeclarationSpec NoDeclaration = new("", EquatableArray<ContainingTypeSpec>.Empty, "");

    /// <returns>The model; meaningless where <paramref name="problems"/> holds errors.</returns>
    public static ModelSpec Parse(Settings settings, Compilation compilation, Problems problems, CancellationToken cancellation)
    {
        var hiddenSize = settings.Get(HiddenSize, 384);
        var spec = new ModelSpec
        {
            Declaration = NoDeclaration,
            HiddenSize = hiddenSize,
            ContextLength = settings.Get(ContextLength, 256),
            VocabularySize = settings.Get(VocabularySize, 256),
            ResidualDropout = Dropout(settings, ModelAttributes.Transformer),
            Layers = settings.Get(Layers, 6),
            Attention = ParseAttention(settings, hiddenSize),
            FeedForward = new DenseFeedForwardSpec(
                settings.Get(IntermediateSize, (int)Math.Min(int.MaxValue, 4L * hiddenSize)),
                ActivationParser.Parse(settings, compilation, problems, cancellation),
                settings.Get(Gated, false),
                settings.Get(ModelAttributes.FeedForward + ".Bias", true),
                Dropout(settings, ModelAttributes.FeedForward)),
            Normalization = new(
                (NormalizationKind)settings.Get(NormalizationKind, (int)Compiler.NormalizationKind.LayerNorm),
                settings.Get(Epsilon, 1e-5f),
                settings.Get(ModelAttributes.Normalization + ".Bias", settings.Get(NormalizationKind, 0) == (int)Compiler.NormalizationKind.LayerNorm)),
            PositionEncoding = new(
                (PositionEncodingKind)settings.Get(PositionEncodingKind, (int)Compiler.PositionEncodingKind.Learned),
                settings.Get(RotaryTheta, 10_000f),
                (RotaryLayout)settings.Get(Layout, (int)RotaryLayout.HalfSplit)),
            Embedding = new(
                settings.Get(ModelAttributes.Embedding + ".TieWordEmbeddings", true),
                Dropout(settings, ModelAttributes.Embedding)),
            Format = (NumberFormat)settings.Get(Format, (int)NumberFormat.FP32),
        };

        CheckSizes(settings, problems, cancellation);
        CheckHeads(spec, settings, problems, cancellation);
        CheckKeyValueHeads(spec, settings, problems, cancellation);
        CheckRotary(spec, settings, problems, cancellation);
        CheckFactors(settings, problems, cancellation);
        CheckNormBias(spec, settings, problems, cancellation);
        CheckTensors(spec, settings, problems, cancellation);
        CheckDropout(spec, settings, problems, cancellation);
        CheckEpsilon(spec, settings, problems, cancellation);
        CheckEnum<Activation>(Activation, settings, problems, cancellation);
        CheckEnum<NormalizationKind>(NormalizationKind, settings, problems, cancellation);
        CheckEnum<PositionEncodingKind>(PositionEncodingKind, settings, problems, cancellation);
        CheckEnum<RotaryLayout>(Layout, settings, problems, cancellation);
        CheckEnum<NumberFormat>(Format, settings, problems, cancellation);
        CheckFormat(spec, settings, problems, cancellation);
        return spec;
    }

    private static AttentionSpec ParseAttention(Settings settings, int hiddenSize)
    {
        var heads = settings.Get(Heads, DefaultHeads(hiddenSize));
        var size = settings.Get(HeadSize, heads > 0 ? hiddenSize / heads : 0);
        return new()
        {
            Heads = heads,
            KeyValueHeads = settings.Get(KeyValueHeads, heads),
            HeadSize = size,
            Scale = settings.Get(Scale, 0f) is var scale and not 0 ? scale : AttentionSpec.UsualScale(size),
            SlidingWindow = settings.Get(SlidingWindow, 0),
            LogitSoftCap = settings.Get(LogitSoftCap, 0f),
            QueryKeyValueBias = settings.Get(ModelAttributes.Attention + ".QueryKeyValueBias", true),
            OutputBias = settings.Get(ModelAttributes.Attention + ".OutputBias", true),
            Dropout = Dropout(settings, ModelAttributes.Attention),
        };
    }

    private static int DefaultHeads(int hiddenSize) => hiddenSize >= UsualHeadSize && hiddenSize % UsualHeadSize == 0 ? hiddenSize / UsualHeadSize : 1;

    private static float Dropout(Settings settings, string attribute) => settings.Get(attribute + ".Dropout", 0f);

    private static void CheckSizes(Settings settings, Problems problems, CancellationToken cancellation)
    {
        foreach (var size in Sizes)
        {
            var value = settings.Get(size, 1);
            if (value < 1)
                problems.Add(Descriptors.SizeNotPositive, settings.LocationOf(cancellation, size), ArgumentIn(size), Text(value));
        }
    }

    private static void CheckHeads(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
    {
        var heads = spec.Attention.Heads;
        if (settings.IsSet(HeadSize) || heads < 1 || spec.HiddenSize < 1 || spec.HiddenSize % heads == 0)
            return;

        problems.Add(Descriptors.HeadsDoNotDivide, settings.LocationOf(cancellation, Heads, HiddenSize), Text(heads), Text(spec.HiddenSize), Divisors.Describe(spec.HiddenSize, heads));
    }

    private static void CheckKeyValueHeads(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
    {
        var (heads, keyValueHeads) = (spec.Attention.Heads, spec.Attention.KeyValueHeads);
        if (heads < 1 || keyValueHeads < 1 || heads % keyValueHeads == 0)
            return;

        problems.Add(Descriptors.KeyValueHeadsDoNotDivide, settings.LocationOf(cancellation, KeyValueHeads, Heads), Text(keyValueHeads), Text(heads), Divisors.Describe(heads, keyValueHeads));
    }

    private static void CheckRotary(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
    {
        var (kind, size) = (spec.PositionEncoding.Kind, spec.Attention.HeadSize);
        if (kind == Compiler.PositionEncodingKind.Rotary)
        {
            if (size > 0 && size % 2 != 0)
                problems.Add(Descriptors.RotaryHeadSizeOdd, settings.LocationOf(cancellation, HeadSize, Heads, HiddenSize, PositionEncodingKind), Text(size), Text(size + 1));

            return;
        }

        foreach (var argument in RotaryArguments.Where(settings.IsOwn))
            problems.Add(Descriptors.RotaryArgumentWithoutRotary, settings.LocationOf(cancellation, argument), ArgumentIn(argument), kind.ToString());
    }

    private static void CheckFactors(Settings settings, Problems problems, CancellationToken cancellation)
    {
        foreach (var factor in Factors)
        {
            var value = settings.Get(factor, 1f);
            if (!(value > 0) || float.IsInfinity(value))
                problems.Add(Descriptors.FactorNotPositive, settings.LocationOf(cancellation, factor), ArgumentIn(factor), Text(value));
        }
    }

    private static void CheckNormBias(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
    {
        if (spec.Normalization is { Kind: Compiler.NormalizationKind.RmsNorm, Bias: true })
            problems.Add(Descriptors.RmsNormBias, settings.LocationOf(cancellation, ModelAttributes.Normalization + ".Bias", NormalizationKind));
    }

    private static void CheckTensors(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
    {
        // Other numbers are reported already.
        if (Sizes.Any(size => settings.Get(size, 1) < 1))
            return;

        if (TensorSizes.FirstTooLarge(spec) is not { } tensor)
            return;

        var keys = tensor.Sizes.Select(argument => Sizes.First(size => ArgumentIn(size) == argument)).ToArray();
        problems.Add(Descriptors.TooLarge, settings.LocationOf(cancellation, keys), tensor.Name, Text(tensor.Elements), Text(tensor.Limit), string.Join(" or ", tensor.Sizes));
    }

    private static void CheckDropout(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
    {
        foreach (var attribute in AttributesWithDropout)
        {
            var key = attribute + ".Dropout";
            var rate = Dropout(settings, attribute);

            // Not a number fails every comparison.
            if (!(rate >= 0 && rate < 1))
                problems.Add(Descriptors.DropoutOutOfRange, settings.LocationOf(cancellation, key), attribute, Text(rate));
            else if (rate > 0 && !spec.Trains && spec.Format == NumberFormat.BF16 && settings.IsOwn(key))
                problems.Add(Descriptors.DropoutWithoutTraining, settings.LocationOf(cancellation, key), attribute, Text(rate));
        }
    }

    private static void CheckEpsilon(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
    {
        var epsilon = spec.Normalization.Epsilon;
        if (!(epsilon > 0) || float.IsInfinity(epsilon))
            problems.Add(Descriptors.EpsilonNotPositive, settings.LocationOf(cancellation, Epsilon), Text(epsilon));
    }

    private static void CheckEnum<T>(string key, Settings settings, Problems problems, CancellationToken cancellation)
        where T : struct, Enum
    {
        var value = settings.Get(key, 0);
        if (Enum.IsDefined(typeof(T), value))
            return;

        problems.Add(Descriptors.UnknownEnumValue, settings.LocationOf(cancellation, key), ArgumentIn(key), Text(value), typeof(T).Name, Words.Or(Enum.GetNames(typeof(T))));
    }

    private static void CheckFormat(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
    {
        if (spec.Format is NumberFormat.FP16 or NumberFormat.INT8 or NumberFormat.INT4)
            problems.Add(Descriptors.FormatNotSupported, settings.LocationOf(cancellation, Format), spec.Format.ToString());
    }

    private static string ArgumentIn(string key) => key.Substring(key.IndexOf('.') + 1);

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

using System.Globalization;
using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;

namespace Intaglio.Generators.Parsing;

/// <summary>From the arguments that are set to a model: defaults filled in, values checked.</summary>
internal static class SpecParser
{
    private const string HiddenSize = ModelAttributes.Transformer + ".HiddenSize";
    private const string ContextLength = ModelAttributes.Transformer + ".ContextLength";
    private const string VocabularySize = ModelAttributes.Transformer + ".VocabularySize";
    private const string Layers = ModelAttributes.Decoder + ".Layers";
    private const string Heads = ModelAttributes.Attention + ".Heads";
    private const string IntermediateSize = ModelAttributes.FeedForward + ".IntermediateSize";
    private const string Activation = ModelAttributes.FeedForward + ".Activation";
    private const string NormalizationKind = ModelAttributes.Normalization + ".Kind";
    private const string Epsilon = ModelAttributes.Normalization + ".Epsilon";
    private const string PositionEncodingKind = ModelAttributes.PositionEncoding + ".Kind";
    private const string Format = ModelAttributes.Precision + ".Format";

    private const int HeadSize = 64;

    private static readonly string[] Sizes = [HiddenSize, ContextLength, VocabularySize, Layers, Heads, IntermediateSize];

    private static readonly string[] AttributesWithDropout = [ModelAttributes.Transformer, ModelAttributes.Attention, ModelAttributes.FeedForward, ModelAttributes.Embedding];

    /// <summary>Not yet attached to a class.</summary>
    private static readonly DeclarationSpec NoDeclaration = new("", EquatableArray<ContainingTypeSpec>.Empty, "");

    /// <returns>The model; meaningless where <paramref name="problems"/> holds errors.</returns>
    public static ModelSpec Parse(Settings settings, Problems problems, CancellationToken cancellation)
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
            Attention = new(
                settings.Get(Heads, DefaultHeads(hiddenSize)),
                settings.Get(ModelAttributes.Attention + ".QueryKeyValueBias", true),
                settings.Get(ModelAttributes.Attention + ".OutputBias", true),
                Dropout(settings, ModelAttributes.Attention)),
            FeedForward = new DenseFeedForwardSpec(
                settings.Get(IntermediateSize, (int)Math.Min(int.MaxValue, 4L * hiddenSize)),
                (Activation)settings.Get(Activation, (int)Compiler.Activation.GeluTanh),
                settings.Get(ModelAttributes.FeedForward + ".Bias", true),
                Dropout(settings, ModelAttributes.FeedForward)),
            Normalization = new(
                (NormalizationKind)settings.Get(NormalizationKind, (int)Compiler.NormalizationKind.LayerNorm),
                settings.Get(Epsilon, 1e-5f),
                settings.Get(ModelAttributes.Normalization + ".Bias", true)),
            PositionEncoding = (PositionEncodingKind)settings.Get(PositionEncodingKind, (int)Compiler.PositionEncodingKind.Learned),
            Embedding = new(
                settings.Get(ModelAttributes.Embedding + ".TieWordEmbeddings", true),
                Dropout(settings, ModelAttributes.Embedding)),
            Format = (NumberFormat)settings.Get(Format, (int)NumberFormat.FP32),
        };

        CheckSizes(settings, problems, cancellation);
        CheckHeads(spec, settings, problems, cancellation);
        CheckTensors(spec, settings, problems, cancellation);
        CheckDropout(spec, settings, problems, cancellation);
        CheckEpsilon(spec, settings, problems, cancellation);
        CheckEnum<Activation>(Activation, settings, problems, cancellation);
        CheckEnum<NormalizationKind>(NormalizationKind, settings, problems, cancellation);
        CheckEnum<PositionEncodingKind>(PositionEncodingKind, settings, problems, cancellation);
        CheckEnum<NumberFormat>(Format, settings, problems, cancellation);
        CheckFormat(spec, settings, problems, cancellation);
        return spec;
    }

    private static int DefaultHeads(int hiddenSize) => hiddenSize >= HeadSize && hiddenSize % HeadSize == 0 ? hiddenSize / HeadSize : 1;

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
        if (heads < 1 || spec.HiddenSize < 1 || spec.HiddenSize % heads == 0)
            return;

        problems.Add(Descriptors.HeadsDoNotDivide, settings.LocationOf(cancellation, Heads, HiddenSize), Text(heads), Text(spec.HiddenSize), Divisors.Describe(spec.HiddenSize, heads));
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

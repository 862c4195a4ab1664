using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;

namespace Intaglio.Generators.Parsing;

/// <summary>What no model can be made of, and what has no effect: arguments one by one, then those that contradict each other. Each is reported with its remedy.</summary>
internal sealed class SpecChecker(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
{
    /// <summary>How many legal values a remedy offers.</summary>
    private const int MostOffered = 2;

    public void Check()
    {
        CheckSizes();
        CheckAttention();
        CheckRotary();
        CheckFactors();
        CheckNormBias();
        CheckTensors();
        CheckDropout();
        CheckEpsilon();
        foreach (var key in Keys.WithParts(Keys.Activation).Append(Keys.MaskedActivation))
            CheckEnum<Activation>(key);

        CheckEnum<NormalizationKind>(Keys.NormalizationKind);
        CheckEnum<NormalizationPlacement>(Keys.Placement);
        CheckEnum<RotaryScalingKind>(Keys.Scaling);
        CheckEnum<Pooling>(Keys.SequencePooling);
        CheckEnum<Pooling>(Keys.SentencePooling);
        CheckEnum<PositionEncodingKind>(Keys.PositionEncodingKind);
        CheckEnum<RotaryLayout>(Keys.RotaryLayout);
        CheckEnum<NumberFormat>(Keys.Format);
        CheckFormat();
        new StackChecker(spec, settings, problems, cancellation).Check();

        // Of a model that is wrong there is nothing else to say.
        if (!problems.AreErrors)
            new Hints(spec, settings, problems, cancellation).Add();
    }

    private void CheckSizes()
    {
        foreach (var size in Keys.Sizes.SelectMany(Keys.WithParts))
        {
            var value = settings.Get(size, 1);
            if (value < 1)
                Add(Descriptors.SizeNotPositive, settings.Remove(size), [size], Keys.ArgumentIn(size), Words.Number(value));
        }
    }

    // Stacks that are alike make a mistake once.
    private void CheckAttention()
    {
        foreach (var part in Parts())
            CheckHeads(part.Attention, part.Part);
    }

    private IEnumerable<(AttentionSpec Attention, AppliesTo Part)> Parts()
    {
        var parts = new (AttentionSpec? Attention, AppliesTo Part)[]
        {
            (spec.Decoder?.Attention, AppliesTo.DecoderSelf), (spec.Encoder?.Attention, AppliesTo.EncoderSelf), (spec.Decoder?.CrossAttention, AppliesTo.Cross),
        };
        var seen = new HashSet<(int Heads, int KeyValueHeads, int HeadSize)>();
        foreach (var (attention, part) in parts)
        {
            if (attention is not null && seen.Add((attention.Heads, attention.KeyValueHeads, attention.HeadSize)))
                yield return (attention, part);
        }
    }

    private void CheckHeads(AttentionSpec attention, AppliesTo part)
    {
        string[] For(string key) => [Keys.In(key, part), key];
        var (heads, keyValueHeads) = (attention.Heads, attention.KeyValueHeads);
        var hasSize = For(Keys.HeadSize).Any(settings.IsSet);
        if (!hasSize && heads >= 1 && spec.HiddenSize >= 1 && spec.HiddenSize % heads != 0)
        {
            Add(
                Descriptors.HeadsDoNotDivide, Divisor(Keys.Heads, spec.HiddenSize, heads), [.. For(Keys.Heads), Keys.HiddenSize],
                Words.Number(heads), Words.Number(spec.HiddenSize), Divisors.Describe(spec.HiddenSize, heads));
        }

        if (heads >= 1 && keyValueHeads >= 1 && heads % keyValueHeads != 0)
        {
            Add(
                keyValueHeads > heads ? Descriptors.MoreKeyValueHeads : Descriptors.KeyValueHeadsDoNotDivide, Divisor(Keys.KeyValueHeads, heads, keyValueHeads),
                [.. For(Keys.KeyValueHeads), .. For(Keys.Heads), Keys.HiddenSize],
                Words.Number(keyValueHeads), Words.Number(heads), Divisors.Describe(heads, keyValueHeads));
        }
    }

    private void CheckRotary()
    {
        var (kind, size) = (spec.PositionEncoding.Kind, spec.Main.Attention.HeadSize);
        if (kind != PositionEncodingKind.Rotary)
        {
            // Sinusoidal positions have two layouts as well.
            foreach (var argument in Keys.OfRotary.Where(argument => settings.IsOwn(argument) && !(argument == Keys.RotaryLayout && kind == PositionEncodingKind.Sinusoidal)))
                Add(Descriptors.RotaryArgumentWithoutRotary, settings.Remove(argument), [argument], Keys.ArgumentIn(argument), kind.ToString());
        }
        else if (size > 0 && size % 2 != 0)
        {
            var even = new[] { size + 1L, size - 1L }.Where(number => number is > 0 and <= int.MaxValue).Select(number => Words.Number(number)).ToList();
            Add(
                Descriptors.RotaryHeadSizeOdd, Remedy.Set(Keys.HeadSize, even), [Keys.HeadSize, Keys.Heads, Keys.HiddenSize, Keys.PositionEncodingKind],
                Words.Number(size), even[0]);
        }
    }

    private void CheckFactors()
    {
        foreach (var factor in Keys.Factors.SelectMany(Keys.WithParts))
        {
            var value = settings.Get(factor, 1f);
            if (!IsPositive(value))
                Add(Descriptors.FactorNotPositive, settings.Remove(factor), [factor], Keys.ArgumentIn(factor), Words.Number(value));
        }
    }

    private void CheckNormBias()
    {
        if (spec.Normalization is not { Kind: NormalizationKind.RmsNorm, Bias: true })
            return;

        // What another model sets can only be overridden.
        var remedy = settings.IsOwn(Keys.NormalizationBias) ? settings.Remove(Keys.NormalizationBias) : Remedy.Set(Keys.NormalizationBias, "false");
        Add(Descriptors.RmsNormBias, remedy, [Keys.NormalizationBias, Keys.NormalizationKind]);
    }

    private void CheckTensors()
    {
        // Other numbers are reported already.
        if (Keys.Sizes.SelectMany(Keys.WithParts).Any(size => settings.Get(size, 1) < 1))
            return;

        if (TensorSizes.IsEmbeddingForFactsAlone(spec))
            Add(Descriptors.FactsAlone, Remedy.None, [Keys.VocabularySize, Keys.HiddenSize], Words.Number((long)spec.VocabularySize * spec.HiddenSize), Words.Number(int.MaxValue));

        if (TensorSizes.FirstTooLarge(spec) is not { } tensor)
            return;

        Add(
            Descriptors.TooLarge, Remedy.None, [.. tensor.Sizes, .. tensor.Others],
            tensor.Name, Words.Number(tensor.Elements), Words.Number(tensor.Limit), string.Join(" or ", tensor.Sizes.Select(Keys.ArgumentIn)));
    }

    private void CheckDropout()
    {
        foreach (var key in Keys.Dropouts.SelectMany(Keys.WithParts))
        {
            var rate = settings.Get(key, 0f);

            // Not a number fails every comparison.
            if (!(rate >= 0 && rate < 1))
                Add(Descriptors.DropoutOutOfRange, settings.Remove(key), [key], Keys.AttributeIn(key), Words.Number(rate));
            else if (rate > 0 && !spec.Trains && spec.Format == NumberFormat.BF16 && settings.IsOwn(key))
                Add(Descriptors.DropoutWithoutTraining, settings.Remove(key), [key], Keys.AttributeIn(key), Words.Number(rate));
        }
    }

    private void CheckEpsilon()
    {
        if (!IsPositive(spec.Normalization.Epsilon))
            Add(Descriptors.EpsilonNotPositive, settings.Remove(Keys.Epsilon), [Keys.Epsilon], Words.Number(spec.Normalization.Epsilon));
    }

    private void CheckEnum<T>(string key)
        where T : struct, Enum
    {
        var value = settings.Get(key, 0);
        if (Enum.IsDefined(typeof(T), value))
            return;

        var names = Enum.GetNames(typeof(T));
        Add(Descriptors.UnknownEnumValue, Remedy.Set(typeof(T).Name, names), [key], Keys.ArgumentIn(key), Words.Number(value), typeof(T).Name, Words.Or(names));
    }

    private void CheckFormat()
    {
        if (spec.Format is NumberFormat.FP16 or NumberFormat.INT8 or NumberFormat.INT4)
            Add(Descriptors.FormatNotSupported, Remedy.Set(nameof(NumberFormat), nameof(NumberFormat.FP32), nameof(NumberFormat.BF16)), [Keys.Format], spec.Format.ToString());
    }

    private static bool IsPositive(float value) => value > 0 && !float.IsInfinity(value);

    /// <summary>The divisors nearest to what was asked for.</summary>
    private static Remedy Divisor(string key, int number, int near) => Remedy.Set(key, Divisors.Nearest(number, near).Take(MostOffered).Select(divisor => Words.Number(divisor)));

    private void Add(Microsoft.CodeAnalysis.DiagnosticDescriptor descriptor, Remedy remedy, string[] keys, params object[] arguments) =>
        problems.Add(descriptor, settings.LocationOf(cancellation, keys), remedy, arguments);
}

using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;

namespace Intaglio.Generators.Parsing;

/// <summary>Which stacks, heads, positions and objectives go together, and what numbers they may have.</summary>
internal sealed class StackChecker(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
{
    // What says which stacks there are.
    private static readonly string[] OfStacks = [ModelAttributes.Encoder, ModelAttributes.Decoder, Keys.Family];

    private static readonly HashSet<string> OfStacksAlone = [.. Keys.OfNetworks, Keys.SlidingWindow, Keys.QueryKeyNorm];

    private string Kind => spec.IsEncoderDecoder ? "an encoder-decoder" : spec.Encoder is null ? "a decoder" : "an encoder";

    public void Check()
    {
        CheckHead();
        CheckObjective();
        CheckStacks();
        CheckPositions();
        CheckNumbers();
        CheckParts();
    }

    private void CheckHead()
    {
        var head = settings.Get(Keys.Head, "");
        var needed = head switch
        {
            ModelAttributes.LanguageModelingHead when spec.Decoder is null => "a decoder",
            ModelAttributes.MaskedLanguageModelingHead when spec.Decoder is not null => "an encoder without a decoder",
            ModelAttributes.SequenceClassification or ModelAttributes.TokenClassification or ModelAttributes.QuestionAnswering or ModelAttributes.SentenceEmbedding when spec.IsEncoderDecoder => "one stack",
            _ => null,
        };
        if (needed is not null)
            Add(Descriptors.HeadDoesNotFit, Keys.Head, head, needed, Kind);

        if (spec.Head is SequenceClassificationHeadSpec { Labels.Count: 0 } or TokenClassificationHeadSpec { Labels.Count: 0 })
            Require(false, $"{head}.Labels", Words.Number(settings.Get($"{head}.Labels", 0)), "1 or more");
    }

    private void CheckObjective()
    {
        var trained = spec.Objective?.Kind switch
        {
            ObjectiveKind.CausalLanguageModeling when spec.Encoder is not null || !spec.Generates => "a decoder that generates",
            ObjectiveKind.MaskedLanguageModeling when spec.Head is not MaskedLanguageModelingHeadSpec => "an encoder with a masked-language-modelling head",
            ObjectiveKind.SpanCorruption or ObjectiveKind.Denoising when !spec.IsEncoderDecoder => "an encoder-decoder",
            _ => null,
        };
        if (spec.Objective is not { } objective)
            return;

        if (trained is not null)
            Add(Descriptors.ObjectiveDoesNotFit, Keys.Objective, objective.Kind.ToString(), trained, Kind);

        foreach (var token in ObjectiveParser.Tokens.Select(token => $"{objective.Kind}.{token}").Where(settings.IsSet))
            Require(settings.Get(token, 0) is var value && value >= 0 && value < spec.VocabularySize, token, Words.Number(settings.Get(token, 0)), $"from 0 to VocabularySize - 1, {Words.Number(spec.VocabularySize - 1)}");

        foreach (var share in new[] { "MaskingRate", "MaskTokenShare", "RandomTokenShare", "NoiseDensity" }.Select(share => $"{objective.Kind}.{share}"))
            Require(settings.Get(share, 0.5) is > 0 and < 1 or 1.0, share, Words.Number(settings.Get(share, 0.5)), "above 0 and at most 1");
    }

    private void CheckStacks()
    {
        var attention = spec.Main.Attention;
        if (spec.Encoder is { Attention: { SlidingWindow: > 0 } or { EveryNthLayer: > 0 } })
            NotTogether([Keys.SlidingWindow, Keys.In(Keys.SlidingWindow, AppliesTo.EncoderSelf), Keys.EveryNthLayer, .. OfStacks], "SlidingWindow", "in an encoder, which sees both sides", "set it with AppliesTo = AppliesTo.DecoderSelf, or remove it");

        if (spec.Embedding.TokenTypes > 0 && spec.Decoder is not null)
            NotTogether([Keys.TokenTypes, .. OfStacks], "TokenTypes", "with a decoder", "remove it");

        if (settings.Get(Keys.ParallelResidual, false) && (spec.Normalization.Placement != NormalizationPlacement.Pre || spec.IsEncoderDecoder))
            NotTogether([Keys.ParallelResidual, Keys.Placement, .. OfStacks], "ParallelResidual", "with norms after blocks or with attention to an encoder", "use Placement = NormalizationPlacement.Pre in a model of one stack");

        if (settings.IsSet(Keys.EveryNthLayer))
        {
            Require(attention.EveryNthLayer >= 2, Keys.EveryNthLayer, Words.Number(attention.EveryNthLayer), "2 or more");
            Require(attention.EveryNthWindow >= 0, Keys.EveryNthSlidingWindow, Words.Number(attention.EveryNthWindow), "1 or more, or 0 for all positions");
        }
    }

    private void CheckPositions()
    {
        var (positions, attention) = (spec.PositionEncoding, spec.Main.Attention);
        if (positions.Kind == PositionEncodingKind.Alibi && spec.IsEncoderDecoder)
            NotTogether([Keys.PositionEncodingKind, .. OfStacks], "PositionEncodingKind.Alibi", "in an encoder-decoder", "use RelativeBuckets, Rotary, Learned or Sinusoidal");

        if (positions.Kind is PositionEncodingKind.Rotary or PositionEncodingKind.RelativeBuckets or PositionEncodingKind.Alibi && spec.Stacks.Any(stack => stack.Attention.Heads != attention.Heads || stack.Attention.HeadSize != attention.HeadSize))
            NotTogether([Keys.PositionEncodingKind, .. Keys.WithParts(Keys.Heads), .. Keys.WithParts(Keys.HeadSize), .. OfStacks], $"PositionEncodingKind.{positions.Kind}", "where encoder and decoder differ in Heads or HeadSize", "give both the same");

        if (positions.Kind == PositionEncodingKind.Rotary)
        {
            Require(positions.RotaryFraction is > 0 and <= 1 && positions.RotatedSize(attention.HeadSize) >= 2, [Keys.RotaryFraction, Keys.HeadSize, Keys.Heads, Keys.HiddenSize, Keys.PositionEncodingKind], Words.Number(positions.RotaryFraction), "above 0 and at most 1, and of HeadSize at least two columns");
            CheckScaling(positions.Scaling);
        }

        Require(positions.Kind != PositionEncodingKind.Sinusoidal || spec.HiddenSize % 2 == 0, [Keys.HiddenSize, Keys.PositionEncodingKind], Words.Number(spec.HiddenSize), "even, since sines and cosines come in pairs");
        if (positions.Kind == PositionEncodingKind.RelativeBuckets)
        {
            var least = spec.Encoder is null ? 2 : 4;
            Require(positions.Buckets >= least, [Keys.Buckets, Keys.PositionEncodingKind, .. OfStacks], Words.Number(positions.Buckets), $"{Words.Number(least)} or more");
            Require(positions.MaxDistance > positions.Buckets / 2, [Keys.MaxDistance, Keys.Buckets, Keys.PositionEncodingKind], Words.Number(positions.MaxDistance), $"more than half of Buckets, {Words.Number(positions.Buckets / 2)}");
        }

        Require(positions.Offset >= 0 && (long)positions.Offset + spec.ContextLength <= int.MaxValue, [Keys.PositionOffset, Keys.ContextLength], Words.Number(positions.Offset), "0 or more");
        WithoutEffect(positions.Kind == PositionEncodingKind.Rotary, "rotary positions", Keys.RotaryFraction, Keys.Scaling, Keys.ScalingFactor, Keys.OriginalContextLength, Keys.LowFrequencyFactor, Keys.HighFrequencyFactor);
        WithoutEffect(positions.Kind == PositionEncodingKind.RelativeBuckets, "relative buckets", Keys.Buckets, Keys.MaxDistance);
        WithoutEffect(positions.Kind == PositionEncodingKind.Learned, "learned positions", Keys.PositionOffset);
    }

    private void CheckScaling(RotaryScalingSpec? scaling)
    {
        if (scaling is null)
            return;

        Require(scaling.Factor >= 1 && !float.IsInfinity(scaling.Factor), Keys.ScalingFactor, Words.Number(scaling.Factor), "1 or more");
        Require(scaling.OriginalContext >= 1, Keys.OriginalContextLength, Words.Number(scaling.OriginalContext), "1 or more");
        if (scaling.Kind == RotaryScalingKind.Llama3)
            Require(scaling.LowFrequencyFactor > 0 && scaling.HighFrequencyFactor > scaling.LowFrequencyFactor, [Keys.HighFrequencyFactor, Keys.LowFrequencyFactor, Keys.Scaling], Words.Number(scaling.HighFrequencyFactor), $"more than LowFrequencyFactor, {Words.Number(scaling.LowFrequencyFactor)}");
    }

    private void CheckNumbers()
    {
        var embedding = spec.Embedding;
        Require(embedding.Scale > 0 && !double.IsInfinity(embedding.Scale), Keys.EmbeddingScale, Words.Number(embedding.Scale), "above 0");
        Require(embedding.TokenTypes >= 0, Keys.TokenTypes, Words.Number(embedding.TokenTypes), "1 or more");
        Require(embedding.PaddingToken >= -1 && embedding.PaddingToken < Math.Max(1, spec.VocabularySize), [Keys.PaddingToken, Keys.VocabularySize], Words.Number(embedding.PaddingToken), $"from 0 to VocabularySize - 1, {Words.Number(spec.VocabularySize - 1)}");
        if (spec.Head is LanguageModelingHeadSpec head)
        {
            Require(head.LogitSoftCap >= 0 && !float.IsInfinity(head.LogitSoftCap), Keys.FinalLogitSoftCap, Words.Number(head.LogitSoftCap), "above 0");
            Require(head.Scale > 0 && !double.IsInfinity(head.Scale), Keys.LogitScale, Words.Number(head.Scale), "above 0");
        }
    }

    private void WithoutEffect(bool hasEffect, string what, params string[] keys)
    {
        foreach (var key in keys.Where(key => !hasEffect && settings.IsOwn(key)))
            problems.Add(Descriptors.ArgumentWithoutEffect, settings.LocationOf(cancellation, key), settings.Remove(key), Keys.ArgumentIn(key), what, $"the positions are {spec.PositionEncoding.Kind}");
    }

    /// <summary>What an attribute says of a part that is not there, or of one that it does not act on.</summary>
    private void CheckParts()
    {
        foreach (var key in settings.OwnKeys.Where(key => Keys.PartIn(key).Length > 0).ToList())
        {
            var (part, argument) = (Keys.PartIn(key), Keys.ForAll(key));
            if ("@" + part == Keys.EveryNth)
            {
                WithoutEffect(key, argument == Keys.SlidingWindow, "all layers", "the attribute is about every n-th one");
            }
            else if (!Enum.TryParse<AppliesTo>(part, out var applies) || !Enum.IsDefined(typeof(AppliesTo), applies))
            {
                problems.Add(Descriptors.UnknownEnumValue, settings.LocationOf(cancellation, key), Remedy.None, nameof(AppliesTo), part, nameof(AppliesTo), Words.Or(Enum.GetNames(typeof(AppliesTo))));
            }
            else
            {
                var isThere = applies switch { AppliesTo.EncoderSelf => spec.Encoder is not null, AppliesTo.DecoderSelf => spec.Decoder is not null, _ => spec.IsEncoderDecoder };
                WithoutEffect(key, isThere, applies switch { AppliesTo.EncoderSelf => "an encoder", AppliesTo.DecoderSelf => "a decoder", _ => "an encoder-decoder" }, $"the model is {Kind}");
                WithoutEffect(key, applies != AppliesTo.Cross || !OfStacksAlone.Contains(argument), "a stack's own layers", "the attribute is about what attends to the encoder");
            }
        }
    }

    private void WithoutEffect(string key, bool hasEffect, string actsOn, string but)
    {
        if (!hasEffect)
            problems.Add(Descriptors.ArgumentWithoutEffect, settings.LocationOf(cancellation, key), settings.Remove(key), Keys.ArgumentIn(key), actsOn, but);
    }

    private void Require(bool holds, string key, string value, string expected) => Require(holds, [key], value, expected);

    // The first key is what the message names; where a model that this one is based on sets it, another made it wrong.
    private void Require(bool holds, string[] keys, string value, string expected)
    {
        if (!holds)
            problems.Add(Descriptors.ValueOutOfRange, settings.LocationOf(cancellation, keys), settings.Remove(keys[0]), Keys.ArgumentIn(keys[0]), value, expected);
    }

    private void NotTogether(string[] keys, string what, string where, string instead) =>
        problems.Add(Descriptors.NotSupportedTogether, settings.LocationOf(cancellation, keys), Remedy.None, what, where, instead);

    private void Add(Microsoft.CodeAnalysis.DiagnosticDescriptor descriptor, string key, params object[] arguments) =>
        problems.Add(descriptor, settings.LocationOf(cancellation, [key, .. OfStacks]), Remedy.None, arguments);
}

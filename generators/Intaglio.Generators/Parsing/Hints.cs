using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing;

/// <summary>What is odd about a legal model, said only of arguments that the class itself sets: a default or another model's choice is none of its.</summary>
internal sealed class Hints(ModelSpec spec, Settings settings, Problems problems, CancellationToken cancellation)
{
    /// <summary>Columns that the head's product has in a tile.</summary>
    private const int VocabularyTile = 64;

    /// <summary>Vocabularies of bytes and characters end here: 63 more tokens are more than 6% of one.</summary>
    private const int SmallVocabulary = 1024;

    /// <summary>Floats in the widest vector.</summary>
    private const int VectorWidth = 16;

    /// <summary>Every family draws its embeddings with a standard deviation of 0.02.</summary>
    private const float EmbeddingVariance = 4e-4f;

    private readonly DenseFeedForwardSpec _feedForward = (DenseFeedForwardSpec)spec.Main.FeedForward;

    public void Add()
    {
        OfVocabulary();
        OfHeads();
        OfContext();
        OfFeedForward();
        OfDropout(ModelAttributes.Attention, spec.Main.Attention.Dropout, spec.ResidualDropout);
        OfDropout(ModelAttributes.FeedForward, _feedForward.Dropout, spec.ResidualDropout);
        OfDropout(ModelAttributes.Embedding, spec.Embedding.Dropout, 0);
        OfSoftCap();
        OfRotary();
        OfEpsilon();
    }

    private void OfVocabulary()
    {
        var size = spec.VocabularySize;
        if (size == 1)
            Add(Descriptors.OneToken, settings.Remove(Keys.VocabularySize), [Keys.VocabularySize]);
        else if (size > SmallVocabulary && size % VocabularyTile != 0)
            Add(Descriptors.VocabularyRagged, Set(Keys.VocabularySize, RoundUp(size, VocabularyTile)), [Keys.VocabularySize], Words.Number(size), Words.Number(RoundUp(size, VocabularyTile)));
    }

    private void OfHeads()
    {
        var (hidden, heads, size) = (spec.HiddenSize, spec.Main.Attention.Heads, spec.Main.Attention.HeadSize);
        var columns = (long)heads * size;
        if (size < VectorWidth && (heads > 1 || settings.IsSet(Keys.HeadSize)))
        {
            var fewer = settings.IsSet(Keys.HeadSize) ? 0 : Divisors.Nearest(hidden, heads).FirstOrDefault(divisor => hidden / divisor >= VectorWidth);
            var advice = fewer > 0 ? $"{Words.Number(fewer)} heads of {Words.Number(hidden / fewer)}" : "a HeadSize of at least 16";
            Add(Descriptors.HeadsNarrow, fewer > 0 ? Set(Keys.Heads, fewer) : Set(Keys.HeadSize, VectorWidth), [Keys.HeadSize, Keys.Heads, Keys.HiddenSize], Words.Number(heads), Words.Number(size), advice);
        }

        if (settings.IsSet(Keys.Heads))
            return;

        if (settings.IsSet(Keys.HeadSize) && columns != hidden)
        {
            var usual = Math.Max(1, hidden / size);
            Add(Descriptors.HeadSizeWithoutHeads, Set(Keys.Heads, usual), [Keys.HeadSize, Keys.HiddenSize], Words.Number(size), Words.Number(heads), Words.Number(columns), Words.Number(hidden), Words.Number(usual));
        }
        else if (!settings.IsSet(Keys.HeadSize) && heads == 1 && hidden > SpecParser.UsualHeadSize)
        {
            var several = Divisors.Nearest(hidden, hidden / SpecParser.UsualHeadSize).FirstOrDefault(divisor => divisor > 1 && hidden / divisor >= VectorWidth);
            var remedy = several > 0 ? Set(Keys.Heads, several) : Set(Keys.HiddenSize, RoundUp(hidden, SpecParser.UsualHeadSize));
            Add(Descriptors.OneHead, remedy, [Keys.HiddenSize], Words.Number(hidden), $"set {Keys.ArgumentIn(remedy.Target)}, such as {remedy.Values[0]}");
        }
    }

    private void OfContext()
    {
        var (window, context) = (spec.Main.Attention.SlidingWindow, spec.ContextLength);
        if (window == 1 || context == 1)
        {
            var key = window == 1 ? Keys.SlidingWindow : Keys.ContextLength;
            Add(Descriptors.SeesItselfOnly, settings.Remove(key), [key], Keys.ArgumentIn(key));
        }
        else if (window >= context)
        {
            Add(Descriptors.WindowWithoutEffect, settings.Remove(Keys.SlidingWindow), [Keys.SlidingWindow, Keys.ContextLength], Words.Number(window), Words.Number(context));
        }
    }

    private void OfFeedForward()
    {
        var (hidden, intermediate) = (spec.HiddenSize, _feedForward.IntermediateSize);
        var usual = SpecParser.DefaultIntermediateSize(hidden);
        if (intermediate < hidden)
            Add(Descriptors.IntermediateNarrow, settings.Remove(Keys.IntermediateSize), [Keys.IntermediateSize, Keys.HiddenSize], Words.Number(intermediate), Words.Number(hidden), Words.Number(usual));

        if (_feedForward.Gated && !settings.IsSet(Keys.IntermediateSize))
        {
            // Three matrices of 8/3 have as many parameters as two of 4; whole vectors, as LLaMA's are.
            var gated = RoundUp((8L * hidden + 2) / 3, VectorWidth);
            Add(Descriptors.GatedWidth, Set(Keys.IntermediateSize, gated), [Keys.Gated, Keys.HiddenSize], Words.Number(usual), Words.Number(gated));
        }

        if (_feedForward.Activation.IsOwn && !_feedForward.Gated && _feedForward.Activation.Formula.Derivative(Operand.X) is Constant { Value: not 0 })
            Add(Descriptors.ActivationLinear, Remedy.None, [Keys.ActivationMethod], settings.Get(Keys.ActivationMethod, ""));
    }

    private void OfDropout(string attribute, float own, float residual)
    {
        var kept = (1 - (double)own) * (1 - (double)residual);
        if (kept >= 0.5)
            return;

        string[] keys = own >= residual ? [$"{attribute}.Dropout", Keys.ResidualDropout] : [Keys.ResidualDropout, $"{attribute}.Dropout"];
        Add(Descriptors.DropoutHeavy, settings.Remove(keys[0]), residual > 0 ? keys : [keys[0]], attribute, Words.Number((int)Math.Round(100 * kept)));
    }

    private void OfSoftCap()
    {
        var (cap, window) = (spec.Main.Attention.LogitSoftCap, spec.Main.Attention.SlidingWindow);
        var seen = window > 0 ? Math.Min(window, spec.ContextLength) : spec.ContextLength;
        var ratio = Math.Exp(2.0 * cap);
        if (cap > 0 && ratio < seen - 1)
            Add(Descriptors.SoftCapLow, settings.Remove(Keys.LogitSoftCap), [Keys.LogitSoftCap], Words.Number(cap), Words.Number(Math.Round(ratio, 1)), Words.Number(seen));
    }

    private void OfRotary()
    {
        var (kind, theta) = (spec.PositionEncoding.Kind, spec.PositionEncoding.RotaryTheta);
        if (kind != PositionEncodingKind.Rotary || spec.Main.Attention.HeadSize <= 2)
            return;

        // The slowest pair's share of the exponent, and the tokens in which it comes round.
        var share = 1 - (2.0 / spec.Main.Attention.HeadSize);
        var length = 2 * Math.PI * Math.Max(1, Math.Pow(theta, share));
        if (length >= spec.ContextLength)
            return;

        var needed = Math.Pow(spec.ContextLength / (2 * Math.PI), 1 / share);
        var digits = Math.Pow(10, Math.Floor(Math.Log10(needed)));
        var enough = Math.Max(2, Math.Ceiling(needed / digits) * digits);
        Add(
            Descriptors.RotaryRepeats, enough <= int.MaxValue ? Set(Keys.RotaryTheta, (long)enough) : Remedy.None, [Keys.RotaryTheta, Keys.ContextLength, Keys.HeadSize, Keys.PositionEncodingKind],
            Words.Number(theta), Words.Number((long)length), Words.Number(spec.ContextLength), Words.Number(enough));
    }

    private void OfEpsilon()
    {
        if (spec.Normalization.Epsilon > EmbeddingVariance)
            Add(Descriptors.EpsilonLarge, settings.Remove(Keys.Epsilon), [Keys.Epsilon], Words.Number(spec.Normalization.Epsilon), Words.Number(EmbeddingVariance));
    }

    private static long RoundUp(long number, long step) => (number + step - 1) / step * step;

    private static Remedy Set(string key, long value) => Remedy.Set(key, Words.Number(value));

    private void Add(DiagnosticDescriptor descriptor, Remedy remedy, string[] keys, params object[] arguments) =>
        problems.Add(descriptor, settings.OwnLocationOf(cancellation, keys), remedy, arguments);
}

using Intaglio.Numerics;

namespace Intaglio.Objectives;

/// <summary>
/// Predicting spans that are cut out, for encoder-decoders (Raffel et al., T5, arXiv:1910.10683, section 3.1.4). In the inputs each span is one sentinel,
/// counted down from the end of the vocabulary; the targets are the spans, each after its sentinel, and a final sentinel. Both end in the end token.
/// Spans are drawn as by <c>random_spans_noise_mask</c> of T5's code: of the ways to cut the tokens that go and those that stay into that many parts, each is as
/// likely as any other; parts that stay and spans alternate, beginning with one that stays. Numbers are rounded in double, as by transformers.
/// </summary>
public sealed class SpanCorruption : Objective
{
    private readonly SpanCorruptionOptions _options;

    /// <summary>Corrupts texts whose length is what <see cref="SpanCorruptionOptions.LengthsFor"/> says.</summary>
    /// <param name="source">Where the texts come from.</param>
    /// <param name="inputLength">Tokens of the encoder's input, 3 or more.</param>
    /// <param name="options">How they are corrupted.</param>
    /// <exception cref="ArgumentException">An option is out of its range, the length leaves no room, or there are not enough sentinels.</exception>
    public SpanCorruption(ISequenceSource source, int inputLength, SpanCorruptionOptions options)
        : this(source, inputLength, options ?? throw new ArgumentNullException(nameof(options)), options.LengthsFor(inputLength))
    {
    }

    private SpanCorruption(ISequenceSource source, int inputLength, SpanCorruptionOptions options, (int Text, int Targets) lengths)
        : base(source, lengths.Text, lengths.Targets, inputLength)
    {
        _options = options;
        var spans = options.Noise(lengths.Text).Spans;
        var needed = spans + (options.FinalSentinel ? 1 : 0);
        if (needed > options.Sentinels)
        {
            throw new ArgumentException(
                $"Inputs of {inputLength} tokens come from texts of {lengths.Text}, which have {spans} spans and need {needed} sentinels, but there are {options.Sentinels}: use shorter inputs, longer spans (MeanSpanLength), or a vocabulary with more sentinels.",
                nameof(options));
        }
    }

    /// <inheritdoc/>
    protected override void FillRow(ReadOnlySpan<int> text, ref RandomDraws draws, in TrainingRow row)
    {
        using var scratch = new Scratch<TokenSpan>(_options.Noise(text.Length).Spans);
        DrawSpans(text.Length, scratch.Span, ref draws);
        var (inputs, targets) = Corrupt(text, scratch.Span, _options, row.SourceTokens, row.Targets);
        row.EndSource(inputs, _options.PadToken);
        row.EndLabels(targets, _options.DecoderStartToken, _options.PadToken);
    }

    /// <summary>Cuts spans, in order, out of a text.</summary>
    /// <returns>How many tokens inputs and targets have.</returns>
    internal static (int Inputs, int Targets) Corrupt(ReadOnlySpan<int> text, ReadOnlySpan<TokenSpan> spans, SpanCorruptionOptions options, Span<int> inputs, Span<int> targets)
    {
        var input = new TokenWriter(inputs);
        var target = new TokenWriter(targets);
        var (sentinel, position) = (options.VocabularySize - 1, 0);
        foreach (var span in spans)
        {
            input.Write(text[position..span.Start]);
            input.Write(sentinel);
            target.Write(sentinel--);
            target.Write(text[span.Start..span.End]);
            position = span.End;
        }

        input.Write(text[position..]);
        input.Write(options.EndToken);
        if (options.FinalSentinel || position < text.Length)
            target.Write(sentinel);
        target.Write(options.EndToken);
        return (input.Length, target.Length);
    }

    private void DrawSpans(int length, Span<TokenSpan> spans, ref RandomDraws draws)
    {
        if (spans.IsEmpty)
            return;

        var tokens = _options.Noise(length).Tokens;
        using var scratch = new Scratch<int>(2 * spans.Length);
        var gone = scratch.Span[..spans.Length];
        var staying = scratch.Span[spans.Length..];
        Segment(tokens, gone, ref draws);
        Segment(length - tokens, staying, ref draws);
        var position = 0;
        for (var index = 0; index < spans.Length; index++)
        {
            spans[index] = new(position + staying[index], gone[index]);
            position = spans[index].End;
        }
    }

    // Cuts items into parts, none empty. Of the borders between items, each is cut with probability (cuts to make) / (borders left), by which every set
    // of cuts is as likely as any other (Knuth, The Art of Computer Programming, volume 2, algorithm S of 3.4.2).
    private static void Segment(int items, Span<int> lengths, ref RandomDraws draws)
    {
        var part = 0;
        lengths[0] = 1;
        for (var borders = items - 1; borders > 0; borders--)
        {
            if (draws.Below(borders) < lengths.Length - 1 - part)
                lengths[++part] = 1;
            else
                lengths[part]++;
        }
    }
}

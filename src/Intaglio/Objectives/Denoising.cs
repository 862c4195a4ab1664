using Intaglio.Numerics;

namespace Intaglio.Objectives;

/// <summary>
/// Restoring a noised text, for encoder-decoders (Lewis et al., BART, arXiv:1910.13461, section 2.2). Sentences are put in random order, then spans whose lengths
/// are Poisson numbers become one mask token each, until round(n · rate) tokens are masked, the last span cut to fit; a span of length 0 inserts a mask token.
/// Every arrangement of spans and other tokens is as likely as any other. Insertions that would make the text longer than it was are left out.
/// The targets are the text as it was. Texts stand between start and end token, on both sides.
/// </summary>
public sealed class Denoising : Objective
{
    // Start and end.
    private const int Around = 2;

    private readonly DenoisingOptions _options;

    /// <summary>Noises texts.</summary>
    /// <param name="source">Where the texts come from.</param>
    /// <param name="length">Tokens of a row of encoder and decoder, 3 or more, start and end token included.</param>
    /// <param name="options">How they are noised.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the length leaves no room for a token.</exception>
    public Denoising(ISequenceSource source, int length, DenoisingOptions options)
        : base(source, RoomForText(length), length, length)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    protected override void FillRow(ReadOnlySpan<int> text, ref RandomDraws draws, in TrainingRow row)
    {
        var targets = new TokenWriter(row.Targets);
        targets.Write(_options.StartToken);
        targets.Write(text);
        targets.Write(_options.EndToken);
        row.EndLabels(targets.Length, _options.DecoderStartToken, _options.PadToken);

        using var scratch = new Scratch<int>(text.Length);
        Permute(text, scratch.Span, ref draws);
        var noised = new TokenWriter(row.SourceTokens);
        noised.Write(_options.StartToken);
        Infill(scratch.Span, ref noised, ref draws);
        noised.Write(_options.EndToken);
        row.EndSource(noised.Length, _options.PadToken);
    }

    private static int RoomForText(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, Around);
        return length - Around;
    }

    private void Permute(ReadOnlySpan<int> text, Span<int> permuted, ref RandomDraws draws)
    {
        if (_options.EndsSentence is not { } endsSentence)
        {
            text.CopyTo(permuted);
            return;
        }

        using var scratch = new Scratch<TokenSpan>(text.Length);
        var (count, start) = (0, 0);
        for (var position = 0; position < text.Length; position++)
        {
            if (position < text.Length - 1 && !endsSentence(text[position]))
                continue;
            scratch.Span[count++] = new(start, position + 1 - start);
            start = position + 1;
        }

        var sentences = scratch.Span[..count];
        draws.Shuffle(sentences);
        var writer = new TokenWriter(permuted);
        foreach (var sentence in sentences)
            writer.Write(text[sentence.Start..sentence.End]);
    }

    private void Infill(ReadOnlySpan<int> text, ref TokenWriter noised, ref RandomDraws draws)
    {
        var masked = _options.MaskingRate > 0 ? NoiseBudget.Of(text.Length, _options.MaskingRate) : 0;
        using var scratch = new Scratch<int>(masked);
        var lengths = scratch.Span;
        var (spans, insertions) = (0, 0);
        for (var left = masked; left > 0;)
        {
            var length = Math.Min(draws.Poisson(_options.MeanSpanLength), left);
            if (length == 0)
                insertions++;
            else
                lengths[spans++] = length;
            left -= length;
        }

        insertions = Math.Min(insertions, masked - spans);
        var (kept, position) = (text.Length - masked, 0);
        while (kept + spans + insertions > 0)
        {
            // Which of all that is left comes next.
            var next = draws.Below(kept + spans + insertions);
            if (next < kept)
            {
                noised.Write(text[position++]);
                kept--;
                continue;
            }

            noised.Write(_options.MaskToken);
            next -= kept;
            if (next < spans)
            {
                position += lengths[next];
                lengths[next] = lengths[--spans];
            }
            else
            {
                insertions--;
            }
        }
    }
}

namespace Intaglio.Objectives;

/// <summary>How spans are cut out. The defaults are T5's; an option out of range is an argument error of the <see cref="SpanCorruption"/>'s constructor.</summary>
public sealed record SpanCorruptionOptions
{
    /// <summary>How many tokens the tokenizer has, from whose end sentinels count down: 32,100 for T5, not the padded table's 32,128.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>How many of the last tokens are sentinels, <c>extra_ids</c>. Default 100.</summary>
    public int Sentinels { get; init; } = 100;

    /// <summary>Ends inputs and targets. Default 1, T5's.</summary>
    public int EndToken { get; init; } = 1;

    /// <summary>Fills rows that are shorter. Default 0, T5's.</summary>
    public int PadToken { get; init; }

    /// <summary>The decoder's first input. Default 0, T5's.</summary>
    public int DecoderStartToken { get; init; }

    /// <summary>The share of a text's tokens that is cut out, above 0 and at most 0.95. Default 0.15.</summary>
    public double NoiseDensity { get; init; } = 0.15;

    /// <summary>The mean length of a span, 1 or more. Default 3.</summary>
    public double MeanSpanLength { get; init; } = 3;

    /// <summary>
    /// Whether targets always end in one more sentinel, as figure 2 of the paper has it; where false, only if the text does not end in a span, as T5's code
    /// has it, whose texts of two tokens or more all do. Default true.
    /// </summary>
    public bool FinalSentinel { get; init; } = true;

    /// <summary>
    /// How long texts may be for inputs of a length, and how long the targets then are, both with their end token: transformers'
    /// <c>compute_input_and_target_lengths</c>, with one more for <see cref="FinalSentinel"/>.
    /// </summary>
    /// <param name="inputLength">Tokens of the encoder's input, 3 or more.</param>
    /// <returns>Tokens of the text, and of the targets.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or the length leaves no room for a token, a sentinel and the end.</exception>
    public (int Text, int Targets) LengthsFor(int inputLength)
    {
        Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(inputLength, 3);
        var text = 2;
        while (Corrupted(text + 1).Inputs <= inputLength)
            text++;
        var (inputs, targets) = Corrupted(text);

        // "To get the targets length to be equal to inputs length which is more likely to have been set to a nice round number", says T5's code.
        if (NoiseDensity == 0.5 && targets > inputs)
            (text, targets) = (text - 1, targets - 1);
        return (text, targets + (FinalSentinel ? 1 : 0));
    }

    /// <summary>
    /// How many of a text's tokens are cut out, and in how many spans: round(length · density) and round(tokens / mean), halves to the even number, at least
    /// one each, with a token left before every span; none of a text of one token.
    /// </summary>
    internal (int Tokens, int Spans) Noise(int length)
    {
        if (length < 2)
            return (0, 0);
        var tokens = Math.Min(NoiseBudget.Of(length, NoiseDensity), length - 1);
        return (tokens, Math.Clamp((int)Math.Round(tokens / MeanSpanLength), 1, Math.Min(tokens, length - tokens)));
    }

    /// <exception cref="ArgumentException">An option is out of its range; the message names it and says what it may be.</exception>
    internal void Validate()
    {
        OptionRange.Require(VocabularySize > 1, VocabularySize, "above 1");
        OptionRange.Require(Sentinels >= 1 && Sentinels < VocabularySize, Sentinels, $"from 1 to {VocabularySize - 1}, less than VocabularySize");
        OptionRange.Token(EndToken, VocabularySize);
        OptionRange.Token(PadToken, VocabularySize);
        OptionRange.Token(DecoderStartToken, VocabularySize);

        // Beyond it texts of a given input would be many thousand times as long as the input.
        OptionRange.Require(NoiseDensity is > 0 and <= 0.95, NoiseDensity, "above 0 and at most 0.95");
        OptionRange.Require(MeanSpanLength >= 1 && double.IsFinite(MeanSpanLength), MeanSpanLength, "1 or more");
    }

    // With the end token each, without the final sentinel.
    private (int Inputs, int Targets) Corrupted(int length)
    {
        var (tokens, spans) = Noise(length);
        return (length - tokens + spans + 1, tokens + spans + 1);
    }
}

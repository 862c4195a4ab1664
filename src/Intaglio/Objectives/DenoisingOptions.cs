namespace Intaglio.Objectives;

/// <summary>How texts are noised. The defaults are BART's; an option out of range is an argument error of the <see cref="Denoising"/>'s constructor.</summary>
public sealed record DenoisingOptions
{
    /// <summary>How many tokens there are.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Stands where a span is masked; 50,264 for BART.</summary>
    public required int MaskToken { get; init; }

    /// <summary>Begins inputs and targets. Default 0, BART's <c>&lt;s&gt;</c>.</summary>
    public int StartToken { get; init; }

    /// <summary>Ends inputs and targets. Default 2, BART's <c>&lt;/s&gt;</c>.</summary>
    public int EndToken { get; init; } = 2;

    /// <summary>Fills rows that are shorter. Default 1, BART's.</summary>
    public int PadToken { get; init; } = 1;

    /// <summary>The decoder's first input. Default 2, BART's.</summary>
    public int DecoderStartToken { get; init; } = 2;

    /// <summary>The share of a text's tokens that is masked; 0 for no infilling. Default 0.3.</summary>
    public double MaskingRate { get; init; } = 0.3;

    /// <summary>The mean λ of span lengths, from 0.1 to 100. Default 3.</summary>
    public double MeanSpanLength { get; init; } = 3;

    /// <summary>Says of a token whether a sentence ends with it; where it is set, sentences are put in random order. Default null.</summary>
    public Func<int, bool>? EndsSentence { get; init; }

    /// <exception cref="ArgumentException">An option is out of its range; the message names it and says what it may be.</exception>
    internal void Validate()
    {
        OptionRange.Require(VocabularySize > 0, VocabularySize, "above 0");
        OptionRange.Token(MaskToken, VocabularySize);
        OptionRange.Token(StartToken, VocabularySize);
        OptionRange.Token(EndToken, VocabularySize);
        OptionRange.Token(PadToken, VocabularySize);
        OptionRange.Token(DecoderStartToken, VocabularySize);
        OptionRange.Share(MaskingRate);
        OptionRange.Require(MeanSpanLength is >= 0.1 and <= 100, MeanSpanLength, "from 0.1 to 100");
    }
}

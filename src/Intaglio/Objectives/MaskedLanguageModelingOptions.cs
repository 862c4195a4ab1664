namespace Intaglio.Objectives;

/// <summary>How tokens are masked. The defaults are BERT's; an option out of range is an argument error of the <see cref="MaskedLanguageModeling"/>'s constructor.</summary>
public sealed record MaskedLanguageModelingOptions
{
    /// <summary>How many tokens there are, from which random ones are drawn.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Stands where a token is masked: <c>[MASK]</c>.</summary>
    public required int MaskToken { get; init; }

    /// <summary>Fills rows whose text is shorter: <c>[PAD]</c>.</summary>
    public required int PadToken { get; init; }

    /// <summary>Tokens before every text, such as <c>[CLS]</c>. Default none.</summary>
    public int[] Prefix { get; init; } = [];

    /// <summary>Tokens after every text, such as <c>[SEP]</c>. Default none.</summary>
    public int[] Suffix { get; init; } = [];

    /// <summary>
    /// Further tokens that are never chosen and never put at random, as <see cref="MaskToken"/>, <see cref="PadToken"/>, <see cref="Prefix"/> and
    /// <see cref="Suffix"/> are not. Default none.
    /// </summary>
    public int[] SpecialTokens { get; init; } = [];

    /// <summary>The share of a row's tokens, special ones apart, that is chosen to be predicted. Default 0.15.</summary>
    public double MaskingRate { get; init; } = 0.15;

    /// <summary>The probability that a chosen token is replaced by <see cref="MaskToken"/>. Default 0.8.</summary>
    public double MaskTokenShare { get; init; } = 0.8;

    /// <summary>The probability that a chosen token is replaced by a random one; what is left to 1 is kept as it is. Default 0.1.</summary>
    public double RandomTokenShare { get; init; } = 0.1;

    /// <summary>Says of a token whether it continues the word before it, such as one that begins with <c>##</c>; where it is set, words are chosen whole. Default null.</summary>
    public Func<int, bool>? ContinuesWord { get; init; }

    /// <exception cref="ArgumentException">An option is out of its range; the message names it and says what it may be.</exception>
    internal void Validate()
    {
        OptionRange.Require(VocabularySize > 0, VocabularySize, "above 0");
        OptionRange.Token(MaskToken, VocabularySize);
        OptionRange.Token(PadToken, VocabularySize);
        foreach (var (tokens, name) in ((int[], string)[])[(Prefix, nameof(Prefix)), (Suffix, nameof(Suffix)), (SpecialTokens, nameof(SpecialTokens))])
        {
            ArgumentNullException.ThrowIfNull(tokens, name);
            foreach (var token in tokens)
                OptionRange.Token(token, VocabularySize, name);
        }

        OptionRange.Rate(MaskingRate);
        OptionRange.Share(MaskTokenShare);
        OptionRange.Share(RandomTokenShare);
        OptionRange.Require(MaskTokenShare + RandomTokenShare <= 1, RandomTokenShare, $"at most 1 - MaskTokenShare, {1 - MaskTokenShare}");
    }
}

using Intaglio.Numerics;

namespace Intaglio.Objectives;

/// <summary>
/// Predicting tokens that are masked, for encoders (Devlin et al., BERT, arXiv:1810.04805, section 3.1), masked anew each time a text is drawn (Liu et al.,
/// RoBERTa, arXiv:1907.11692). Of n tokens that are not special, round(n · rate) are chosen, at least one; of these most become the mask token, some a random
/// token, and some stay. Targets are the chosen tokens as they were. Words are chosen whole in random order, as in BERT's code: one that would exceed the
/// number is passed over, and if none fits, the first is taken.
/// </summary>
public sealed class MaskedLanguageModeling : Objective
{
    private readonly MaskedLanguageModelingOptions _options;

    // In ascending order.
    private readonly int[] _special;

    /// <summary>Masks texts.</summary>
    /// <param name="source">Where the texts come from.</param>
    /// <param name="length">Tokens of a row, those of <see cref="MaskedLanguageModelingOptions.Prefix"/> and Suffix included.</param>
    /// <param name="options">How they are masked.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or nothing is left of the length or the vocabulary but special tokens.</exception>
    public MaskedLanguageModeling(ISequenceSource source, int length, MaskedLanguageModelingOptions options)
        : base(source, RoomForText(length, options), length)
    {
        _options = options;
        _special = [.. new SortedSet<int>([options.MaskToken, options.PadToken, .. options.Prefix, .. options.Suffix, .. options.SpecialTokens])];
        if (_special.Length >= options.VocabularySize)
            throw new ArgumentException($"All {options.VocabularySize} tokens of the vocabulary are special; none is left to be predicted.", nameof(options));
    }

    /// <inheritdoc/>
    protected override void FillRow(ReadOnlySpan<int> text, ref RandomDraws draws, in TrainingRow row)
    {
        var writer = new TokenWriter(row.Tokens);
        writer.Write(_options.Prefix);
        writer.Write(text);
        writer.Write(_options.Suffix);
        row.EndTokens(writer.Length, _options.PadToken);
        row.Targets.Fill(Labels.Ignored);
        Mask(row.Tokens[..writer.Length], row.Targets, ref draws);
    }

    /// <summary>Chooses a position to be predicted: its target is the token that stood there, its token the replacement.</summary>
    internal static void Choose(Span<int> tokens, Span<int> targets, int position, int replacement)
    {
        targets[position] = tokens[position];
        tokens[position] = replacement;
    }

    private static int RoomForText(int length, MaskedLanguageModelingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var around = options.Prefix.Length + options.Suffix.Length;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, around);
        return length - around;
    }

    private void Mask(Span<int> tokens, Span<int> targets, ref RandomDraws draws)
    {
        using var scratch = new Scratch<TokenSpan>(tokens.Length);
        var words = scratch.Span[..FindWords(tokens, scratch.Span, out var candidates)];
        var budget = NoiseBudget.Of(candidates, _options.MaskingRate);
        var chosen = 0;
        for (var index = 0; index < words.Length && chosen < budget; index++)
        {
            var word = draws.Draw(words, index);
            if (chosen + word.Length > budget)
                continue;
            Mask(word, tokens, targets, ref draws);
            chosen += word.Length;
        }

        if (chosen == 0 && words.Length > 0)
            Mask(words[0], tokens, targets, ref draws);
    }

    private void Mask(TokenSpan word, Span<int> tokens, Span<int> targets, ref RandomDraws draws)
    {
        for (var position = word.Start; position < word.End; position++)
        {
            var kind = draws.Uniform();
            var replacement = kind < _options.MaskTokenShare ? _options.MaskToken
                : kind < _options.MaskTokenShare + _options.RandomTokenShare ? RandomToken(ref draws)
                : tokens[position];
            Choose(tokens, targets, position, replacement);
        }
    }

    // Each token that is not special as likely as any other: the drawn index counts only those.
    private int RandomToken(ref RandomDraws draws)
    {
        var token = draws.Below(_options.VocabularySize - _special.Length);
        foreach (var special in _special)
            token += token >= special ? 1 : 0;
        return token;
    }

    // Runs of tokens that are not special, each continuing the one before; without ContinuesWord each token alone.
    private int FindWords(ReadOnlySpan<int> tokens, Span<TokenSpan> words, out int candidates)
    {
        var count = 0;
        candidates = 0;
        for (var position = 0; position < tokens.Length; position++)
        {
            if (_special.AsSpan().BinarySearch(tokens[position]) >= 0)
                continue;

            candidates++;
            if (count > 0 && words[count - 1].End == position && _options.ContinuesWord?.Invoke(tokens[position]) == true)
                words[count - 1] = words[count - 1] with { Length = words[count - 1].Length + 1 };
            else
                words[count++] = new(position, 1);
        }

        return count;
    }
}

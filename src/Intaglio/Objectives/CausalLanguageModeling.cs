using Intaglio.Numerics;

namespace Intaglio.Objectives;

/// <summary>
/// Predicting the next token, for decoders: of a text x of n + 1 tokens, x[0 .. n) are read and x[1 .. n] are the targets. Of <see cref="CorpusWindows"/> it makes
/// the batches of <see cref="Data.TokenCorpus.Fill"/>.
/// </summary>
/// <param name="source">Where the texts come from.</param>
/// <param name="length">Tokens of a row.</param>
/// <param name="padToken">Fills rows whose text is shorter; its targets are ignored.</param>
public sealed class CausalLanguageModeling(ISequenceSource source, int length, int padToken = 0)
    : Objective(source, checked(length + 1), length)
{
    /// <inheritdoc/>
    protected override void FillRow(ReadOnlySpan<int> text, ref RandomDraws draws, in TrainingRow row)
    {
        var tokens = Math.Max(text.Length - 1, 0);
        text[..tokens].CopyTo(row.Tokens);
        row.EndTokens(tokens, padToken);
        text[(text.Length - tokens)..].CopyTo(row.Targets);
        row.Targets[tokens..].Fill(Labels.Ignored);
    }
}

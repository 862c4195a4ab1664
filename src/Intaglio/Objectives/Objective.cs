using Intaglio.Numerics;

namespace Intaglio.Objectives;

/// <summary>
/// What a model is trained to predict: turns texts into batches of tokens and targets. A batch is a function of seed, step and row alone, so that it can be
/// made again on any machine and after a resume; a larger batch begins with the rows of a smaller one. Thread-safe, and allocates nothing a batch.
/// An objective of your own overrides <see cref="FillRow"/>.
/// </summary>
public abstract class Objective
{
    // Far from the sites of dropout and initial weights, as TokenCorpus.SamplingSite is, and from that: one a row.
    private const uint RowSites = 3u << 30;

    private readonly ISequenceSource _source;

    /// <summary>Says what lengths the rows have.</summary>
    /// <param name="source">Where the texts come from.</param>
    /// <param name="textLength">See <see cref="TextLength"/>.</param>
    /// <param name="length">See <see cref="Length"/>.</param>
    /// <param name="sourceLength">See <see cref="SourceLength"/>.</param>
    protected Objective(ISequenceSource source, int textLength, int length, int sourceLength = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(textLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegative(sourceLength);
        (_source, TextLength, Length, SourceLength) = (source, textLength, length, sourceLength);
    }

    /// <summary>Tokens of a text that go into a row at most.</summary>
    public int TextLength { get; }

    /// <summary>Tokens and targets of a row: of the encoder or decoder alone, or of an encoder-decoder's decoder.</summary>
    public int Length { get; }

    /// <summary>Tokens of a row of an encoder-decoder's encoder; 0 where there is no such model.</summary>
    public int SourceLength { get; }

    /// <summary>Makes one batch.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">Counts micro-batches.</param>
    /// <param name="batch">Receives it.</param>
    /// <returns>How many of the targets count.</returns>
    /// <exception cref="ArgumentException">A buffer is too short; the message says which and how long it must be.</exception>
    public int Fill(ulong seed, ulong step, in TrainingBatch batch)
    {
        batch.Validate(Length, SourceLength);
        using var scratch = new Scratch<int>(TextLength);
        var counted = 0;
        for (var index = 0; index < batch.Rows; index++)
        {
            var row = batch.Row(index, Length, SourceLength);
            var draws = new RandomDraws(RandomStream.For(seed, step, RowSites + (uint)index));
            FillRow(scratch.Span[.._source.Read(seed, step, index, scratch.Span)], ref draws, row);
            counted += Labels.Count(row.Targets);
        }

        return counted;
    }

    /// <summary>Makes one row of a text, to its end: what the text does not reach is padding and ignored. Must allocate nothing.</summary>
    /// <param name="text">The text, at most <see cref="TextLength"/> tokens.</param>
    /// <param name="draws">The row's own random numbers.</param>
    /// <param name="row">Receives the row.</param>
    protected abstract void FillRow(ReadOnlySpan<int> text, ref RandomDraws draws, in TrainingRow row);
}

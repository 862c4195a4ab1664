namespace Intaglio.Objectives;

/// <summary>
/// Where the texts of a batch come from. Pure: what it gives depends on seed, step and row alone, so that a batch can be made again on any machine and after
/// a resume. Thread-safe, and allocates nothing.
/// </summary>
public interface ISequenceSource
{
    /// <summary>Gives the text of one row of a batch.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">Counts micro-batches.</param>
    /// <param name="row">The row of the batch.</param>
    /// <param name="tokens">Receives the text, cut to what fits.</param>
    /// <returns>How many tokens it has.</returns>
    int Read(ulong seed, ulong step, int row, Span<int> tokens);
}

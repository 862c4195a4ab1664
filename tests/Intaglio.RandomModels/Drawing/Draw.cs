namespace Intaglio.RandomModels;

/// <summary>A model, and the batch that it is tried with.</summary>
/// <param name="Declaration">The model.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Time">Tokens a sequence, at most the context length.</param>
/// <param name="ChunkRows">Tokens that go through the model at a time while a prompt is read.</param>
internal sealed record Draw(Declaration Declaration, int Batch, int Time, int ChunkRows)
{
    /// <inheritdoc/>
    public override string ToString() => $"// {Batch} sequences of {Time}, prompts by {ChunkRows} rows\n{Declaration}";
}

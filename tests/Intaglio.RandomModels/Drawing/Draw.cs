namespace Intaglio.RandomModels;

/// <summary>A model, and the batch that it is tried with.</summary>
/// <param name="Declaration">The model.</param>
/// <param name="Batch">Sequences; padding lies on both sides of some.</param>
/// <param name="Time">Tokens a sequence, at most the context length.</param>
/// <param name="SourceTime">Tokens of an encoder-decoder's sources.</param>
/// <param name="ChunkRows">Tokens that go through the model at a time while a prompt is read.</param>
internal sealed record Draw(Declaration Declaration, int Batch, int Time, int SourceTime, int ChunkRows)
{
    /// <inheritdoc/>
    public override string ToString() => $"// {Batch} sequences of {Time}, sources of {SourceTime}, prompts by {ChunkRows} rows\n{Declaration}";
}

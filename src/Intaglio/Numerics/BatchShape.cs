namespace Intaglio.Numerics;

/// <summary>Sizes of a batch of whole sequences.</summary>
/// <param name="Batch">Sequences.</param>
/// <param name="Time">Tokens of each; in an encoder-decoder those of the decoder.</param>
/// <param name="SourceTime">Tokens that an encoder-decoder's encoder reads of each; 0 in other models.</param>
public readonly record struct BatchShape(int Batch, int Time, int SourceTime = 0)
{
    /// <summary>Batch · Time.</summary>
    public int Rows => checked(Batch * Time);

    /// <summary>Batch · SourceTime.</summary>
    public int SourceRows => checked(Batch * SourceTime);
}

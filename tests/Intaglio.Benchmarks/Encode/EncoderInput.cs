namespace Intaglio.Benchmarks;

/// <summary>Sequences of random tokens, padded at their ends to one length.</summary>
internal sealed class EncoderInput
{
    /// <summary>Draws tokens and types.</summary>
    /// <param name="model">Whose tokens.</param>
    /// <param name="length">Of each sequence, padding included.</param>
    /// <param name="lengths">Of each without its padding.</param>
    public EncoderInput(ModelDescription model, int length, params int[] lengths)
    {
        var random = new Random(1);
        Sequences = lengths.Length;
        Tokens = [.. Draw(model.VocabularySize)];
        TokenTypes = [.. Draw(model.TokenTypes)];
        Mask = [.. lengths.SelectMany(valid => Enumerable.Range(0, length).Select(position => position < valid ? 1 : 0))];
        Bounds = [.. lengths.SelectMany(valid => (int[])[0, valid])];

        IEnumerable<int> Draw(int count) => Enumerable.Range(0, Sequences * length).Select(_ => random.Next(count));
    }

    public int Sequences { get; }

    public int[] Tokens { get; }

    public int[] TokenTypes { get; }

    public int[] Mask { get; }

    public int[] Bounds { get; }
}

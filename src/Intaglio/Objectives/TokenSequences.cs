using Intaglio.Data;
using Intaglio.Numerics;

namespace Intaglio.Objectives;

/// <summary>Texts that stay apart, such as sentences or documents, each as likely as any other; of one that is too long, a random window. Immutable.</summary>
public sealed class TokenSequences : ISequenceSource
{
    private readonly int[] _tokens;
    private readonly int[] _ends;

    /// <summary>Copies texts of tokens.</summary>
    /// <param name="sequences">The texts.</param>
    /// <param name="vocabularySize">How many different tokens there are.</param>
    /// <exception cref="DataException">There is no text, one is empty, or a token is not of the vocabulary.</exception>
    public TokenSequences(IEnumerable<int[]> sequences, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        var (tokens, ends) = (new List<int>(), new List<int>());
        foreach (var sequence in sequences)
        {
            if (sequence.Length == 0)
                throw new DataException(null, null, $"sequence {ends.Count} is empty; leave it out");
            var at = sequence.AsSpan().IndexOfAnyExceptInRange(0, vocabularySize - 1);
            if (at >= 0)
                throw new DataException(null, null, $"token {sequence[at]} at {at} of sequence {ends.Count} is not of the vocabulary, 0 to {vocabularySize - 1}");
            tokens.AddRange(sequence);
            ends.Add(tokens.Count);
        }

        if (ends.Count == 0)
            throw new DataException(null, null, "there is no sequence to train on");
        (_tokens, _ends) = ([.. tokens], [.. ends]);
    }

    /// <summary>How many texts there are.</summary>
    public int Count => _ends.Length;

    /// <inheritdoc/>
    public int Read(ulong seed, ulong step, int row, Span<int> tokens)
    {
        // Two elements a row: which text, and where the window starts.
        var draws = new RandomDraws(RandomStream.For(seed, step, TokenCorpus.SamplingSite), 2 * (uint)row);
        var index = draws.Below(_ends.Length);
        var first = index == 0 ? 0 : _ends[index - 1];
        var length = Math.Min(_ends[index] - first, tokens.Length);
        first += draws.Below(_ends[index] - first - length + 1);
        _tokens.AsSpan(first, length).CopyTo(tokens);
        return length;
    }
}

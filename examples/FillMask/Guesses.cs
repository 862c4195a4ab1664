using Intaglio.Data;

namespace FillMask;

/// <summary>What counting alone guesses: the most frequent byte, and the byte that most often follows another.</summary>
internal sealed class Guesses
{
    private readonly int _most;
    private readonly int[] _mostAfter;

    public Guesses(TokenCorpus corpus)
    {
        var counts = new int[corpus.VocabularySize + 1, corpus.VocabularySize];
        var before = corpus.VocabularySize;
        foreach (var token in corpus.Training)
        {
            counts[before, token]++;
            counts[corpus.VocabularySize, token]++;
            before = token;
        }

        _most = Largest(counts, corpus.VocabularySize);
        _mostAfter = [.. Enumerable.Range(0, corpus.VocabularySize).Select(token => Largest(counts, token))];
    }

    /// <summary>The most frequent byte.</summary>
    public int Unigram => _most;

    /// <summary>The byte that most often follows one; the most frequent one where that is masked.</summary>
    public int Bigram(int before) => before < _mostAfter.Length ? _mostAfter[before] : _most;

    private static int Largest(int[,] counts, int row) => Enumerable.Range(0, counts.GetLength(1)).MaxBy(token => counts[row, token]);
}

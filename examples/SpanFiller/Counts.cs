using Intaglio.Objectives;

namespace SpanFiller;

/// <summary>What counting alone makes of targets: how often a token occurs, and how often it follows another, one added to each count.</summary>
internal sealed class Counts
{
    private readonly double[] _tokens = new double[Filler.VocabularySize];
    private readonly double[] _afterAny = new double[Filler.VocabularySize];
    private readonly double[,] _after = new double[Filler.VocabularySize, Filler.VocabularySize];
    private double _all;

    public void Add(ReadOnlySpan<int> before, ReadOnlySpan<int> targets)
    {
        for (var row = 0; row < targets.Length; row++)
        {
            if (targets[row] == Labels.Ignored)
                continue;

            _tokens[targets[row]]++;
            _after[before[row], targets[row]]++;
            _afterAny[before[row]]++;
            _all++;
        }
    }

    /// <summary>Nats of a token by itself.</summary>
    public double Unigram(int target) => -Math.Log((_tokens[target] + 1) / (_all + Filler.VocabularySize));

    /// <summary>Nats of a token after another.</summary>
    public double Bigram(int before, int target) => -Math.Log((_after[before, target] + 1) / (_afterAny[before] + Filler.VocabularySize));
}

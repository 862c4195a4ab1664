using System.Numerics;
using System.Runtime.InteropServices;

namespace Intaglio.Data;

/// <summary>
/// The baseline that a small transformer has to beat: counts of what follows the last n tokens, smoothed by add-k,
/// p(w | c) = (count(c, w) + k) / (count(c) + k · V) (Chen and Goodman, arXiv:cmp-lg/9606011, section 2.1).
/// </summary>
public sealed class NGramModel
{
    private static readonly double[] Candidates = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003];

    private readonly Dictionary<ulong, int> _sequences = [];
    private readonly Dictionary<ulong, int> _contexts = [];
    private readonly int _tokenBits;
    private readonly ulong _contextMask;
    private readonly int _vocabularySize;

    private NGramModel(int vocabularySize, int order)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        _tokenBits = Math.Max(1, BitOperations.Log2((uint)vocabularySize - 1) + 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((order + 1) * _tokenBits, 64, nameof(order));
        _contextMask = (1UL << (order * _tokenBits)) - 1;
        _vocabularySize = vocabularySize;
        Order = order;
    }

    /// <summary>How many tokens the next one is predicted from.</summary>
    public int Order { get; }

    /// <summary>The k that is added to every count.</summary>
    public double Smoothing { get; private set; }

    /// <summary>
    /// Counts a text. k is the one of 1, 0.3, 0.1 and so on to 0.0003 with which counts of the text's first nine tenths predict its last tenth best; the
    /// counts that are kept are of all of it.
    /// </summary>
    /// <param name="tokens">The text.</param>
    /// <param name="vocabularySize">V; (order + 1) · ⌈log₂ V⌉ may be 64 at most.</param>
    /// <param name="order">How many tokens to predict from.</param>
    /// <exception cref="DataException">The text is too short to count anything.</exception>
    public static NGramModel Train(ReadOnlySpan<int> tokens, int vocabularySize, int order = 3)
    {
        var model = new NGramModel(vocabularySize, order);
        var counted = tokens.Length - (tokens.Length / 10);
        if (counted <= order || counted == tokens.Length)
            throw new DataException(null, null, $"the training part has {tokens.Length} tokens; counting what follows {order} needs more");

        model.Count(tokens[..counted]);
        var losses = model.Losses(tokens[..counted], tokens[counted..], Candidates);
        model.Smoothing = Candidates[losses.IndexOf(losses.Min())];
        model.Count(tokens[(counted - order)..]);
        return model;
    }

    /// <summary>The mean loss in nats of predicting each of <paramref name="tokens"/> but the first, as a language model is evaluated.</summary>
    /// <param name="before">The text before them, at least as many tokens as the order: the context of the first ones.</param>
    /// <param name="tokens">The tokens.</param>
    public double Loss(ReadOnlySpan<int> before, ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens.Length, 2, nameof(tokens));
        ArgumentOutOfRangeException.ThrowIfLessThan(before.Length, Order, nameof(before));
        return Losses([.. before[^Order..], tokens[0]], tokens[1..], [Smoothing])[0];
    }

    /// <summary>Counts a corpus's training part and evaluates on its held-out part.</summary>
    /// <returns>The mean loss in nats over every held-out token but the first.</returns>
    public static double HeldOutLoss(TokenCorpus corpus, int order = 3)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        return Train(corpus.Training, corpus.VocabularySize, order).Loss(corpus.Training, corpus.HeldOut);
    }

    private void Count(ReadOnlySpan<int> tokens)
    {
        var context = Context(tokens[..Order]);
        foreach (var token in tokens[Order..])
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_contexts, context, out _)++;
            CollectionsMarshal.GetValueRefOrAddDefault(_sequences, Sequence(context, token), out _)++;
            context = Sequence(context, token) & _contextMask;
        }
    }

    // The mean loss with each k, the counts looked up once for all of them.
    private double[] Losses(ReadOnlySpan<int> before, ReadOnlySpan<int> tokens, ReadOnlySpan<double> smoothings)
    {
        var sums = new double[smoothings.Length];
        var count = tokens.Length;
        var context = Context(before[^Order..]);
        foreach (var token in tokens)
        {
            var sequence = Sequence(context, token);
            var ofContext = _contexts.GetValueOrDefault(context);
            var ofSequence = _sequences.GetValueOrDefault(sequence);
            for (var i = 0; i < smoothings.Length; i++)
                sums[i] -= Math.Log((ofSequence + smoothings[i]) / (ofContext + (smoothings[i] * _vocabularySize)));
            context = sequence & _contextMask;
        }

        return [.. sums.Select(sum => sum / count)];
    }

    private ulong Context(ReadOnlySpan<int> tokens)
    {
        var context = 0UL;
        foreach (var token in tokens)
            context = Sequence(context, token);
        return context;
    }

    private ulong Sequence(ulong context, int token) => (context << _tokenBits) | (uint)token;
}

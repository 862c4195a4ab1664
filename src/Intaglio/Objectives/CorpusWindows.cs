using Intaglio.Data;
using Intaglio.Numerics;

namespace Intaglio.Objectives;

/// <summary>Windows of a corpus, each start as likely as any other: the texts are as long as there is room. Draws what <see cref="TokenCorpus.Fill"/> draws.</summary>
/// <param name="corpus">The corpus.</param>
/// <param name="heldOut">Whether the windows are of the part that is held out.</param>
public sealed class CorpusWindows(TokenCorpus corpus, bool heldOut = false) : ISequenceSource
{
    private readonly TokenCorpus _corpus = corpus ?? throw new ArgumentNullException(nameof(corpus));

    /// <inheritdoc/>
    /// <exception cref="DataException">The corpus is shorter than a window.</exception>
    public int Read(ulong seed, ulong step, int row, Span<int> tokens)
    {
        var text = heldOut ? _corpus.HeldOut : _corpus.Training;
        if (text.Length < tokens.Length)
            throw new DataException(null, null, $"the {(heldOut ? "held-out" : "training")} part has {text.Length} tokens, a window {tokens.Length}: take a longer text or shorter sequences");

        var draws = new RandomDraws(RandomStream.For(seed, step, TokenCorpus.SamplingSite), (uint)row);
        text.Slice(draws.Below(text.Length - tokens.Length + 1), tokens.Length).CopyTo(tokens);
        return tokens.Length;
    }
}

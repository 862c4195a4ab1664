using Intaglio.Data;

namespace Intaglio.Benchmarks;

/// <summary>A text that can be learnt: after each token one of a few others follows.</summary>
internal static class RandomText
{
    private const int Followers = 4;
    private const int Length = 1 << 20;

    /// <param name="tokens">Different tokens in it.</param>
    /// <param name="vocabulary">Those of the model.</param>
    public static TokenCorpus Of(int tokens, int vocabulary)
    {
        var random = new Random(1);
        int[] followers = [.. Enumerable.Range(0, tokens * Followers).Select(_ => random.Next(tokens))];
        var text = new int[Length];
        for (var index = 1; index < Length; index++)
            text[index] = followers[(text[index - 1] * Followers) + random.Next(Followers)];

        return TokenCorpus.FromTokens(text, vocabulary);
    }
}

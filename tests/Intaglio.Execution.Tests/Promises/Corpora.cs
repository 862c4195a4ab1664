using Intaglio.Data;

namespace Intaglio.ExecutionTests;

/// <summary>Tokens to train on.</summary>
internal static class Corpora
{
    /// <summary>Tokens in which one follows from the two before it.</summary>
    public static TokenCorpus Learnable(int vocabularySize) => TokenCorpus.FromTokens([.. Enumerable.Range(0, 2000).Select(i => i * i % vocabularySize)], vocabularySize);
}

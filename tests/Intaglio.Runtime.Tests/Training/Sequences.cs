using Intaglio.Data;
using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Training;

/// <summary>Tokens for tests.</summary>
internal static class Sequences
{
    /// <summary>Tokens from 0 to 49 that look random and are the same each time.</summary>
    public static int[] Random(int count, ulong seed = 0)
    {
        var stream = RandomStream.For(seed, 0, 0);
        return [.. Enumerable.Range(0, count).Select(i => (int)(stream[(uint)i] % 50))];
    }

    /// <summary>A thousand tokens in which one follows from the two before it.</summary>
    public static TokenCorpus Learnable { get; } = TokenCorpus.FromTokens([.. Enumerable.Range(0, 1000).Select(i => i * i % 50)], 50);
}

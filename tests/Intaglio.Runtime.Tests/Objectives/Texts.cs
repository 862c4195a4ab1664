using CsCheck;
using Intaglio.Objectives;

namespace Intaglio.Runtime.Tests.Objectives;

/// <summary>Texts to make batches of.</summary>
internal static class Texts
{
    /// <summary>Texts of tokens from 10 to 59, apart from each other's special ones.</summary>
    public static readonly Gen<int[]> Any = Gen.Int[10, 59].Array[1, 80];

    public const int VocabularySize = 100;

    /// <summary>A source that always gives one text, cut where there is no room.</summary>
    public static ISequenceSource Always(params int[] text) => new TokenSequences([text], VocabularySize);

    /// <summary>A text in which every token is another one, from 10 on.</summary>
    public static int[] Distinct(int length) => [.. Enumerable.Range(10, length)];
}

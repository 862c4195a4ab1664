using Intaglio.Objectives;

namespace Intaglio.Testing;

/// <summary>What a training step takes, drawn at random.</summary>
/// <param name="Size">Sequences.</param>
/// <param name="Time">Tokens a sequence.</param>
/// <param name="Tokens">[Size, Time].</param>
/// <param name="Targets">[Size, Time], or [Size] where a model gives one result a sequence.</param>
internal sealed record RandomBatch(int Size, int Time, int[] Tokens, int[] Targets)
{
    /// <summary>Where answers end, [Size]; empty where there are none.</summary>
    public int[] EndTargets { get; private init; } = [];

    /// <summary>[Size, Time]; empty where there are no types.</summary>
    public int[] TokenTypes { get; private init; } = [];

    /// <summary>[Size, 2]; empty where a model knows no padding.</summary>
    public int[] Bounds { get; private init; } = [];

    /// <summary>Tokens of a source; 0 where there is none.</summary>
    public int SourceTime { get; private init; }

    /// <summary>[Size, SourceTime].</summary>
    public int[] SourceTokens { get; private init; } = [];

    /// <summary>[Size, 2].</summary>
    public int[] SourceBounds { get; private init; } = [];

    /// <summary>The batch as trainers take it.</summary>
    public TrainingBatch AsTrainingBatch => new(Size, Tokens, Targets)
    {
        EndTargets = EndTargets, TokenTypes = TokenTypes, Bounds = Bounds, SourceTokens = SourceTokens, SourceBounds = SourceBounds,
    };

    /// <summary>Draws what a model reads.</summary>
    public static RandomBatch Draw(ModelDescription description, int size, int time, Random random)
    {
        var (tokens, targets) = (new int[size * time], new int[size * time]);
        var limit = description.Result is { Kind: not ResultKind.Span } result ? result.Width : description.VocabularySize;
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = Token(description, random);
            targets[i] = i % 5 == 4 ? Labels.Ignored : random.Next(limit);
        }

        var isSpan = description.Result is { Kind: ResultKind.Span };
        var bounds = description.HasBounds ? PaddedBounds(size, time) : [];
        var sourceTime = description.HasSource ? Math.Max(1, time - 1) : 0;
        return new(size, time, tokens, isSpan ? Within(bounds, random) : description.Result is { IsOfSequences: true } ? targets[..size] : IgnorePadding(targets, bounds, time))
        {
            EndTargets = isSpan ? Within(bounds, random) : [],
            TokenTypes = description.TokenTypes == 0 ? [] : Numbers(tokens.Length, () => random.Next(description.TokenTypes)),
            Bounds = bounds,
            SourceTime = sourceTime,
            SourceTokens = Numbers(size * sourceTime, () => Token(description, random)),
            SourceBounds = description.HasSource ? PaddedBounds(size, sourceTime) : [],
        };
    }

    /// <summary>The source of the first sequence, without padding.</summary>
    public int[] FirstSource => SourceTime == 0 ? [] : SourceTokens[SourceBounds[0]..SourceBounds[1]];

    // The vector of what stands for padding has no gradient, though the loss depends on it.
    private static int Token(ModelDescription description, Random random)
    {
        var padding = Array.Find(description.Configuration, entry => entry.Key == "pad_token_id")?.Value as int? ?? -1;
        var token = random.Next(description.VocabularySize);
        return token == padding ? (token + 1) % description.VocabularySize : token;
    }

    // The first sequence is whole; every other one has padding behind it.
    private static int[] PaddedBounds(int size, int time) => [.. Enumerable.Range(0, size).SelectMany(sequence => new[] { 0, time - (sequence % 2 * time / 3) })];

    private static int[] Within(int[] bounds, Random random) => [.. bounds.Chunk(2).Select(pair => random.Next(pair[0], pair[1]))];

    private static int[] IgnorePadding(int[] targets, int[] bounds, int time) => bounds.Length == 0
        ? targets
        : [.. targets.Select((target, i) => i % time >= bounds[2 * (i / time)] && i % time < bounds[(2 * (i / time)) + 1] ? target : Labels.Ignored)];

    private static int[] Numbers(int count, Func<int> next) => [.. Enumerable.Range(0, count).Select(_ => next())];
}

namespace Intaglio;

/// <summary>What becomes of a text that has filled the model's context.</summary>
public enum ContextOverflow
{
    /// <summary>The text ends there.</summary>
    Stop,

    /// <summary><see cref="InvalidOperationException"/>.</summary>
    Throw,

    /// <summary>The older half of the context is forgotten, the newer half is read again, and the text goes on.</summary>
    Slide,
}

/// <summary>How tokens are chosen, and how many.</summary>
public sealed record GenerationSettings
{
    /// <summary>The most tokens to add to the prompt. Default 128.</summary>
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>What logits are divided by: below 1 sharpens the distribution, above 1 flattens it; 0 always takes the likeliest token (greedy). Default 1.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Only the k likeliest tokens are drawn from (Fan et al., arXiv:1805.04833); 0, the default, for all.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Only the nucleus is drawn from, the fewest likeliest tokens whose probabilities add up to p (Holtzman et al., arXiv:1904.09751); 1, the default, for all.
    /// </summary>
    public float TopP { get; init; } = 1;

    /// <summary>The same seed, prompt and settings give the same text.</summary>
    public ulong Seed { get; init; }

    /// <summary>Tokens that end the text; they are not part of it.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>What to do when the model's context is full. Default <see cref="ContextOverflow.Stop"/>.</summary>
    public ContextOverflow WhenContextIsFull { get; init; }

    /// <summary>Checks every setting against its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range; the message names it and says what it may be.</exception>
    internal void Validate()
    {
        Require(MaxNewTokens >= 0, MaxNewTokens, "0 or more", nameof(MaxNewTokens));
        Require(Temperature >= 0 && float.IsFinite(Temperature), Temperature, "above 0, or 0 for the likeliest token", nameof(Temperature));
        Require(TopK >= 0, TopK, "1 or more, or 0 for all tokens", nameof(TopK));
        Require(TopP > 0 && TopP <= 1, TopP, "above 0 and at most 1", nameof(TopP));
        Require(Enum.IsDefined(WhenContextIsFull), WhenContextIsFull, "Stop, Throw or Slide", nameof(WhenContextIsFull));
        ArgumentNullException.ThrowIfNull(StopTokens);
    }

    private static void Require(bool holds, object value, string expected, string name)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {expected}.");
    }
}

namespace Intaglio.Compiler;

/// <summary>A stack of equal layers.</summary>
internal sealed record StackSpec
{
    /// <summary>How many.</summary>
    public required int Layers { get; init; }

    /// <summary>Whether a token sees only itself and those before it.</summary>
    public required bool IsCausal { get; init; }

    /// <summary>Attention of a token to its own sequence.</summary>
    public required AttentionSpec Attention { get; init; }

    /// <summary>Attention to the encoder's result; null where there is none.</summary>
    public AttentionSpec? CrossAttention { get; init; }

    /// <summary>The feed-forward network.</summary>
    public required FeedForwardSpec FeedForward { get; init; }

    /// <summary>What a layer computes.</summary>
    public required BlockSpec Block { get; init; }
}

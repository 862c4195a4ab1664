namespace Intaglio.Testing;

/// <summary>What is computed on each device, and how far results may be apart. Devices of one kind have to agree in every bit, whatever the tolerances.</summary>
public sealed record TargetComparisonOptions
{
    /// <summary>Decides weights, tokens and dropout. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// A checkpoint directory whose weights are used; null, the default, to draw weights so large that no part of the model is nearly linear, unlike those
    /// that training starts with.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>Training steps, all on one batch. Default 5.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>Sequences of that batch. Default 2.</summary>
    public int BatchSize { get; init; } = 2;

    /// <summary>Tokens a sequence; 0, the default, for the model's context length, at most 32.</summary>
    public int ContextLength { get; init; }

    /// <summary>Tokens to generate, as far as the model's context has room for them. Default 16.</summary>
    public int GeneratedTokens { get; init; } = 16;

    /// <summary>
    /// The largest difference of a loss, relative to losses above 1. Default 1e-5: rounding, which training amplifies and which grows with the
    /// model; small models in this repository's tests show 1e-7.
    /// </summary>
    public double LossTolerance { get; init; } = 1e-5;

    /// <summary>
    /// The largest ‖difference‖ / ‖gradient‖ of a tensor, where a gradient below a thousandth of the whole counts as that large. Default 1e-4;
    /// small models in this repository's tests show 2e-6, and sums over more rows and columns round more.
    /// </summary>
    public double GradientTolerance { get; init; } = 1e-4;

    /// <summary>The largest difference of a logit or a result, relative to the largest logit where that is above 1. Default 1e-4; small models in this repository's tests show 2e-6.</summary>
    public double LogitTolerance { get; init; } = 1e-4;
}

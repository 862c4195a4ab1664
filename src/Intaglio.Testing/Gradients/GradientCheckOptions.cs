namespace Intaglio.Testing;

/// <summary>How gradients are checked. The defaults suit models of a few layers and some hundred columns.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>Decides weights, tokens, dropout and directions. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// A checkpoint directory whose weights are used; null, the default, to draw weights so large that no part of the model is nearly linear, unlike those
    /// that training starts with.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>Sequences. Default 2.</summary>
    public int BatchSize { get; init; } = 2;

    /// <summary>Tokens a sequence; 0, the default, for the model's context length, at most 32.</summary>
    public int ContextLength { get; init; }

    /// <summary>Random directions a tensor. An error of a tenth of a gradient's norm passes one of them with a probability of 4%. Default 3.</summary>
    public int Directions { get; init; } = 3;

    /// <summary>
    /// The largest difference of two slopes that passes beyond their uncertainty, relative to the norm of the tensor's gradient. Default 0.005: models in this
    /// repository's tests show 0.0002 over twenty seeds, 0.0013 where activations have kinks, and a wrong sign or a missing term is mostly above 0.1.
    /// </summary>
    public double Tolerance { get; init; } = 5e-3;
}

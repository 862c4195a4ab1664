using Intaglio.Numerics;

namespace Intaglio;

/// <summary>What is known of a model at compile time.</summary>
public sealed record ModelDescription
{
    /// <summary>The class's name.</summary>
    public required string Name { get; init; }

    /// <summary>How many tokens there are.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The longest sequence.</summary>
    public required int ContextLength { get; init; }

    /// <summary>How many layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Bytes of keys and values that one token takes in one layer of the cache.</summary>
    public required int CacheBytesPerTokenAndLayer { get; init; }

    /// <summary>The rotary positions' angles; null where the model has none.</summary>
    public RotaryAngles? Rotary { get; init; }

    /// <summary>How the weights are stored in memory.</summary>
    public required NumberFormat Format { get; init; }

    /// <summary>Where each parameter lies.</summary>
    public required ParameterTable Parameters { get; init; }

    /// <summary>
    /// config.json as transformers writes it for this architecture: each key with its value (string, bool, int, double, null or string[]), in order.
    /// Keys marked as facts must agree when a checkpoint is loaded; the others are only written.
    /// </summary>
    public required ConfigurationEntry[] Configuration { get; init; }

    /// <summary>What stands before every tensor's name in files that transformers writes (<c>transformer.</c>); optional when read.</summary>
    public required string CheckpointPrefix { get; init; }

    /// <summary>Parameters that have no prefix in such files: those of heads, which transformers keeps beside the prefixed base model.</summary>
    public string[] UnprefixedTensors { get; init; } = ["lm_head.weight", "lm_head.bias"];

    /// <summary>Names of tensors that other writers store though this model does not need them, such as a tied head; ignored when read. <c>{layer}</c> stands for any index.</summary>
    public required string[] IgnoredTensors { get; init; }

    /// <summary>The class that holds the GPU entry points.</summary>
    public required Type Kernels { get; init; }
}

/// <summary>One key of a config.json.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">Its value: string, bool, int, double, null or string[].</param>
/// <param name="IsFact">Whether a checkpoint with another value belongs to another model.</param>
/// <param name="Default">The value that an absent key stands for; null where absence means "as declared".</param>
public sealed record ConfigurationEntry(string Key, object? Value, bool IsFact, object? Default = null);

/// <summary>By which angles rotary positions turn: pair i of position p by p · θ^(-2i / <paramref name="RotatedSize"/>) (Su et al., arXiv:2104.09864).</summary>
/// <param name="RotatedSize">Columns of a head that turn.</param>
/// <param name="Theta">θ.</param>
public sealed record RotaryAngles(int RotatedSize, double Theta)
{
    /// <summary>The table that launches read, computed in double: for each position RotatedSize / 2 cosines, then as many sines.</summary>
    /// <param name="positions">How many positions.</param>
    public float[] Table(int positions)
    {
        var half = RotatedSize / 2;
        var table = new float[positions * RotatedSize];
        for (var position = 0; position < positions; position++)
        {
            for (var pair = 0; pair < half; pair++)
            {
                var (sine, cosine) = Math.SinCos(position * Math.Pow(Theta, -2.0 * pair / RotatedSize));
                table[(position * RotatedSize) + pair] = (float)cosine;
                table[(position * RotatedSize) + half + pair] = (float)sine;
            }
        }

        return table;
    }
}

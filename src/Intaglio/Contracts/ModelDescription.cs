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
    public int CacheBytesPerTokenAndLayer { get; init; }

    /// <summary>Bytes of keys and values that one token of a source takes in one layer of an encoder-decoder's cache.</summary>
    public int SourceBytesPerTokenAndLayer { get; init; }

    /// <summary>Heads to whose scores learned relative positions add; 0 where they do not.</summary>
    public int RelativeBiasHeads { get; init; }

    /// <summary>How many types of tokens there are; 0 where they have none.</summary>
    public int TokenTypes { get; init; }

    /// <summary>Whether the model has to be told what of a sequence is padding.</summary>
    public bool HasBounds { get; init; }

    /// <summary>Whether an encoder reads a source.</summary>
    public bool HasSource { get; init; }

    /// <summary>What a model without generation gives; null of others.</summary>
    public ModelResult? Result { get; init; }

    /// <summary>What positions need, made once: tables in <see cref="Region.Tables"/>, one after another.</summary>
    public PositionTable[] Tables { get; init; } = [];

    /// <summary>How the weights are stored in memory.</summary>
    public required NumberFormat Format { get; init; }

    /// <summary>Where each parameter lies.</summary>
    public required ParameterTable Parameters { get; init; }

    /// <summary>
    /// config.json as transformers writes it for this architecture: each key with its value (string, bool, int, double, null, string[] or, of an object, KeyValuePair&lt;string, object&gt;[]), in order.
    /// Keys marked as facts must agree when a checkpoint is loaded; the others are only written.
    /// </summary>
    public required ConfigurationEntry[] Configuration { get; init; }

    /// <summary>What stands before every tensor's name in files that transformers writes (<c>transformer.</c>); optional when read.</summary>
    public required string CheckpointPrefix { get; init; }

    /// <summary>Whether the model is one without a head, which transformers saves without the prefix.</summary>
    public bool IsBaseModel { get; init; }

    /// <summary>Tensors that have no prefix in such files: those of heads, which transformers keeps beside the prefixed base model.</summary>
    public string[] UnprefixedTensors { get; init; } = [];

    /// <summary>Names of tensors that other writers store though this model does not need them, such as a tied head; ignored when read. <c>{layer}</c> stands for any index.</summary>
    public required string[] IgnoredTensors { get; init; }

    /// <summary>The class that holds the GPU entry points.</summary>
    public required Type Kernels { get; init; }
}

/// <summary>One key of a config.json.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">Its value: string, bool, int, double, null, string[] or, of an object, KeyValuePair&lt;string, object&gt;[].</param>
/// <param name="IsFact">Whether a checkpoint with another value belongs to another model.</param>
/// <param name="Default">The value that an absent key stands for; null where absence means "as declared".</param>
public sealed record ConfigurationEntry(string Key, object? Value, bool IsFact, object? Default = null);

namespace Intaglio;

/// <summary>The sizes of a <see cref="GenerationSession{TModel}"/>, which decide its memory.</summary>
public sealed record SessionOptions
{
    /// <summary>Sequences that the session holds side by side. Default 1.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Tokens a sequence; 0, the default, for the model's context length.</summary>
    public int Capacity { get; init; }

    /// <summary>Tokens of a sequence's source, where a model has an encoder; 0, the default, for the model's context length.</summary>
    public int SourceCapacity { get; init; }

    /// <summary>The most tokens that go through the model at a time while a prompt is read. Default 64.</summary>
    public int ChunkRows { get; init; } = 64;

    /// <summary>Checks every option against its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range.</exception>
    internal void Validate(int modelContextLength)
    {
        if (Slots < 1)
            throw new ArgumentOutOfRangeException(nameof(Slots), Slots, "Slots must be 1 or more.");

        if (Capacity < 0 || Capacity > modelContextLength)
            throw new ArgumentOutOfRangeException(nameof(Capacity), Capacity, $"Capacity must be from 1 to the model's context length, {modelContextLength}, or 0 for all of it.");

        if (SourceCapacity < 0 || SourceCapacity > modelContextLength)
            throw new ArgumentOutOfRangeException(nameof(SourceCapacity), SourceCapacity, $"SourceCapacity must be from 1 to the model's context length, {modelContextLength}, or 0 for all of it.");

        if (ChunkRows < 1)
            throw new ArgumentOutOfRangeException(nameof(ChunkRows), ChunkRows, "ChunkRows must be 1 or more.");
    }
}

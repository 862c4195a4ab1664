namespace Intaglio.Compiler;

/// <summary>Where a value lies.</summary>
internal enum Space
{
    /// <summary>In the arena, at a constant number of bytes a row.</summary>
    Temporary,

    /// <summary>In the arena, kept for each layer from its forward to its backward pass.</summary>
    Saved,

    /// <summary>What the host sends or reads.</summary>
    Batch,

    /// <summary>In the weights.</summary>
    Weights,

    /// <summary>In the gradients of the weights.</summary>
    Gradients,
}

/// <summary>The place of a value.</summary>
/// <param name="Space">Which memory.</param>
/// <param name="Name">Its name there.</param>
/// <param name="BytesPerRow">Where it starts, divided by the number of rows; 0 outside the arena.</param>
/// <param name="Type">The value's type.</param>
/// <param name="BytesInRow">Where it starts within each row of a wider tensor; 0 where it is no part of one.</param>
internal sealed record Location(Space Space, string Name, long BytesPerRow, TensorType Type, int BytesInRow = 0);

/// <summary>The arena of one program: every offset is rows times a constant, so that one plan holds for every batch and length.</summary>
internal sealed record MemoryPlan
{
    /// <summary>Where each value lies.</summary>
    public required IReadOnlyDictionary<Value, Location> Locations { get; init; }

    /// <summary>When each value lives.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>Bytes a row of all that does not live from a forward to a backward pass.</summary>
    public required long TemporaryBytesPerRow { get; init; }

    /// <summary>Bytes a row in use below the logits of a chunk while the loss is computed; the logits follow.</summary>
    public required long BytesPerRowBelowLogits { get; init; }

    /// <summary>Bytes of one row's logits in the chunked loss; 0 without one.</summary>
    public required long LogitsBytesPerRow { get; init; }

    /// <summary>Rows of a chunk.</summary>
    public required int ChunkRows { get; init; }

    /// <summary>Bytes a row from one layer's saved values to the next's; 0 where nothing is saved.</summary>
    public required long SavedBytesPerRow { get; init; }

    /// <summary>Bytes a row of the carry, which is saved once more after the last layer.</summary>
    public required long CarryBytesPerRow { get; init; }

    /// <summary>Layers of the model.</summary>
    public required int Layers { get; init; }

    /// <summary>The most bytes a row alive at one step, the loss's own aside.</summary>
    public required long LiveBytesPerRow { get; init; }

    /// <summary>Bytes a row alive while the loss is computed, its logits aside.</summary>
    public required long LiveBytesPerRowAtLoss { get; init; }

    /// <summary>What is computed there first: <c>normed = LayerNorm(hidden)</c>.</summary>
    public string FormulaOf(Location location)
    {
        var node = Schedule.Steps.First(step => step.Outputs.Any(output => IsAt(output, location)));
        var line = $"{string.Join(", ", node.Results.Select(result => Names.Camel(result.Name)))} = {node.Op.Describe(node)}";
        return node.Results.Any(result => IsAt(result, location)) ? line : $"by-product of {line}";
    }

    /// <summary>The distinct places in a space, in order.</summary>
    public IEnumerable<Location> In(Space space) => Locations.Values.Where(location => location.Space == space).GroupBy(location => location.Name).Select(group => group.First()).OrderBy(location => location.BytesPerRow).ThenBy(location => location.BytesInRow);

    private bool IsAt(Value value, Location location) => Locations.TryGetValue(value, out var found) && found.Space == location.Space && found.Name == location.Name;
}

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

    /// <summary>A table that the host makes once.</summary>
    Tables,

    /// <summary>In the cache, behind keys and values.</summary>
    Cache,
}

/// <summary>The place of a value.</summary>
/// <param name="Space">Which memory.</param>
/// <param name="Name">Its name there.</param>
/// <param name="BytesPerRow">Where it starts, divided by the number of rows; 0 outside the arena.</param>
/// <param name="Type">The value's type.</param>
/// <param name="BytesInRow">Where it starts within each row of a wider tensor; 0 where it is no part of one.</param>
/// <param name="Stack">The stack whose layers keep it; empty outside <see cref="Space.Saved"/>, and where there is one stack.</param>
internal sealed record Location(Space Space, string Name, long BytesPerRow, TensorType Type, int BytesInRow = 0, string Stack = "")
{
    /// <summary>Whether rows are those of the source.</summary>
    public bool IsOfSource => Type.Shape[0].IsOfSource;
}

/// <summary>Bytes for each row of the batch and for each row of the source.</summary>
internal readonly record struct RowBytes(long OfRows, long OfSource)
{
    public static RowBytes operator +(RowBytes left, RowBytes right) => new(left.OfRows + right.OfRows, left.OfSource + right.OfSource);

    public static RowBytes operator *(long factor, RowBytes bytes) => new(factor * bytes.OfRows, factor * bytes.OfSource);

    /// <summary>Those of one value.</summary>
    public static RowBytes Of(Value value)
    {
        var bytes = value.Type.Width * (long)sizeof(float);
        return value.Type.Shape[0].IsOfSource ? new(0, bytes) : new(bytes, 0);
    }

    /// <summary>Whether these are at least as many as others, whatever the numbers of rows.</summary>
    public bool Covers(RowBytes other) => OfRows >= other.OfRows && OfSource >= other.OfSource;
}

/// <summary>What the layers of a stack keep from their forward to their backward pass.</summary>
/// <param name="Stack">The stack's name: empty where it is the only one.</param>
/// <param name="Layers">Its layers.</param>
/// <param name="Bytes">From one layer's values to the next's.</param>
/// <param name="Carry">Of the hidden state, which is kept once more after the last layer.</param>
internal sealed record SavedLayers(string Stack, int Layers, RowBytes Bytes, RowBytes Carry);

/// <summary>The arena of one program: every offset is rows times a constant, so that one plan holds for every batch and length.</summary>
internal sealed record MemoryPlan
{
    /// <summary>Where each value lies.</summary>
    public required IReadOnlyDictionary<Value, Location> Locations { get; init; }

    /// <summary>When each value lives.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>Which values are parts of which.</summary>
    public required Lifetimes Lifetimes { get; init; }

    /// <summary>All that does not live from a forward to a backward pass.</summary>
    public required RowBytes Temporary { get; init; }

    /// <summary>Bytes a row in use below the logits of a chunk while the loss is computed; the logits follow.</summary>
    public required long BytesPerRowBelowLogits { get; init; }

    /// <summary>Bytes of one row's logits in the chunked loss; 0 without one.</summary>
    public required long LogitsBytesPerRow { get; init; }

    /// <summary>Rows of a chunk.</summary>
    public required int ChunkRows { get; init; }

    /// <summary>What layers keep, stack by stack; empty where nothing is.</summary>
    public required IReadOnlyList<SavedLayers> Saved { get; init; }

    /// <summary>What lives at the steps when most does, the loss aside: none of these covers another.</summary>
    public required IReadOnlyList<RowBytes> Live { get; init; }

    /// <summary>What lives while the loss is computed, its logits aside.</summary>
    public required RowBytes LiveAtLoss { get; init; }

    /// <summary>Floats from one row of a value to the next: those of the tensor that it is part of.</summary>
    public int StrideOf(Value value) => Lifetimes.Whole(value).Type.Width;

    /// <summary>What is computed there first: <c>normed = LayerNorm(hidden)</c>.</summary>
    public string FormulaOf(Location location)
    {
        var node = Schedule.Steps.First(step => step.Outputs.Any(output => IsAt(output, location)));
        var line = $"{string.Join(", ", node.Results.Select(result => Names.Camel(result.Name)))} = {node.Op.Describe(node)}";
        return node.Results.Any(result => IsAt(result, location)) ? line : $"by-product of {line}";
    }

    /// <summary>The distinct places in a space, in order.</summary>
    public IEnumerable<Location> In(Space space, string stack = "") => Locations.Values
        .Where(location => location.Space == space && location.Stack == stack)
        .GroupBy(location => location.Name).Select(group => group.First())
        .OrderBy(location => location.IsOfSource).ThenBy(location => location.BytesPerRow).ThenBy(location => location.BytesInRow);

    private bool IsAt(Value value, Location location) =>
        Locations.TryGetValue(value, out var found) && found.Space == location.Space && found.Stack == location.Stack && found.Name == location.Name;
}

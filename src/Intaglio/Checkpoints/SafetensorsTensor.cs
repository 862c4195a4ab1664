namespace Intaglio.Checkpoints;

/// <summary>One tensor of a safetensors file, as its header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements, see <see cref="TensorTypes"/>.</param>
/// <param name="Shape">Its sides, row-major; empty for a single number.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
public sealed record SafetensorsTensor(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (count, side) => checked(count * side));

    /// <summary>Size in bytes.</summary>
    public long Bytes => End - Begin;

    /// <inheritdoc/>
    public override string ToString() => $"{Excerpt.Of(Name)} {Type} {ShapeText.Of(Shape)}";
}

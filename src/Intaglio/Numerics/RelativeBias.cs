namespace Intaglio.Numerics;

/// <summary>
/// What is added to scores by how far the key stands from the query: head h's bias at distance d = key - query is Table[h · Stride + Origin + d]. ALiBi's
/// slopes times distances (Press et al., arXiv:2108.12409) are such a table, and T5's buckets are, one value for each distance (Raffel et al., arXiv:1910.10683).
/// </summary>
/// <param name="Table">[heads, <paramref name="Stride"/>] floats, all finite.</param>
/// <param name="Stride">Distances a head.</param>
/// <param name="Origin">Where distance 0 stands among them.</param>
public readonly record struct RelativeBias(Place Table, int Stride, int Origin)
{
    /// <summary>Stands for the bias of a launch whose shape has none.</summary>
    public static RelativeBias None => new(Place.None, 0, 0);
}

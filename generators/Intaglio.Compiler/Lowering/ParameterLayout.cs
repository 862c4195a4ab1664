namespace Intaglio.Compiler;

/// <summary>Where each parameter lies: by segment, each tensor at a multiple of 16 elements, one layer after another.</summary>
internal sealed class ParameterLayout
{
    private const int Alignment = 16;

    public ParameterLayout(IEnumerable<ParameterSpec> parameters, int layers)
    {
        var all = parameters.ToList();
        Layers = layers;
        (Embedding, LayersStart) = Place(all, Segment.Embedding, 0);
        (Layer, LayerSize) = Place(all, Segment.Layer, 0);
        (Head, Length) = Place(all, Segment.Head, LayersStart + (layers * LayerSize));
        Count = all.Sum(parameter => Elements(parameter) * (parameter.Segment == Segment.Layer ? layers : 1));
    }

    /// <summary>Trained values, without padding.</summary>
    public long Count { get; }

    public int Layers { get; }

    public IReadOnlyList<PlacedParameter> Embedding { get; }

    /// <summary>First element of layer 0.</summary>
    public long LayersStart { get; }

    /// <summary>Offsets within a layer.</summary>
    public IReadOnlyList<PlacedParameter> Layer { get; }

    /// <summary>Elements from one layer to the next.</summary>
    public long LayerSize { get; }

    public IReadOnlyList<PlacedParameter> Head { get; }

    /// <summary>Elements in all, padding included.</summary>
    public long Length { get; }

    private static (IReadOnlyList<PlacedParameter> Placed, long End) Place(List<ParameterSpec> parameters, Segment segment, long start)
    {
        var placed = new List<PlacedParameter>();
        foreach (var parameter in parameters.Where(parameter => parameter.Segment == segment))
        {
            placed.Add(new(parameter, start));
            start += (Elements(parameter) + Alignment - 1) / Alignment * Alignment;
        }

        return (placed, start);
    }

    private static long Elements(ParameterSpec parameter) => parameter.Shape.Aggregate(1L, (count, side) => count * side);
}

/// <summary>A parameter and its first element.</summary>
internal readonly record struct PlacedParameter(ParameterSpec Parameter, long Offset);

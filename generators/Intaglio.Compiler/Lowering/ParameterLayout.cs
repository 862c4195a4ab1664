namespace Intaglio.Compiler;

/// <summary>Where each parameter lies: by segment, each tensor at a multiple of 16 elements, one layer after another.</summary>
internal sealed class ParameterLayout
{
    private const int Alignment = 16;

    public ParameterLayout(IReadOnlyList<ParameterSpec> parameters, ModelSpec spec)
    {
        (Embedding, var end) = Place(parameters, Segment.Embedding, 0);
        var stacks = new List<PlacedStack>();
        foreach (var (segment, name, layers) in Stacks(spec))
        {
            var (placed, size) = Place(parameters, segment, 0);
            stacks.Add(new(segment, name, layers, end, size, placed));
            end += layers * size;
        }

        Layers = stacks;
        (Head, Length) = Place(parameters, Segment.Head, end);
        Count = parameters.Where(parameter => parameter.IsTrained).Sum(parameter => Elements(parameter) * (stacks.FirstOrDefault(stack => stack.Segment == parameter.Segment)?.Layers ?? 1));
    }

    /// <summary>Every tensor, those of a layer once.</summary>
    public IEnumerable<ParameterSpec> All => Embedding.Concat(Layers.SelectMany(stack => stack.Parameters)).Concat(Head).Select(placed => placed.Parameter);

    /// <summary>Trained values, without padding.</summary>
    public long Count { get; }

    public IReadOnlyList<PlacedParameter> Embedding { get; }

    /// <summary>The stacks, in the order of their layers.</summary>
    public IReadOnlyList<PlacedStack> Layers { get; }

    public IReadOnlyList<PlacedParameter> Head { get; }

    /// <summary>Elements in all, padding included.</summary>
    public long Length { get; }

    private static IEnumerable<(Segment Segment, string Name, int Layers)> Stacks(ModelSpec spec) => spec.IsEncoderDecoder
        ? [(Segment.EncoderLayer, "Encoder", spec.Encoder!.Layers), (Segment.Layer, "Decoder", spec.Decoder!.Layers)]
        : [(Segment.Layer, "", spec.Main.Layers)];

    private static (IReadOnlyList<PlacedParameter> Placed, long End) Place(IReadOnlyList<ParameterSpec> parameters, Segment segment, long start)
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

/// <summary>The layers of a stack.</summary>
/// <param name="Segment">Where they are laid out.</param>
/// <param name="Name">The stack's name: empty where it is the only one.</param>
/// <param name="Layers">How many.</param>
/// <param name="Start">The first element of layer 0.</param>
/// <param name="LayerSize">Elements from one layer to the next.</param>
/// <param name="Parameters">Offsets within a layer.</param>
internal sealed record PlacedStack(Segment Segment, string Name, int Layers, long Start, long LayerSize, IReadOnlyList<PlacedParameter> Parameters);

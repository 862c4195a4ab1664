namespace Intaglio.Compiler;

/// <summary>A model as it will be printed: nothing is left to decide.</summary>
internal sealed record LoweredModel
{
    public required ModelSpec Spec { get; init; }

    public required ParameterLayout Parameters { get; init; }

    /// <summary>Structs of constants and fusions, by name.</summary>
    public required IReadOnlyList<NamedDefinition> Definitions { get; init; }

    /// <summary>GPU entry points.</summary>
    public required IReadOnlyList<KernelEntry> Kernels { get; init; }

    /// <summary>Training; null where the model only generates.</summary>
    public required LoweredTraining? Training { get; init; }

    /// <summary>Generation.</summary>
    public required LoweredInference Inference { get; init; }
}

/// <summary>The launches of training.</summary>
/// <param name="Hidden">What a layer hands to the next.</param>
internal sealed record LoweredTraining(
    MemoryPlan Plan,
    TensorType Hidden,
    IReadOnlyList<Launch> BeforeLayers,
    IReadOnlyList<Launch> Layer,
    IReadOnlyList<Launch> AfterLayers,
    Launch Loss,
    Launch LossAlone,
    IReadOnlyList<Launch> BackwardBeforeLayers,
    IReadOnlyList<Launch> BackwardLayer,
    IReadOnlyList<Launch> BackwardAfterLayers);

/// <summary>The launches of generation.</summary>
/// <param name="Hidden">What a layer hands to the next.</param>
internal sealed record LoweredInference(MemoryPlan Plan, TensorType Hidden, IReadOnlyList<Launch> BeforeLayers, IReadOnlyList<Launch> Layer, IReadOnlyList<Launch> AfterLayers, Location Logits);

/// <summary>One launch of a library algorithm.</summary>
/// <param name="Comment">What it computes.</param>
/// <param name="Result">The result's shape.</param>
/// <param name="Method">The target's member.</param>
/// <param name="TypeArguments">Structs that specialise it.</param>
/// <param name="Arguments">Operands' places and sizes.</param>
internal sealed record Launch(string Comment, string Result, string Method, IReadOnlyList<string> TypeArguments, IReadOnlyList<string> Arguments);

/// <summary>An emitted GPU entry point.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it computes.</param>
/// <param name="Arguments">Its one parameter's type.</param>
/// <param name="Call">The library's loop with its type arguments.</param>
/// <param name="TiledCall">The same by tiles in shared memory, for GPUs: an entry point of its own whose name ends in <c>Tiled</c>; null where there is none.</param>
internal sealed record KernelEntry(string Name, string Summary, string Arguments, string Call, string? TiledCall = null);

/// <summary>An emitted struct.</summary>
/// <param name="Summary">What it stands for.</param>
internal abstract record Definition(string Summary);

/// <summary>A struct of constants.</summary>
/// <param name="Interface">What it implements.</param>
/// <param name="Members">Type, name and value of each constant.</param>
internal sealed record ShapeDefinition(string Summary, string Interface, EquatableArray<ShapeMember> Members) : Definition(Summary);

/// <summary>One constant.</summary>
internal sealed record ShapeMember(string Type, string Name, string Value);

/// <summary>A fusion's struct.</summary>
internal sealed record FusionDefinition(string Summary, Fusion Fusion) : Definition(Summary);

/// <summary>A score modifier's struct.</summary>
/// <param name="Formula">The score, of the product of query and key in <see cref="Operand.X"/>.</param>
internal sealed record ScoreDefinition(string Summary, Expression Formula) : Definition(Summary);

/// <summary>A causal mask's struct that ends some positions back.</summary>
/// <param name="Positions">How many positions a query sees, its own included.</param>
internal sealed record WindowDefinition(string Summary, int Positions) : Definition(Summary);

/// <summary>A gated unit's struct.</summary>
/// <param name="Activation">What the gate goes through, of <see cref="Operand.X"/>.</param>
internal sealed record GateDefinition(string Summary, Expression Activation) : Definition(Summary);

/// <summary>A definition under its name.</summary>
internal sealed record NamedDefinition(string Name, Definition Definition);

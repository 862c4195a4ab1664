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

    /// <summary>Tables that the host makes.</summary>
    public required TableLayout Tables { get; init; }

    /// <summary>Training; null where the model is not trained.</summary>
    public required LoweredTraining? Training { get; init; }

    /// <summary>Generation, or what a model without it gives.</summary>
    public required LoweredInference Inference { get; init; }

    /// <summary>What of the source the decoder attends to; null without an encoder and a decoder that generates.</summary>
    public required LoweredInference? Encoding { get; init; }
}

/// <summary>A part of a program.</summary>
internal abstract record Section;

/// <summary>Launches, one after another.</summary>
internal sealed record StraightLine(IReadOnlyList<Launch> Launches) : Section;

/// <summary>A loop over the layers of a stack.</summary>
/// <param name="Stack">The stack's name: empty where it is the only one.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Hidden">What a layer hands to the next; null where it hands on nothing.</param>
/// <param name="Launches">A layer.</param>
internal sealed record LayerLoop(string Stack, Direction Direction, TensorType? Hidden, IReadOnlyList<Launch> Launches) : Section;

/// <summary>The launches of training.</summary>
/// <param name="Plan">Where everything lies.</param>
/// <param name="Features">What the loss reads.</param>
/// <param name="Forward">Up to the loss.</param>
/// <param name="Loss">The loss and its gradients.</param>
/// <param name="LossAlone">The loss.</param>
/// <param name="Backward">From the loss's gradients on.</param>
internal sealed record LoweredTraining(MemoryPlan Plan, TensorType Features, IReadOnlyList<Section> Forward, Launch Loss, Launch LossAlone, IReadOnlyList<Section> Backward);

/// <summary>The launches of a program that trains nothing.</summary>
/// <param name="Plan">Where everything lies.</param>
/// <param name="Sections">The program.</param>
/// <param name="Result">Where the result lies; null where all of it goes to the cache.</param>
internal sealed record LoweredInference(MemoryPlan Plan, IReadOnlyList<Section> Sections, Location? Result);

/// <summary>One launch of a library algorithm.</summary>
/// <param name="Comment">What it computes.</param>
/// <param name="Result">The result's shape.</param>
/// <param name="Method">The target's member.</param>
/// <param name="TypeArguments">Structs that specialise it.</param>
/// <param name="Arguments">Operands' places and sizes.</param>
internal sealed record Launch(string Comment, string Result, string Method, IReadOnlyList<string> TypeArguments, IReadOnlyList<string> Arguments)
{
    /// <summary>The layers in which other structs specialise it; null where all are alike.</summary>
    public LaunchVariant? Variant { get; init; }
}

/// <summary>What specialises a launch in some layers.</summary>
/// <param name="Condition">Which layers, as C#.</param>
/// <param name="TypeArguments">The structs there.</param>
internal sealed record LaunchVariant(string Condition, IReadOnlyList<string> TypeArguments);

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

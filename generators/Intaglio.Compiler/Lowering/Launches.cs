namespace Intaglio.Compiler;

/// <summary>Chooses for each op the library's algorithm, the structs that specialise it, and the places of its operands.</summary>
internal sealed class Launches(MemoryPlan plan, Structs structs, ModelSpec spec)
{
    private const string None = "Place.None";
    private const string NoBias = "RelativeBias.None";
    private readonly string _storage = Structs.Storage(spec.Format);

    // Where a layer of the stack at hand counts its dropouts from.
    private string _layer = "layer";

    public MemoryPlan Plan => plan;

    /// <summary>The launches of nodes, outside the layers or in those of a stack; parameters, tables and columns of other tensors need none.</summary>
    public IReadOnlyList<Launch> Of(IEnumerable<Node> nodes, string stack)
    {
        _layer = stack == "Decoder" ? "(EncoderLayers + layer)" : "layer";
        return [.. nodes.Where(node => node.Op is not (ParameterOp or PositionTable or Split or Concat)).Select(Of)];
    }

    /// <summary>The loss, with or without its gradients.</summary>
    public Launch Loss(Node node, bool hasGradient)
    {
        var type = $"{node.Output.Type}";
        if (node.Op is SpanCrossEntropy)
        {
            return new(
                $"{Results(node)} {node.Op.Describe(node)}", type, "SpanCrossEntropy", [],
                [.. node.Inputs.Select(At), At(node.Output), hasGradient ? At(node.Outputs[1]) : None, hasGradient ? "lossScale" : "0", "batch", "time"]);
        }

        var op = (HeadLoss)node.Op;
        var shape = structs.Head(node, op);
        var operands = new List<string> { At(node.Inputs[0]), At(node.Inputs[1]), op.HasBias ? At(node.Inputs[2]) : None, At(node.Inputs[node.Inputs.Count - 1]), "at.Logits", At(node.Output) };
        if (hasGradient)
            operands.AddRange([At(node.Outputs[1]), At(node.Outputs[2]), op.TrainsBias ? At(node.Outputs[3]) : None, "lossScale"]);

        operands.Add(Rows(node.Output));
        return new(
            $"{Results(node)} {op.Describe(node)}{(hasGradient ? ", with the gradients of both" : "")}", type,
            hasGradient ? "CrossEntropyWithGradient" : "CrossEntropy", hasGradient ? [shape] : [shape, _storage], operands);
    }

    private Launch Of(Node node) => node.Op switch
    {
        Embed op => Launch(node, "Embed", [structs.Embedding(node, op), structs.FusionName(op.Fusion), StorageOf(node.Inputs[1])], [.. Lookup(node, op), At(node.Output), Rows(node.Output), .. Site(op.Fusion)]),
        EmbedGradient op => Launch(node, "EmbedBackward", [structs.Embedding(node, op)], [.. Scatter(node, op), Rows(node.Inputs[0])]),
        MatMul op => Launch(node, "MatMul", [structs.MatMul(node, op), structs.FusionName(op.Fusion), _storage], [At(node.Inputs[0]), At(node.Inputs[1]), .. Fused(node, op), Rows(node.Output), .. Site(op.Fusion)]),
        WeightGradient op => Launch(node, "WeightGradient", [structs.MatMul(node, op)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Outputs[0]), op.HasBias ? At(node.Outputs[1]) : "null", Rows(node.Inputs[0])]),
        SumRows => Launch(node, "SumRows", [structs.Width(node.Inputs[0].Type.Width)], [At(node.Inputs[0]), At(node.Output), Rows(node.Inputs[0])]),
        Map op => Launch(node, "Map", [structs.Map(node, op), structs.FusionName(op.Fusion)], [At(node.Inputs[0]), .. Fused(node, op), Rows(node.Output), .. Site(op.Fusion)]),
        Normalize op => Launch(node, "Normalize", [structs.Norm(node, op), _storage], [At(node.Inputs[0]), At(node.Inputs[1]), op.HasBias ? At(node.Inputs[2]) : None, At(node.Outputs[0]), At(node.Outputs[1]), Rows(node.Output)]),
        NormalizeGradient op => Launch(node, "NormalizeBackward", [structs.Norm(node, op), structs.FusionName(op.Fusion), _storage], [.. node.Inputs.Take(4).Select(At), .. Fused(node, op), At(node.Outputs[1]), op.Norm.HasBias ? At(node.Outputs[2]) : None, Rows(node.Output), .. Site(op.Fusion)]),
        Attention op => AttentionLaunch(node, op),
        AttentionGradient op => AttentionLaunch(node, op),
        StoreKeys op => Launch(node, "StoreKeys", [structs.Keys(node, op)], [.. node.Inputs.Select(At), CacheOf(op.IsSource), Rows(node.Inputs[0]), Capacity(op.IsSource)]),
        CachedAttention op => Varied(node, "CachedAttention", op.Shape, [At(node.Inputs[0]), CachedBias(node, op), At(node.Inputs[node.Inputs.Count - 2]), At(node.Inputs[node.Inputs.Count - 1]), CacheOf(op.IsSource), At(node.Output), Rows(node.Output), Capacity(op.IsSource)]),
        ExpandBias op => Launch(node, "ExpandBias", [structs.RelativeBias(node), _storage], [At(node.Inputs[0]), BucketsFrom(op.IsCausal, TimeOf(node.Output)), At(node.Output), Distances(node.Output)]),
        ExpandBiasGradient op => Launch(node, "ExpandBiasBackward", [structs.RelativeBiasOf(node)], [At(node.Inputs[0]), BucketsFrom(op.IsCausal, TimeOf(node.Inputs[0])), At(node.Output), "batch", Distances(node.Inputs[0])]),
        ExpandCachedBias => Launch(node, "ExpandBias", [structs.RelativeBias(node), _storage], [At(node.Inputs[0]), BucketsFrom(isCausal: true, "cache.Capacity"), At(node.Output), "cache.Capacity"]),
        Rotate op => Launch(node, op.Direction == Direction.Forward ? "Rotate" : "RotateBackward", [structs.Rotary(node, op.Shape)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Inputs[2]), $"Tables.{TableLayout.Rotary}", Rows(node.Output)]),
        Gate op => Launch(node, "Gate", [structs.Gate(node, op), structs.GateName(op.Activation), structs.FusionName(op.Fusion)], [At(node.Inputs[0]), .. Fused(node, op), Rows(node.Output), .. Site(op.Fusion)]),
        GateGradient op => Launch(node, "GateBackward", [structs.GateOf(node), structs.GateName(op.Activation)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Output), Rows(node.Output)]),
        GatherRows => Launch(node, "GatherRows", [structs.Width(node.Output.Type.Width)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Output), Rows(node.Output)]),
        ScatterRows => Launch(node, "ScatterRows", [structs.Width(node.Output.Type.Width)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Output), Rows(node.Inputs[0]), Rows(node.Output)]),
        MeanRows => Launch(node, "MeanRows", [structs.Width(node.Output.Type.Width)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Output), "batch", "time"]),
        MeanRowsGradient => Launch(node, "MeanRowsBackward", [structs.Width(node.Output.Type.Width)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Output), "batch", "time"]),
        NormalizeLength => Launch(node, "NormalizeLength", [structs.Width(node.Output.Type.Width)], [At(node.Inputs[0]), At(node.Outputs[0]), At(node.Outputs[1]), Rows(node.Output)]),
        Zeros => Launch(node, "Clear", [structs.Width(node.Output.Type.Width)], [At(node.Output), Rows(node.Output)]),
        _ => throw new InvalidOperationException($"No launch for {node}."),
    };

    private Launch AttentionLaunch(Node node, Attention op)
    {
        var (shape, learned) = (op.Shape, op.Shape.Bias == AttentionBias.Learned);
        string[] operands =
        [
            .. node.Inputs.Take(3).Select(At), Bias(shape, learned ? node.Inputs[3] : null), shape.HasBounds ? At(node.Inputs[node.Inputs.Count - 1]) : None,
            .. node.Outputs.Select(At), "batch", TimeOf(node.Inputs[0]), TimeOf(node.Inputs[1]), .. Site(shape.DropoutRate, shape.Site),
        ];
        return Varied(node, "Attention", shape, operands);
    }

    private Launch AttentionLaunch(Node node, AttentionGradient op)
    {
        var (shape, learned) = (op.Shape, op.Shape.Bias == AttentionBias.Learned);
        var last = node.Inputs.Skip(node.Inputs.Count - 3);
        string[] operands =
        [
            .. node.Inputs.Take(3).Select(At), Bias(shape, learned ? node.Inputs[3] : null), shape.HasBounds ? At(node.Inputs[node.Inputs.Count - 4]) : None,
            .. last.Select(At), At(node.Outputs[3]), .. node.Outputs.Take(3).Select(At), learned ? At(node.Outputs[4]) : None,
            "batch", TimeOf(node.Inputs[0]), TimeOf(node.Inputs[1]), .. Site(shape.DropoutRate, shape.Site),
        ];
        return Varied(node, "AttentionBackward", shape, operands);
    }

    private Launch Varied(Node node, string method, AttentionShape shape, IReadOnlyList<string> operands)
    {
        var launch = Launch(node, method, structs.Attention(node, shape), operands);
        if (shape.EveryNthLayer == 0)
            return launch;

        var other = structs.Attention(node, shape with { SlidingWindow = shape.EveryNthWindow });
        return launch with { Variant = new($"(layer + 1) % {Literal.Plain(shape.EveryNthLayer)} == 0", other) };
    }

    private Launch Launch(Node node, string method, IReadOnlyList<string> types, IReadOnlyList<string> arguments) =>
        new($"{Results(node)} {node.Op.Describe(node)}".TrimStart(), node.Outputs.Count == 0 ? $"{node.Inputs[0].Type}" : $"{node.Output.Type}", method, types, arguments);

    private string Results(Node node)
    {
        if (node.Outputs.Count == 0)
            return "";

        if (plan.Locations[node.Output].Space == Space.Gradients)
            return $"gradients of {string.Join(", ", node.Outputs.Select(output => Names.Camel(plan.Locations[output].Name)))} +=";

        return $"{string.Join(", ", node.Results.Select(Name))} =";
    }

    private static string Bias(AttentionShape shape, Value? learned, Func<Value, string> at) => shape.Bias switch
    {
        AttentionBias.None => NoBias,
        AttentionBias.Alibi when shape.Mask == AttentionMask.Causal => $"new RelativeBias(Tables.{TableLayout.Alibi}, ContextLength, ContextLength - 1)",
        AttentionBias.Alibi => $"new RelativeBias(Tables.{TableLayout.Alibi}, 2 * ContextLength, ContextLength - 1)",
        _ => $"new RelativeBias({at(learned!)}, {Distances(learned!)}, {TimeOf(learned!)} - 1)",
    };

    private string Bias(AttentionShape shape, Value? learned) => Bias(shape, learned, At);

    private string CachedBias(Node node, CachedAttention op) =>
        op.Shape.Bias == AttentionBias.Learned ? $"new RelativeBias({At(node.Inputs[1])}, cache.Capacity, cache.Capacity - 1)" : Bias(op.Shape, null);

    // The buckets of the distances within a length; the table has those within the whole context.
    private static string BucketsFrom(bool isCausal, string length) =>
        $"Tables.{(isCausal ? TableLayout.CausalBuckets : TableLayout.Buckets)} + ((ContextLength - {length}) * sizeof(int))";

    // From -(time - 1) to time - 1.
    private static string Distances(Value biases) => $"(2 * {TimeOf(biases)}) - 1";

    private static string CacheOf(bool isSource) => isSource ? "cache.Source(layer)" : "cache.Layer(layer)";

    private static string Capacity(bool isSource) => isSource ? "cache.SourceCapacity" : "cache.Capacity";

    private string StorageOf(Value table) => plan.Locations[table].Space == Space.Tables ? Structs.Storage(NumberFormat.FP32) : _storage;

    private string[] Lookup(Node node, Embed op) =>
        op.Tables == 2
            ? [At(node.Inputs[0]), At(node.Inputs[2]), At(node.Inputs[1]), From(op.FirstRow, node.Inputs[3], _storage)]
            : [At(node.Inputs[0]), None, From(op.FirstRow, node.Inputs[1], StorageOf(node.Inputs[1])), None];

    private string[] Scatter(Node node, EmbedGradient op) =>
        op.Tables.Count == 2
            ? [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Inputs[2]), At(node.Outputs[0]), From(op.FirstRow, node.Outputs[1], "Float32")]
            : [At(node.Inputs[0]), None, At(node.Inputs[1]), From(op.FirstRow, node.Outputs[0], "Float32"), None];

    // The table from the row on that index 0 is.
    private string From(int row, Value table, string storage) =>
        row == 0 ? At(table) : $"{At(table)} + ({Literal.Integer(row * table.Type.Shape[1].Size)} * {storage}.Bytes)";

    // row, full, output, saved
    private string[] Fused(Node node, IFusing op)
    {
        var operands = op.Operands(node);
        return
        [
            op.Fusion.HasRow ? At(operands[0]) : None,
            op.Fusion.HasFull ? At(operands[operands.Count - 1]) : None,
            At(node.Output),
            op.Fusion.Saved is null ? None : At(node.Outputs[node.Outputs.Count - 1]),
        ];
    }

    private string[] Site(Fusion fusion) => Site(fusion.DropoutRate, fusion.Site);

    // Every dropout of every layer draws its own random numbers.
    private string[] Site(float rate, int site) => rate == 0
        ? []
        : [site < 0 ? $"site: {Literal.Plain(Sites.NumberOf(site))}" : $"site: (uint)(({_layer} * {Literal.Plain(SitesOfLayer)}) + {Literal.Plain(Sites.Outside + site - 1)})"];

    private int SitesOfLayer => spec.Stacks.Max(stack => Sites.OfLayer(stack.Block));

    private static string Rows(Value value) => value.Type.Shape[0].Symbol!;

    private static string TimeOf(Value value) => value.Type.Shape[0].IsOfSource ? "sourceTime" : "time";

    private string At(Value value)
    {
        var location = plan.Locations[value];
        return location.Space switch
        {
            Space.Batch => $"input.{location.Name}",
            Space.Weights => $"weights.{location.Name}",
            Space.Gradients => $"gradients.{location.Name}",
            Space.Tables => $"Tables.{location.Name}",
            Space.Cache => "cache.Bias",
            Space.Saved => $"{SavedScope(value, location.Stack)}.{location.Name}",
            _ => $"at.{location.Name}",
        };
    }

    // The carry of a layer is kept with what else the layer keeps, the last layer's result after them all.
    private string SavedScope(Value value, string stack)
    {
        var carry = plan.Schedule.Loops.First(loop => loop.Repeat.Stack == stack && loop.Repeat.Direction == Direction.Forward).Carry;
        return value == carry[0] ? $"at.Saved{stack}(0)" : value == carry[2] ? "next" : value == carry[3] ? $"at.Saved{stack}({stack}Layers)" : "saved";
    }

    private static string Name(Value value) => Names.Camel(value.Name);
}

namespace Intaglio.Compiler;

/// <summary>Chooses for each op the library's algorithm, the structs that specialise it, and the places of its operands.</summary>
internal sealed class Launches(MemoryPlan plan, Structs structs, NumberFormat format)
{
    private const string None = "Place.None";

    private readonly string _storage = Structs.Storage(format);

    /// <summary>The launches of nodes; parameters and columns of other tensors need none.</summary>
    public IReadOnlyList<Launch> Of(IEnumerable<Node> nodes) => [.. nodes.Where(node => node.Op is not (ParameterOp or Split or Concat)).Select(Of)];

    /// <summary>The chunked loss, with or without its gradients.</summary>
    public Launch Loss(Node node, bool hasGradient)
    {
        var op = (HeadLoss)node.Op with { HasGradient = hasGradient };
        var shape = structs.Head(node, op);
        var operands = new List<string> { At(node.Inputs[0]), At(node.Inputs[1]), At(node.Inputs[2]), "at.Logits", At(node.Outputs[0]) };
        if (hasGradient)
            operands.AddRange([At(node.Outputs[1]), At(node.Outputs[2]), "lossScale"]);

        operands.Add("rows");
        return new(
            $"{Results(node)} {op.Describe(node)}",
            $"{node.Outputs[0].Type}",
            hasGradient ? "CrossEntropyWithGradient" : "CrossEntropy",
            hasGradient ? [shape] : [shape, _storage],
            operands);
    }

    private Launch Of(Node node) => node.Op switch
    {
        Embed op => Launch(node, "Embed", [structs.Embedding(node, op), structs.FusionName(op.Fusion), _storage], [.. Lookup(node, op.Tables), At(node.Output), Rows(node.Output), .. Site(op.Fusion)]),
        EmbedGradient op => Launch(node, "EmbedBackward", [structs.Embedding(node, op)], [.. Scatter(node, op.Tables.Count), "rows"]),
        MatMul op => Launch(node, "MatMul", [structs.MatMul(node, op), structs.FusionName(op.Fusion), _storage], [At(node.Inputs[0]), At(node.Inputs[1]), .. Fused(node, op), Rows(node.Output), .. Site(op.Fusion)]),
        WeightGradient op => Launch(node, "WeightGradient", [structs.MatMul(node, op)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Outputs[0]), op.HasBias ? At(node.Outputs[1]) : "null", "rows"]),
        SumRows => Launch(node, "SumRows", [structs.Width(node.Inputs[0].Type.Width)], [At(node.Inputs[0]), At(node.Output), "rows"]),
        Map op => Launch(node, "Map", [structs.Map(node, op), structs.FusionName(op.Fusion)], [At(node.Inputs[0]), .. Fused(node, op), Rows(node.Output), .. Site(op.Fusion)]),
        Normalize op => Launch(node, "Normalize", [structs.Norm(node, op), _storage], [At(node.Inputs[0]), At(node.Inputs[1]), op.HasBias ? At(node.Inputs[2]) : None, At(node.Outputs[0]), At(node.Outputs[1]), Rows(node.Output)]),
        NormalizeGradient op => Launch(node, "NormalizeBackward", [structs.Norm(node, op), structs.FusionName(op.Fusion), _storage], [.. node.Inputs.Take(4).Select(At), .. Fused(node, op), At(node.Outputs[1]), op.HasBias ? At(node.Outputs[2]) : None, "rows", .. Site(op.Fusion)]),
        Attention op => Launch(node, "Attention", structs.Attention(node, op.Shape), [.. node.Inputs.Concat(node.Outputs).Select(At), "batch", "time", .. Site(op.Shape.DropoutRate, op.Shape.Site)]),
        AttentionGradient op => Launch(node, "AttentionBackward", structs.AttentionBackward(node, op.Shape), [.. node.Inputs.Select(At), At(node.Outputs[3]), .. node.Outputs.Take(3).Select(At), "batch", "time", .. Site(op.Shape.DropoutRate, op.Shape.Site)]),
        CachedAttention op => Launch(node, "CachedAttention", structs.Attention(node, op.Shape), [.. node.Inputs.Select(At), "cache", At(node.Output), "rows", "capacity"]),
        Rotate op => Launch(node, op.Direction == Direction.Forward ? "Rotate" : "RotateBackward", [structs.Rotary(op.Shape)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Inputs[2]), "new Place(Region.Tables, 0)", "rows"]),
        Gate op => Launch(node, "Gate", [structs.Gate(node, op), structs.GateName(op.Activation), structs.FusionName(op.Fusion)], [At(node.Inputs[0]), .. Fused(node, op), Rows(node.Output), .. Site(op.Fusion)]),
        GateGradient op => Launch(node, "GateBackward", [structs.GateOf(node), structs.GateName(op.Activation)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Output), "rows"]),
        GatherRows => Launch(node, "GatherRows", [structs.Width(node.Output.Type.Width)], [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Output), "outputs"]),
        _ => throw new InvalidOperationException($"No launch for {node}."),
    };

    private Launch Launch(Node node, string method, IReadOnlyList<string> types, IReadOnlyList<string> arguments) =>
        new($"{Results(node)} {node.Op.Describe(node)}", $"{node.Output.Type}", method, types, arguments);

    private string Results(Node node)
    {
        if (plan.Locations[node.Output].Space == Space.Gradients)
            return $"gradients of {string.Join(", ", node.Outputs.Select(output => Names.Camel(plan.Locations[output].Name)))} +=";

        return $"{string.Join(", ", node.Results.Select(Name))} =";
    }

    private string[] Lookup(Node node, int tables) =>
        tables == 2
            ? [At(node.Inputs[0]), At(node.Inputs[2]), At(node.Inputs[1]), At(node.Inputs[3])]
            : [At(node.Inputs[0]), None, At(node.Inputs[1]), None];

    private string[] Scatter(Node node, int tables) =>
        tables == 2
            ? [At(node.Inputs[0]), At(node.Inputs[1]), At(node.Inputs[2]), At(node.Outputs[0]), At(node.Outputs[1])]
            : [At(node.Inputs[0]), None, At(node.Inputs[1]), At(node.Outputs[0]), None];

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

    private static string[] Site(Fusion fusion) => Site(fusion.DropoutRate, fusion.Site);

    // Every dropout of every layer draws its own random numbers; the embedding's is number 0.
    private static string[] Site(float rate, int site) => rate == 0 ? [] : [site == 0 ? "site: 0" : $"site: (uint)((layer * {Literal.Plain(DecoderGraph.SitesPerLayer)}) + {Literal.Plain(site)})"];

    private static string Rows(Value value) => value.Type.Shape[0].Symbol!;

    private string At(Value value)
    {
        var location = plan.Locations[value];
        return location.Space switch
        {
            Space.Batch => $"input.{location.Name}",
            Space.Weights => $"weights.{location.Name}",
            Space.Gradients => $"gradients.{location.Name}",
            Space.Saved => $"{SavedScope(value)}.{location.Name}",
            _ => $"at.{location.Name}",
        };
    }

    // The carry of a layer is kept with what else the layer keeps, the last layer's result after them all.
    private string SavedScope(Value value)
    {
        var carry = plan.Schedule.Loops[0].Carry;
        return value == carry[0] ? "at.Saved(0)" : value == carry[2] ? "next" : value == carry[3] ? "at.Saved(Layers)" : "saved";
    }

    private static string Name(Value value) => Names.Camel(value.Name);
}

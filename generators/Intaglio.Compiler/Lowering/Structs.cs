namespace Intaglio.Compiler;

/// <summary>Names and registers the structs that specialise launches, and the GPU entry points that go with them.</summary>
internal sealed class Structs(Registry registry, ModelSpec spec, MemoryPlan plan, IReadOnlyDictionary<string, Fusion> normsBackward, bool infers)
{
    private static readonly string[] Numbers =
        ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen"];

    /// <summary>What the algorithms of GPU entry points compute, before it is fused with what follows. Sizes are arguments of a launch.</summary>
    private static readonly Dictionary<string, string> Algorithms = new()
    {
        ["Embed"] = "x = the tokens' rows of a table, and the positions' of another where there is one, [rows, columns]",
        ["EmbedTable"] = "x = the positions' rows of a table of floats, [rows, columns]",
        ["Map"] = "x = an activation, [rows, columns]",
        ["MatMul"] = "x = a · W, [rows, inner] · [inner, columns]",
        ["NormalizeBackward"] = "x = the gradient of a norm's input, [rows, columns]",
    };

    private readonly string _suffix = infers ? "Inference" : "";

    /// <summary>The runtime's name of a storage format.</summary>
    public static string Storage(NumberFormat format) => format == NumberFormat.BF16 ? "BFloat16" : "Float32";

    public string FusionName(Fusion fusion) =>
        fusion.IsIdentity ? "Identity" : registry.Define(IsMethodName(fusion.Name) ? fusion.Name + "Activation" : fusion.Name, new FusionDefinition(Summary(fusion), fusion with { Site = 0 }), _suffix);

    public string MatMul(Node node, MatMul op)
    {
        var (inner, columns) = (node.Inputs[0].Type.Width, node.Output.Type.Width);
        return MatMul(node, inner, columns, op.Transposed, MatMulKernel(op.Fusion));
    }

    // The shape of the product whose weight it is.
    public string MatMul(Node node, WeightGradient op)
    {
        var (inner, columns) = (node.Inputs[0].Type.Width, node.Inputs[1].Type.Width);
        var existing = registry.Find(node.Name);
        return existing is null ? MatMul(node, inner, columns, op.Transposed, MatMulKernel(Fusion.Identity)) : existing.Name;
    }

    public string Map(Node node, Map op)
    {
        var fusion = FusionName(op.Fusion);
        var kernel = Kernel("Map", op.Fusion, "MapArguments", $"GpuMap.Run<{fusion}>");
        return registry.Define($"{node.Name}Map", Shape($"{node.Output.Name}, elementwise, {node.Output.Type}.", "IMapShape", Constant("Width", node.Output.Type.Width), Named("Kernel", kernel)), _suffix);
    }

    public string Width(int width) =>
        registry.Define($"Width{Literal.Plain(width)}", Shape($"[rows, {Literal.Plain(width)}].", "IMapShape", Constant("Width", width), new("string", "Kernel", "\"\"")));

    public string Norm(Node node, Normalize op) => Norm(node.Name, node.Inputs[0], op);

    public string Norm(Node node, NormalizeGradient op) => Norm(NormOf(node), node.Inputs[1], op.Norm);

    /// <summary>The norm that a gradient node belongs to.</summary>
    public static string NormOf(Node gradient) => NameOf(gradient);

    public string Rotary(Node node, RotaryShape shape) => registry.Define(RotaryName(node), Shape(
        $"Rotary positions of queries and keys, [rows, {Literal.Plain((shape.Heads + shape.KeyValueHeads) * shape.HeadSize)}], {(shape.Layout == RotaryLayout.HalfSplit ? "halves of a head" : "neighbouring columns")} turning together.",
        "IRotaryShape",
        Constant("Heads", shape.Heads),
        Constant("KeyValueHeads", shape.KeyValueHeads),
        Constant("HeadSize", shape.HeadSize),
        Constant("RotatedSize", shape.RotatedSize),
        Flag("Interleaved", shape.Layout == RotaryLayout.Interleaved),
        Constant("QueryStride", plan.StrideOf(node.Inputs[0])),
        Constant("KeyStride", plan.StrideOf(node.Inputs[1])),
        Constant("HeadStride", HeadStride(shape.HeadSize, shape.InterleavesHeads))));

    /// <summary>The unit's struct: its formula and its gradients.</summary>
    public string GateName(ActivationSpec activation) =>
        registry.Define($"{activation.Name}Gate", new GateDefinition($"{Names.Camel(activation.Name)}(gate) · value.{(activation.IsOwn ? " " + FormulaOf(activation) : "")}".TrimEnd(), activation.Formula));

    public string Gate(Node node, Gate op)
    {
        var unit = GateName(op.Activation);
        var fusion = FusionName(op.Fusion);
        var forward = registry.Kernel(new(
            $"Gate{op.Activation.Name}{(op.Fusion.IsIdentity ? "" : fusion)}",
            $"x = {Names.Camel(op.Activation.Name)}(gate) · value, [rows, columns]; stored is {(op.Fusion.IsIdentity ? "x." : Summary(op.Fusion))}",
            "GateArguments",
            $"GpuGate.Run<{unit}, {fusion}>"));
        var backward = infers && !spec.Trains
            ? "\"\""
            : $"nameof(Kernels.{registry.Kernel(new($"Gate{op.Activation.Name}Backward", "The gradients of gate and value, [rows, columns] each.", "GateArguments", $"GpuGate.RunBackward<{unit}>"))})";
        return registry.Define(node.Name, Shape(
            $"Gate and value, {node.Output.Type} each, side by side.",
            "IGateShape",
            Constant("Width", node.Output.Type.Width),
            Named("Kernel", forward),
            new("string", "BackwardKernel", backward)), _suffix);
    }

    /// <summary>The shape of the unit that a gradient node belongs to.</summary>
    public string GateOf(Node gradient) => registry.Find(NameOf(gradient))!.Name;

    public string Embedding(Node node, Embed op)
    {
        var fusion = FusionName(op.Fusion);
        var isTable = plan.Locations[node.Inputs[1]].Space == Space.Tables;
        var (storage, element) = isTable ? ("GpuFloat32", "float") : (GpuStorage, Element);

        // A model of 16-bit weights looks up both, and an entry point has one type of arguments.
        var kernel = Kernel(isTable && spec.Format == NumberFormat.BF16 ? "EmbedTable" : "Embed", op.Fusion, $"EmbedArguments<{element}>", $"GpuEmbedding.Run<{fusion}, {storage}, {element}>");
        return Embedding(node.Inputs[1].Name, node.Inputs[1].Type, op.Tables == 2 ? node.Inputs[3].Type : null, op.PaddingToken, Named("Kernel", kernel));
    }

    // That of the lookup, which may be of one table where the gradients are of two.
    public string Embedding(Node node, EmbedGradient op)
    {
        var table = plan.Locations[node.Output].Name;
        var existing = registry.Find(EmbeddingName(table));
        return existing?.Name ?? Embedding(table, op.Tables[0], op.Tables.Count == 2 ? op.Tables[1] : null, op.PaddingToken, new("string", "Kernel", "\"\""));
    }

    public string Head(Node node, HeadLoss op)
    {
        var weight = node.Inputs[1].Type;
        return registry.Define("Head", Shape(
            $"The head: [{node.Output.Type.Shape[0]}, {weight.Shape[1]}] to [{node.Output.Type.Shape[0]}, {weight.Shape[0]}] logits, {Literal.Plain(op.ChunkRows)} rows at a time.",
            "IHeadShape",
            Constant("Width", weight.Shape[1].Size),
            Constant("Vocabulary", weight.Shape[0].Size),
            Constant("ChunkRows", op.ChunkRows),
            Flag("HasBias", op.HasBias),
            new("float", "LogitSoftCap", Literal.Float(op.SoftCap)),
            Named("Kernel", MatMulKernel(Fusion.Identity))));
    }

    /// <summary>Relative positions: how many heads share how many buckets.</summary>
    public string RelativeBias(Node node) => registry.Define(node.Name, Shape(
        $"Relative positions: a number for each bucket and head, {node.Inputs[0].Type}.",
        "IRelativeBiasShape",
        Constant("Heads", node.Inputs[0].Type.Shape[1].Size),
        Constant("Buckets", node.Inputs[0].Type.Shape[0].Size)));

    public string RelativeBiasOf(Node gradient) => registry.Find(NameOf(gradient))!.Name;

    /// <summary>Keys and values on their way to the cache: a decoder's own have the shape of the attention that reads them, a source's one of their own.</summary>
    public string Keys(Node node, StoreKeys op)
    {
        var (shape, stride) = (op.Shape, plan.StrideOf(node.Inputs[0]));
        if (op.IsSource)
            return registry.Define(node.Name, AttentionStruct(shape, stride, node.Inputs[0], node.Inputs[1], ""));

        var kernel = AttentionKernel(node.Name.Replace("Cache", "Attention"), shape);
        return registry.Define(AttentionName(kernel, shape), AttentionStruct(shape, stride, node.Inputs[0], node.Inputs[1], kernel), _suffix);
    }

    /// <summary>The shape, the mask and the score of an attention or its gradient.</summary>
    public IReadOnlyList<string> Attention(Node node, AttentionShape shape)
    {
        var isGradient = node.Op is AttentionGradient;
        var kernel = AttentionKernel(isGradient ? NameOf(node) : node.Name, shape);
        var definition = node.Op is CachedAttention
            ? AttentionStruct(shape, plan.StrideOf(node.Inputs[0]), null, null, kernel)
            : AttentionStruct(shape, plan.StrideOf(node.Inputs[0]), node.Inputs[1], node.Inputs[2], kernel);
        string[] names = [registry.Define(AttentionName(kernel, shape), definition, _suffix), Mask(shape), Score(shape)];
        AddKernels(kernel, shape, string.Join(", ", names), node.Op);
        return names;
    }

    private static string AttentionKernel(string name, AttentionShape shape) =>
        shape.EveryNthLayer > 0 && shape.SlidingWindow == shape.EveryNthWindow ? name + "InSomeLayers" : name;

    private static string AttentionName(string kernel, AttentionShape shape)
    {
        var heads = shape.Heads == 1 ? "OneHead" : shape.Heads < Numbers.Length ? Numbers[shape.Heads] + "Heads" : "Heads" + Literal.Plain(shape.Heads);
        return $"{kernel.Replace("Attention", "")}{heads}Of{Literal.Plain(shape.HeadSize)}";
    }

    private void AddKernels(string kernel, AttentionShape shape, string types, Op op)
    {
        switch (op)
        {
            case CachedAttention:
                Add("Cached", $"{Sums(shape)}. Keys and values are cached.", "CachedAttentionArguments", "Cached");
                break;
            case global::Intaglio.Compiler.Attention:
                Add("", $"{Sums(shape)}.", "AttentionArguments", "Forward");
                break;
            default:
                Add("QueryGradient", $"The gradient of the queries, [rows, {Literal.Plain(shape.Heads * shape.HeadSize)}], {shape.Describe()}.", "AttentionArguments", "QueryGradient");
                if (shape.Bias == AttentionBias.Learned)
                    registry.Kernel(new(kernel + "BiasGradient", $"The gradient of what is added to scores, by sequence, head and distance, {shape.Describe()}.", "AttentionArguments", $"GpuAttention.BiasGradient<{types}>"));
                Add("KeyValueGradient", $"The gradients of keys and values, [rows, {Literal.Plain(shape.KeyValueHeads * shape.HeadSize)}] each, {shape.Describe()}.", "AttentionArguments", "KeyValueGradient");
                break;
        }

        void Add(string suffix, string summary, string arguments, string method) =>
            registry.Kernel(new(kernel + suffix, summary, arguments, $"GpuAttention.{method}<{types}>", Tiled(shape, $"GpuTiledAttention.{method}<{types}>")));
    }

    private string Element => spec.Format == NumberFormat.BF16 ? "ushort" : "float";

    private string GpuStorage => "Gpu" + Storage(spec.Format);

    private string MatMul(Node node, int inner, int columns, bool transposed, string kernel) =>
        registry.Define(node.Name, Shape(
            $"[rows, {Literal.Plain(inner)}] · [{Literal.Plain(inner)}, {Literal.Plain(columns)}]{(transposed ? ", the weight stored transposed" : "")}.",
            "IMatMulShape",
            Constant("Inner", inner),
            Constant("Columns", columns),
            new("bool", "Transposed", transposed ? "true" : "false"),
            Named("Kernel", kernel)), _suffix);

    private string MatMulKernel(Fusion fusion)
    {
        var types = $"{FusionName(fusion)}, {GpuStorage}, {Element}";
        return Kernel("MatMul", fusion, $"MatMulArguments<{Element}>", $"GpuMatMul.Run<{types}>", $"GpuTiledMatMul.Run<{types}>");
    }

    private string Norm(string name, Value x, Normalize op)
    {
        var width = x.Type.Width / op.Groups;
        var stride = plan.StrideOf(x);
        var backward = normsBackward.TryGetValue(name, out var fusion)
            ? $"nameof(Kernels.{Kernel("NormalizeBackward", fusion, $"NormalizeBackwardArguments<{Element}>", $"GpuNormalize.RunBackward<{FusionName(fusion)}, {GpuStorage}, {Element}>")})"
            : "\"\"";
        return registry.Define(name, Shape(
            op.Groups == 1 ? $"{op.Kind} of [rows, {Literal.Plain(width)}]." : $"{op.Kind} of each head, [rows, {Literal.Plain(op.Groups)}, {Literal.Plain(width)}].",
            "INormShape",
            Constant("Width", width),
            Constant("Groups", op.Groups),
            Constant("InputStride", stride),
            Constant("GroupStride", width),
            Flag("Centers", op.Kind == NormalizationKind.LayerNorm),
            new("float", "Epsilon", Literal.Float(op.Epsilon)),
            new("float", "GainOffset", op.UnitOffset ? "1f" : "0f"),
            Flag("HasBias", op.HasBias),
            new("string", "BackwardKernel", backward)));
    }

    private string Embedding(string table, TensorType tokens, TensorType? positions, int paddingToken, ShapeMember kernel) =>
        registry.Define(EmbeddingName(table), Shape(
            $"{table} {tokens}{(positions is null ? "" : $" and positions {positions}")}.",
            "IEmbeddingShape",
            Constant("Width", tokens.Shape[1].Size),
            Constant("Vocabulary", tokens.Shape[0].Size),
            Constant("Positions", positions?.Shape[0].Size ?? 0),
            Constant("PaddingToken", paddingToken),
            kernel), _suffix);

    // A struct may not be named as the place of the table.
    private static string EmbeddingName(string table) => table + "Lookup";

    private ShapeDefinition AttentionStruct(AttentionShape shape, int queryStride, Value? key, Value? value, string kernel)
    {
        var keyStride = key is null ? queryStride : plan.StrideOf(key);
        return Shape(
            $"{shape.Describe()}, queries [rows, {Literal.Plain(shape.Heads * shape.HeadSize)}] in rows of {Literal.Plain(queryStride)}, keys and values [rows, {Literal.Plain(shape.KeyValueHeads * shape.HeadSize)}] in rows of {Literal.Plain(keyStride)}.",
            "IAttentionShape",
            Constant("Heads", shape.Heads),
            Constant("KeyValueHeads", shape.KeyValueHeads),
            Constant("HeadSize", shape.HeadSize),
            Constant("QueryStride", queryStride),
            Constant("KeyStride", keyStride),
            Constant("ValueStride", value is null ? keyStride : plan.StrideOf(value)),
            Constant("HeadStride", HeadStride(shape.HeadSize, shape.InterleavesHeads)),
            Flag("HasBias", shape.Bias != AttentionBias.None),
            new("float", "DropoutRate", Literal.Float(shape.DropoutRate)),
            new("string", "Kernel", $"\"{kernel}\""));
    }

    // Blocks of wider heads than this do not fit a group's shared memory (GpuTiledAttention.WidestHead).
    private static string? Tiled(AttentionShape shape, string call) => shape.HeadSize <= 192 ? call : null;

    private string Mask(AttentionShape shape) => shape.Mask == AttentionMask.All
        ? "FullMask"
        : shape.SlidingWindow == 0
            ? "CausalMask"
            : registry.Define($"CausalWindowOf{Literal.Plain(shape.SlidingWindow)}", new WindowDefinition($"A query sees {Literal.Plain(shape.SlidingWindow)} positions up to its own.", shape.SlidingWindow));

    private string Score(AttentionShape shape)
    {
        var scaled = shape.Scale * Expression.X;
        var scale = shape.Scale == AttentionSpec.UsualScale(shape.HeadSize) ? $"q · k / √{Literal.Plain(shape.HeadSize)}" : $"{Literal.Double(shape.Scale)} · q · k";
        return shape.SoftCap == 0
            ? registry.Define("ScaledScore", new ScoreDefinition($"score = {scale}.", scaled))
            : registry.Define("CappedScore", new ScoreDefinition($"score = c · tanh({scale} / c), c = {Literal.Double(shape.SoftCap)}.", shape.SoftCap * Expression.Apply(Function.Tanh, scaled / shape.SoftCap)));
    }

    private static string RotaryName(Node node) => node.Op is Rotate { Direction: Direction.Backward } ? NameOf(node) : node.Name;

    private static int HeadStride(int headSize, bool isInterleaved) => isInterleaved ? 3 * headSize : headSize;

    // The node whose gradient it is.
    private static string NameOf(Node gradient) => gradient.Name.Substring(0, gradient.Name.Length - "Backward".Length);

    private string Kernel(string algorithm, Fusion fusion, string arguments, string call, string? tiledCall = null)
    {
        var name = algorithm + (fusion.IsIdentity ? "" : FusionName(fusion));
        return registry.Kernel(new(name, $"{Algorithms[algorithm]}; stored is {(fusion.IsIdentity ? "x." : Summary(fusion))}", arguments, call, tiledCall));
    }

    private static string Sums(AttentionShape shape) =>
        $"{shape.DescribeWeights("k", $", {shape.DescribeMask()}")} v, [rows, {Literal.Plain(shape.Heads * shape.HeadSize)}], {shape.Describe()}";

    private static ShapeDefinition Shape(string summary, string @interface, params IEnumerable<ShapeMember> members) => new(summary, @interface, new(members));

    private static ShapeMember Constant(string name, int value) => new("int", name, Literal.Integer(value));

    private static ShapeMember Flag(string name, bool value) => new("bool", name, value ? "true" : "false");

    private static ShapeMember Named(string name, string kernel) => new("string", name, $"nameof(Kernels.{kernel})");

    private string Summary(Fusion fusion)
    {
        var summary = fusion.Formula.Replace("{x}", "x").Replace("{row}", "bias").Replace("{full}", fusion.FullName) + (fusion.Saved is null ? "." : "; saves the value between.");
        return spec.OwnActivations.FirstOrDefault(own => fusion.Name.Contains(own.Name)) is { } activation ? $"{summary} {FormulaOf(activation)}".TrimEnd() : summary;
    }

    // A struct of the name of the class's own method could not stand beside it.
    private bool IsMethodName(string name) => spec.OwnActivations.Any(own => own.Name == name);

    // Long formulas are read in the code.
    private static string FormulaOf(ActivationSpec own)
    {
        const int Longest = 100;
        var formula = FormulaText.Of(own.Formula);
        return formula.Length > Longest ? "" : $"{Names.Camel(own.Name)}(x) = {formula}.";
    }
}

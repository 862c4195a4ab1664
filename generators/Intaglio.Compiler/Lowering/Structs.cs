namespace Intaglio.Compiler;

/// <summary>Names and registers the structs that specialise launches, and the GPU entry points that go with them.</summary>
internal sealed class Structs(Registry registry, ModelSpec spec, IReadOnlyDictionary<string, Fusion> normsBackward, bool infers)
{
    private static readonly string[] Numbers =
        ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen"];

    /// <summary>What the algorithms of GPU entry points compute, before it is fused with what follows. Sizes are arguments of a launch.</summary>
    private static readonly Dictionary<string, string> Algorithms = new()
    {
        ["Embed"] = "x = the tokens' rows of a table, and the positions' of another where there is one, [rows, columns]",
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
        var existing = registry.Definitions.FirstOrDefault(other => other.Name == node.Name);
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

    public string Norm(Node node, Normalize op) => Norm(node.Name, node.Inputs[0].Type.Width, op.Kind, op.Epsilon, op.HasBias);

    public string Norm(Node node, NormalizeGradient op) => Norm(NormOf(node), node.Inputs[1].Type.Width, op.Kind, op.Epsilon, op.HasBias);

    /// <summary>The norm that a gradient node belongs to.</summary>
    public static string NormOf(Node gradient) => NameOf(gradient);

    public string Rotary(RotaryShape shape) => registry.Define("Rotary", Shape(
        $"Rotary positions of queries and keys, [rows, {Literal.Plain((shape.Heads + shape.KeyValueHeads) * shape.HeadSize)}], {(shape.Layout == RotaryLayout.HalfSplit ? "halves of a head" : "neighbouring columns")} turning together.",
        "IRotaryShape",
        Constant("Heads", shape.Heads),
        Constant("KeyValueHeads", shape.KeyValueHeads),
        Constant("HeadSize", shape.HeadSize),
        Constant("RotatedSize", shape.HeadSize),
        new("bool", "Interleaved", shape.Layout == RotaryLayout.Interleaved ? "true" : "false"),
        Constant("RowStride", RowStride(shape.Heads, shape.KeyValueHeads, shape.HeadSize))));

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
    public string GateOf(Node gradient) => registry.Definitions.First(other => other.Name == NameOf(gradient)).Name;

    public string Embedding(Node node, Embed op)
    {
        var fusion = FusionName(op.Fusion);
        var kernel = Kernel("Embed", op.Fusion, $"EmbedArguments<{Element}>", $"GpuEmbedding.Run<{fusion}, {GpuStorage}, {Element}>");
        return Embedding(node.Inputs[1].Type, op.Tables == 2 ? node.Inputs[3].Type : null, kernel);
    }

    public string Embedding(Node node, EmbedGradient op) => registry.Definitions.First(other => other.Definition is ShapeDefinition { Interface: "IEmbeddingShape" }).Name;

    public string Head(Node node, HeadLoss op)
    {
        var weight = node.Inputs[1].Type;
        return registry.Define("Head", Shape(
            $"The head: [rows, {weight.Shape[1]}] to [rows, {weight.Shape[0]}] logits, {Literal.Plain(op.ChunkRows)} rows at a time.",
            "IHeadShape",
            Constant("Width", weight.Shape[1].Size),
            Constant("Vocabulary", weight.Shape[0].Size),
            Constant("ChunkRows", op.ChunkRows),
            Named("Kernel", MatMulKernel(Fusion.Identity))));
    }

    public IReadOnlyList<string> Attention(Node node, AttentionShape shape)
    {
        var names = AttentionStructs(node, shape);
        var types = string.Join(", ", names);
        if (infers)
            registry.Kernel(new("AttentionCached", $"{Sums(shape)}. Keys and values are cached.", "CachedAttentionArguments", $"GpuAttention.Cached<{types}>", Tiled(shape, $"GpuTiledAttention.Cached<{types}>")));
        else
            registry.Kernel(new("Attention", $"{Sums(shape)}.", "AttentionArguments", $"GpuAttention.Forward<{types}>", Tiled(shape, $"GpuTiledAttention.Forward<{types}>")));

        return names;
    }

    public IReadOnlyList<string> AttentionBackward(Node node, AttentionShape shape)
    {
        var names = AttentionStructs(node, shape);
        var types = string.Join(", ", names);
        registry.Kernel(new("AttentionQueryGradient", $"The gradient of the queries, [rows, {Literal.Plain(shape.Heads * shape.HeadSize)}], {shape.Describe()}.", "AttentionArguments", $"GpuAttention.QueryGradient<{types}>", Tiled(shape, $"GpuTiledAttention.QueryGradient<{types}>")));
        registry.Kernel(new("AttentionKeyValueGradient", $"The gradients of keys and values, [rows, {Literal.Plain(shape.KeyValueHeads * shape.HeadSize)}] each, {shape.Describe()}.", "AttentionArguments", $"GpuAttention.KeyValueGradient<{types}>", Tiled(shape, $"GpuTiledAttention.KeyValueGradient<{types}>")));
        return names;
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

    private string Norm(string name, int width, NormalizationKind kind, double epsilon, bool hasBias)
    {
        var backward = normsBackward.TryGetValue(name, out var fusion)
            ? $"nameof(Kernels.{Kernel("NormalizeBackward", fusion, $"NormalizeBackwardArguments<{Element}>", $"GpuNormalize.RunBackward<{FusionName(fusion)}, {GpuStorage}, {Element}>")})"
            : "\"\"";
        return registry.Define(name, Shape(
            $"{kind} of [rows, {Literal.Plain(width)}].",
            "INormShape",
            Constant("Width", width),
            new("bool", "Centers", kind == NormalizationKind.LayerNorm ? "true" : "false"),
            new("float", "Epsilon", Literal.Float(epsilon)),
            new("bool", "HasBias", hasBias ? "true" : "false"),
            new("string", "BackwardKernel", backward)));
    }

    private string Embedding(TensorType tokens, TensorType? positions, string kernel) =>
        registry.Define("Embedding", Shape(
            $"Tokens {tokens}{(positions is null ? "" : $" and positions {positions}")}.",
            "IEmbeddingShape",
            Constant("Width", tokens.Shape[1].Size),
            Constant("Vocabulary", tokens.Shape[0].Size),
            Constant("Positions", positions?.Shape[0].Size ?? 0),
            Named("Kernel", kernel)), _suffix);

    private string[] AttentionStructs(Node node, AttentionShape shape)
    {
        var stride = RowStride(shape.Heads, shape.KeyValueHeads, shape.HeadSize);
        var heads = shape.Heads == 1 ? "OneHead" : shape.Heads < Numbers.Length ? Numbers[shape.Heads] + "Heads" : "Heads" + Literal.Plain(shape.Heads);
        var name = registry.Define($"{heads}Of{Literal.Plain(shape.HeadSize)}", Shape(
            $"{shape.Describe()}, query, key and value side by side, [rows, {Literal.Plain(stride)}].",
            "IAttentionShape",
            Constant("Heads", shape.Heads),
            Constant("KeyValueHeads", shape.KeyValueHeads),
            Constant("HeadSize", shape.HeadSize),
            Constant("RowStride", stride),
            new("float", "DropoutRate", Literal.Float(shape.DropoutRate)),
            new("string", "Kernel", "\"Attention\"")), _suffix);
        return [name, Mask(shape), Score(shape)];
    }

    // Blocks of wider heads than this do not fit a group's shared memory (GpuTiledAttention.WidestHead).
    private static string? Tiled(AttentionShape shape, string call) => shape.HeadSize <= 192 ? call : null;

    private string Mask(AttentionShape shape) => shape.SlidingWindow == 0
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

    // Query, key and value lie side by side, as one product writes them.
    private static int RowStride(int heads, int keyValueHeads, int headSize) => (heads + (2 * keyValueHeads)) * headSize;

    // The node whose gradient it is.
    private static string NameOf(Node gradient) => gradient.Name.Substring(0, gradient.Name.Length - "Backward".Length);

    private string Kernel(string algorithm, Fusion fusion, string arguments, string call, string? tiledCall = null)
    {
        var name = algorithm + (fusion.IsIdentity ? "" : FusionName(fusion));
        return registry.Kernel(new(name, $"{Algorithms[algorithm]}; stored is {(fusion.IsIdentity ? "x." : Summary(fusion))}", arguments, call, tiledCall));
    }

    private static string Sums(AttentionShape shape) =>
        $"{shape.DescribeWeights("k", $", {shape.Mask}")} v, [rows, {Literal.Plain(shape.Heads * shape.HeadSize)}], {shape.Describe()}";

    private static ShapeDefinition Shape(string summary, string @interface, params IEnumerable<ShapeMember> members) => new(summary, @interface, new(members));

    private static ShapeMember Constant(string name, int value) => new("int", name, Literal.Integer(value));

    private static ShapeMember Named(string name, string kernel) => new("string", name, $"nameof(Kernels.{kernel})");

    private string Summary(Fusion fusion)
    {
        var summary = fusion.Formula.Replace("{x}", "x").Replace("{row}", "bias").Replace("{full}", fusion.FullName) + (fusion.Saved is null ? "." : "; saves the value between.");
        return Activation is { IsOwn: true } own && fusion.Name.Contains(own.Name) ? $"{summary} {FormulaOf(own)}".TrimEnd() : summary;
    }

    private ActivationSpec Activation => ((DenseFeedForwardSpec)spec.FeedForward).Activation;

    // A struct of the name of the class's own method could not stand beside it.
    private bool IsMethodName(string name) => Activation.IsOwn && Activation.Name == name;

    // Long formulas are read in the code.
    private static string FormulaOf(ActivationSpec own)
    {
        const int Longest = 100;
        var formula = FormulaText.Of(own.Formula);
        return formula.Length > Longest ? "" : $"{Names.Camel(own.Name)}(x) = {formula}.";
    }
}

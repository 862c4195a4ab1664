namespace Intaglio.Compiler.Tests.Gradients;

/// <summary>A graph around one op, and the batch to evaluate it with.</summary>
internal sealed record OpCase(string Name, Func<CaseBuilder, IReadOnlyList<Value>> Build, int Batch, int Time)
{
    /// <summary>Tokens of each source.</summary>
    public int SourceTime { get; init; }

    /// <summary>What tables of the host hold.</summary>
    public PositionEncodingSpec Positions { get; init; } = new(PositionEncodingKind.None) { RotaryTheta = 100, MaxDistance = 4 };

    /// <summary>Tables of the cases have at least this many vectors.</summary>
    public const int IndexEnd = 3;

    public Graph Graph()
    {
        var builder = new GraphBuilder();
        return builder.Build(Build(new(builder)));
    }
}

/// <summary>Appends to a case's graph.</summary>
internal sealed class CaseBuilder(GraphBuilder graph)
{
    public static ParameterSpec ParameterSpec(string name, params int[] shape) => new(name, name, new(shape), Segment.Embedding, true, 0, 1);

    public Value Activation(string name, int width) => graph.Input(name, TensorType.Activation(Dimension.Rows, width));

    public Value OfSource(string name, int width) => graph.Input(name, TensorType.Activation(Dimension.SourceRows, width));

    /// <summary>Two numbers a sequence: the first token that is seen, and the one after the last.</summary>
    public Value Bounds(string name) => graph.Input(name, TensorType.Indices(Dimension.Sequences));

    /// <summary>A row of each sequence.</summary>
    public Value RowOfEach(string name) => graph.Input(name, TensorType.Indices(Dimension.Sequences));

    public Value Indices(string name) => graph.Input(name, TensorType.Indices(Dimension.Rows));

    public Value Parameter(string name, params int[] shape) => graph.Parameter(ParameterSpec(name, shape), NumberFormat.FP32);

    public Value Add(Op op, params Value[] inputs) => Parts(op, inputs)[0];

    public Value Norm(NormalizationKind kind, params Value[] inputs) => Norm(kind, unitOffset: false, groups: 1, inputs);

    public Value Norm(NormalizationKind kind, bool unitOffset, int groups, params Value[] inputs) => Add(new Normalize(kind, 1e-2, HasBias: inputs.Length == 3, unitOffset, groups), inputs);

    public IReadOnlyList<Value> Parts(Op op, params Value[] inputs) =>
        graph.Add(op, op.GetType().Name, inputs, [.. Enumerable.Range(0, 6).Select(i => $"{op.GetType().Name}{i}")]);
}

/// <summary>The ops at ordinary, odd and smallest sizes.</summary>
internal static class OpCases
{
    public static IEnumerable<OpCase> All()
    {
        yield return new("Embed: repeated tokens", given => [given.Add(new Embed(1, Fusion.Identity), given.Indices("Tokens"), given.Parameter("Table", 3, 4))], 2, 5);
        yield return new("Embed: two tables", given => [given.Add(new Embed(2, Fusion.Identity), given.Indices("Tokens"), given.Parameter("Table", 5, 3), given.Indices("Positions"), given.Parameter("Second", 3, 3))], 2, 3);
        yield return new("Embed: one table for two lookups", given => [given.Add(
            new Map(Fusion.Add),
            given.Add(new Embed(1, Fusion.Identity), given.Indices("Tokens"), given.Parameter("Table", 3, 2)),
            given.Add(new Embed(1, Fusion.Identity), given.Indices("Others"), given.Parameter("Table", 3, 2)))], 1, 4);

        yield return new("Embed: from the third row on", given => [given.Add(new Embed(1, Fusion.Identity) { FirstRow = 2 }, given.Indices("Positions"), given.Parameter("Table", 5, 2))], 1, 4);
        yield return new("Embed: two tables, the second from its second row on", given => [given.Add(new Embed(2, Fusion.Identity) { FirstRow = 1 }, given.Indices("Tokens"), given.Parameter("Table", 3, 2), given.Indices("Positions"), given.Parameter("Second", 4, 2))], 2, 2);
        foreach (var layout in Enum.GetValues<RotaryLayout>())
        {
            yield return new($"Embed: sines and cosines, {layout}", given => [given.Add(
                new Map(Fusion.Multiply),
                given.Activation("X", 4),
                given.Add(new Embed(1, Fusion.Identity), given.Indices("Positions"), given.Add(new PositionTable(4, 4))))], 1, 3)
            {
                Positions = new(PositionEncodingKind.Sinusoidal) { Layout = layout },
            };
        }

        foreach (var (rows, inner, columns) in new[] { (4, 3, 5), (1, 1, 1), (2, 1, 3), (3, 4, 1) })
        {
            yield return new($"MatMul: {rows} rows, {inner} to {columns}", given => [given.Add(new MatMul(), given.Activation("X", inner), given.Parameter("Weight", inner, columns))], 1, rows);
            yield return new($"MatMul transposed: {rows} rows, {inner} to {columns}", given => [given.Add(new MatMul(transposed: true), given.Activation("X", inner), given.Parameter("Weight", columns, inner))], 1, rows);
        }

        yield return new("MatMul: one weight twice, both ways", given =>
        {
            var weight = given.Parameter("Weight", 3, 3);
            return [given.Add(new MatMul(transposed: true), given.Add(new MatMul(), given.Activation("X", 3), weight), weight)];
        }, 1, 2);
        yield return new("MatMul and Embed: tied", given =>
        {
            var table = given.Parameter("Table", 4, 3);
            return [given.Add(new MatMul(transposed: true), given.Add(new Embed(1, Fusion.Identity), given.Indices("Tokens"), table), table)];
        }, 1, 3);

        yield return new("Map: bias", given => [given.Add(new Map(Fusion.AddBias), given.Activation("X", 3), given.Parameter("Bias", 3))], 2, 2);
        yield return new("Map: sum", given => [given.Add(new Map(Fusion.Add), given.Activation("X", 3), given.Activation("Y", 3))], 1, 2);
        yield return new("Map: sum with itself", given =>
        {
            var x = given.Activation("X", 3);
            return [given.Add(new Map(Fusion.Add), x, x)];
        }, 1, 2);
        yield return new("Map: a value with three readers", given =>
        {
            var x = given.Add(new Map(Fusion.Activate(Activations.Of(Activation.Silu))), given.Activation("X", 3));
            return [given.Add(new Map(Fusion.Add), x, given.Add(new Map(Fusion.Activate(Activations.Of(Activation.Gelu))), given.Add(new Map(Fusion.Add), x, x)))];
        }, 1, 2);
        yield return new("Map: dropout", given => [given.Add(new Map(Fusion.Dropout(0.4f, 1)), given.Activation("X", 5))], 1, 4);
        yield return new("Map: dropout, then a sum", given => [given.Add(new Map(Fusion.Add), given.Add(new Map(Fusion.Dropout(0.4f, 1)), given.Activation("X", 5)), given.Activation("Y", 5))], 1, 4);
        yield return new("Map: product with a full operand", given => [given.Add(new Map(Fusion.Multiply), given.Activation("X", 3), given.Activation("Y", 3))], 1, 2);
        yield return new("Map: a scale, a bound and a hyperbolic tangent", given => [given.Add(
            new Map(Fusion.Activate(Activations.Tanh)),
            given.Add(new Map(Fusion.SoftCap(0.7)), given.Add(new Map(Fusion.Scale(1.3)), given.Activation("X", 4))))], 1, 3);
        foreach (var activation in Enum.GetValues<Activation>())
            yield return new($"Map: {activation}", given => [given.Add(new Map(Fusion.Activate(Activations.Of(activation))), given.Activation("X", 7))], 1, 3);

        foreach (var width in new[] { 1, 2, 7 })
        {
            yield return new($"LayerNorm: {width} wide", given => [given.Norm(NormalizationKind.LayerNorm, given.Activation("X", width), given.Parameter("Gain", width), given.Parameter("Bias", width))], 1, 3);
            yield return new($"LayerNorm: {width} wide, no bias", given => [given.Norm(NormalizationKind.LayerNorm, given.Activation("X", width), given.Parameter("Gain", width))], 1, 3);
            yield return new($"RmsNorm: {width} wide", given => [given.Norm(NormalizationKind.RmsNorm, given.Activation("X", width), given.Parameter("Gain", width))], 1, 3);
        }

        foreach (var kind in Enum.GetValues<NormalizationKind>())
        {
            yield return new($"{kind}: 1 + gain", given => [given.Norm(kind, unitOffset: true, 1, given.Activation("X", 5), given.Parameter("Gain", 5))], 1, 3);
            yield return new($"{kind}: heads with one gain and bias", given => [given.Norm(kind, unitOffset: false, 3, given.Activation("X", 12), given.Parameter("Gain", 4), given.Parameter("Bias", 4))], 2, 2);
            yield return new($"{kind}: heads of 2, 1 + gain", given => [given.Norm(kind, unitOffset: true, 2, given.Activation("X", 4), given.Parameter("Gain", 2))], 1, 3);
        }

        yield return new("Split: heads in turns", given =>
        {
            var parts = given.Parts(new Split(new([6, 3, 3]), InterleavedHeads: 3), given.Activation("X", 12));
            return [parts[1], given.Add(new Map(Fusion.Multiply), parts[2], parts[1]), parts[0]];
        }, 1, 3);
        yield return new("Split: in other order", given =>
        {
            var parts = given.Parts(new Split(new([2, 1, 3]), InterleavedHeads: 0), given.Activation("X", 6));
            return [parts[2], parts[0], given.Add(new Map(Fusion.Add), parts[1], parts[1])];
        }, 1, 3);

        foreach (var (heads, keyValueHeads, size, batch, time) in new[] { (1, 1, 1, 1, 1), (1, 1, 3, 2, 4), (3, 3, 1, 1, 5), (2, 2, 3, 2, 3), (4, 2, 2, 1, 3), (2, 1, 3, 2, 2) })
        {
            foreach (var rate in new[] { 0, 0.3f })
            {
                yield return new(
                    $"Attention: {heads} heads of {size} over {keyValueHeads}, batch {batch}, time {time}, dropout {rate}",
                    given => [given.Parts(
                        new Attention(new(heads, keyValueHeads, size, 0.7) { DropoutRate = rate, Site = 1 }),
                        given.Activation("Query", heads * size),
                        given.Activation("Key", keyValueHeads * size),
                        given.Activation("Value", keyValueHeads * size))[0]],
                    batch,
                    time);
            }
        }

        foreach (var (window, softCap, rate) in new[] { (1, 0, 0f), (2, 0, 0.3f), (9, 0, 0f), (0, 1.5, 0f), (2, 0.5, 0.3f) })
        {
            yield return new(
                $"Attention: window {window}, soft cap {softCap}, dropout {rate}",
                given => [given.Parts(new Attention(new(4, 2, 2, 0.7) { SlidingWindow = window, SoftCap = softCap, DropoutRate = rate, Site = 1 }), given.Activation("Query", 8), given.Activation("Key", 4), given.Activation("Value", 4))[0]],
                2,
                4);
        }

        foreach (var (sourceTime, heads, keyValueHeads, hasBounds) in new[] { (3, 2, 2, false), (3, 4, 2, true), (7, 3, 3, true), (1, 1, 1, false) })
        {
            yield return new($"Attention: {heads} heads over {keyValueHeads} to {sourceTime} keys of a source{(hasBounds ? " within bounds" : "")}, dropout", given => [given.Parts(
                new Attention(new(heads, keyValueHeads, 2, 0.7) { Mask = AttentionMask.All, HasBounds = hasBounds, DropoutRate = 0.3f, Site = 1 }),
                [given.Activation("Query", heads * 2), given.OfSource("Key", keyValueHeads * 2), given.OfSource("Value", keyValueHeads * 2), .. hasBounds ? [given.Bounds("Bounds")] : Array.Empty<Value>()])[0]], 2, 4)
            {
                SourceTime = sourceTime,
            };
        }

        foreach (var (heads, mask) in new[] { (3, AttentionMask.Causal), (4, AttentionMask.Causal), (3, AttentionMask.All), (1, AttentionMask.All) })
        {
            yield return new($"Attention: ALiBi, {heads} heads, {mask}", given => [given.Parts(
                new Attention(new(heads, heads, 2, 0.7) { Mask = mask, Bias = AttentionBias.Alibi, SoftCap = 2 }),
                given.Activation("Query", heads * 2),
                given.Activation("Key", heads * 2),
                given.Activation("Value", heads * 2))[0]], 2, 4);
        }

        foreach (var (heads, time, isCausal, hasBounds) in new[] { (2, 5, true, false), (3, 4, false, false), (2, 6, false, true), (1, 1, true, false) })
        {
            yield return new($"Attention and ExpandBias: {heads} heads, time {time}{(isCausal ? "" : ", both sides")}{(hasBounds ? ", within bounds" : "")}", given =>
            {
                var query = given.Activation("Query", heads * 2);
                var bias = given.Add(new ExpandBias(heads, isCausal), given.Parameter("Table", 6, heads), query);
                return [given.Parts(
                    new Attention(new(heads, heads, 2, 0.7) { Mask = isCausal ? AttentionMask.Causal : AttentionMask.All, Bias = AttentionBias.Learned, HasBounds = hasBounds, DropoutRate = 0.3f, Site = 1 }),
                    [query, given.Activation("Key", heads * 2), given.Activation("Value", heads * 2), bias, .. hasBounds ? [given.Bounds("Bounds")] : Array.Empty<Value>()])[0]];
            }, 3, time);
        }

        foreach (var (fraction, layout, scaling) in new (int, RotaryLayout, RotaryScalingKind)[]
        {
            (4, RotaryLayout.HalfSplit, RotaryScalingKind.None), (2, RotaryLayout.Interleaved, RotaryScalingKind.Linear), (6, RotaryLayout.HalfSplit, RotaryScalingKind.Yarn), (4, RotaryLayout.Interleaved, RotaryScalingKind.Llama3),
            (6, RotaryLayout.HalfSplit, RotaryScalingKind.DynamicNtk),
        })
        {
            yield return new($"Rotate: {fraction} of 6 columns, {layout}, {scaling}", given => given.Parts(
                new Rotate(new(2, 1, 6, fraction, layout, InterleavesHeads: false), Direction.Forward), given.Activation("Query", 12), given.Activation("Key", 6), given.Indices("Positions")), 1, 3)
            {
                Positions = new(PositionEncodingKind.Rotary) { RotaryTheta = 100, Scaling = new(scaling, 4) { OriginalContext = 8, LowFrequencyFactor = 1, HighFrequencyFactor = 4 } },
            };
        }

        yield return new("GatherRows: a row of each sequence", given => [given.Add(new GatherRows(), given.Activation("X", 3), given.RowOfEach("Chosen"))], 3, 4);
        yield return new("MeanRows: within bounds", given => [given.Add(new MeanRows(), given.Activation("X", 3), given.Bounds("Bounds"))], 3, 5);

        foreach (var (heads, keyValueHeads, size, layout) in new[] { (1, 1, 2, RotaryLayout.HalfSplit), (4, 2, 6, RotaryLayout.HalfSplit), (3, 1, 4, RotaryLayout.Interleaved) })
        {
            yield return new(
                $"Rotate: {heads} heads of {size} over {keyValueHeads}, {layout}",
                given => given.Parts(
                    new Rotate(new(heads, keyValueHeads, size, size, layout, InterleavesHeads: false), Direction.Forward),
                    given.Activation("Query", heads * size),
                    given.Activation("Key", keyValueHeads * size),
                    given.Indices("Positions")),
                1,
                3);
        }

        foreach (var activation in new[] { Activation.Silu, Activation.GeluTanh })
            yield return new($"Gate: {activation}", given => [given.Add(new Gate(Activations.Of(activation), Fusion.Identity), given.Activation("X", 6))], 1, 3);

        foreach (var layers in new[] { 1, 3 })
        {
            yield return new($"Repeat: {layers} layers", given => [given.Add(new Repeat(Body(), layers, Direction.Forward, ""), given.Activation("X", 3))], 1, 2);
            yield return new($"Repeat: {layers} layers that read what is around them", given =>
            {
                var (around, source) = (given.Add(new Map(Fusion.Activate(Activations.Of(Activation.Silu))), given.Activation("Around", 3)), given.OfSource("Source", 3));
                return [given.Add(new Repeat(Body(around, source), layers, Direction.Forward, "Decoder"), given.Activation("X", 3)), given.Add(new Map(Fusion.Scale(2)), around)];
            }, 2, 2)
            {
                SourceTime = 3,
            };
        }
    }

    // x + dropout(silu(x W)), W of the layer; or with attention to a source and a product with what is around the loop.
    private static Graph Body(Value? around = null, Value? source = null)
    {
        var body = new GraphBuilder();
        var x = body.Input("Carry", TensorType.Activation(Dimension.Rows, 3));
        var weight = body.Parameter(new("Weight", "layer.{layer}.weight", new([3, 3]), Segment.Layer, true, 0, 1), NumberFormat.FP32);
        var product = body.Add(new MatMul(), "Product", [x, weight]);
        var activated = body.Add(new Map(Fusion.Activate(Activations.Of(Activation.Silu))), "Activated", [product]);
        var dropped = body.Add(new Map(Fusion.Dropout(0.3f, 2)), "Dropped", [activated]);
        if (source is not null)
            dropped = body.Add(new Attention(new(1, 1, 3, 0.7) { Mask = AttentionMask.All }), "Attention", [dropped, source, source], ["Attended", "LogSumExp"])[0];

        if (around is not null)
            dropped = body.Add(new Map(Fusion.Multiply), "Multiplied", [dropped, around]);

        return body.Build(body.Add(new Map(Fusion.Add), "Next", [dropped, x]));
    }
}

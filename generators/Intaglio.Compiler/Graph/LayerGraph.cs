namespace Intaglio.Compiler;

/// <summary>Builds one layer of a stack, the body of its loop.</summary>
internal sealed class LayerGraph(GraphContext context, StackSpec stack, StackParameters parameters, string prefix, GraphBuilder body)
{
    private readonly ModelSpec _spec = context.Spec;
    private readonly Dictionary<BlockExpression, Value> _values = [];

    public StackRows? Rows { get; init; }

    /// <summary>What relative positions add to scores, for each head and distance.</summary>
    public Value? Bias { get; init; }

    /// <summary>The encoder's result.</summary>
    public Value? Encoded { get; init; }

    /// <summary>What of each source is no padding.</summary>
    public Value? SourceBounds { get; init; }

    /// <summary>Where new tokens' keys and values are cached; null for whole sequences.</summary>
    public CachedRows? Cached { get; init; }

    /// <summary>The layer's result.</summary>
    public Value Run(Value hidden)
    {
        _values[new BlockInput()] = hidden;
        return Evaluate(stack.Block.Result, prefix + "Hidden");
    }

    /// <summary>Stores keys and values of the encoder's result.</summary>
    public void StoreSource(Value positions, Value slots)
    {
        var module = stack.Block.Modules.First(module => module.Kind == ModuleKind.CrossAttention);
        var keyValue = SourceKeyValue((AttentionParameters)parameters.Modules[module.Name]);
        body.Add(new StoreKeys(Shape(stack.CrossAttention!, module, AttentionMask.All), IsSource: true), prefix + "SourceCache", [.. keyValue, positions, slots], []);
    }

    // An expression's value; one that occurs twice is computed once.
    private Value Evaluate(BlockExpression expression, string name)
    {
        if (_values.TryGetValue(expression, out var known))
            return known;

        return _values[expression] = expression switch
        {
            BlockName named => Evaluate(named.X, prefix + named.Name),
            BlockCall call => Call(stack.Block.Module(call.Module), Evaluate(call.X, prefix + call.Module + "Input")),
            BlockSum sum => Combine(Fusion.Add, sum.Right, sum.Left, name),
            BlockProduct product => Combine(Fusion.Multiply, product.Right, product.Left, name),
            BlockScale scale => body.Add(new Map(Fusion.Scale(scale.Factor)), name, [Evaluate(scale.X, name + "Argument")]),
            BlockMap map => body.Add(new Map(Fusion.Activate(map.Function)), name, [Evaluate(map.X, name + "Argument")]),
            _ => throw new InvalidOperationException($"{expression} has no value."),
        };
    }

    // The left side first, as it is written: what is computed last can take in the sum.
    private Value Combine(Fusion fusion, BlockExpression x, BlockExpression full, string name)
    {
        var other = Evaluate(full, name + "Left");
        return body.Add(new Map(fusion), name, [Evaluate(x, name + "Right"), other]);
    }

    private Value Call(ModuleSpec module, Value x)
    {
        var own = parameters.Modules[module.Name];
        var result = module.Kind switch
        {
            ModuleKind.Norm => context.Norm(body, prefix + module.Name, prefix + module.Name + "ed", x, (NormParameters)own),
            ModuleKind.SelfAttention => Attend(module, (AttentionParameters)own, x),
            ModuleKind.CrossAttention => AttendToSource(module, (AttentionParameters)own, x),
            ModuleKind.FeedForward => FeedForward(module, (FeedForwardParameters)own, x),
            _ => context.Product(body, prefix + module.Name, prefix + module.Name + "Result", x, (ProductParameters)own),
        };
        return module.Kind is ModuleKind.Norm or ModuleKind.Linear ? result : context.Dropout(body, result, _spec.ResidualDropout, Sites.Result(stack.Block.IndexOf(module)));
    }

    private Value Attend(ModuleSpec module, AttentionParameters own, Value x)
    {
        var spec = stack.Attention;
        var qkv = context.Product(body, prefix + "QkvProjection", prefix + "Qkv", x, own.Query);
        var split = new Split(new([spec.QuerySize, spec.KeyValueSize, spec.KeyValueSize]), context.Parameters.InterleavesHeads ? spec.Heads : 0);
        IReadOnlyList<Value> parts = body.Add(split, prefix + "QueryKeyValue", [qkv], [prefix + "Query", prefix + "Key", prefix + "Value"]);
        if (own is { QueryNorm: { } queryNorm, KeyNorm: { } keyNorm })
            parts = [HeadNorm("Query", spec.Heads, parts[0], queryNorm), HeadNorm("Key", spec.KeyValueHeads, parts[1], keyNorm), parts[2]];

        if (_spec.PositionEncoding is { Kind: PositionEncodingKind.Rotary } positions)
        {
            var rotary = new RotaryShape(spec.Heads, spec.KeyValueHeads, spec.HeadSize, positions.RotatedSize(spec.HeadSize), positions.Layout, InterleavesHeads: own.QueryNorm is null && context.Parameters.InterleavesHeads);
            parts = [.. body.Add(new Rotate(rotary, Direction.Forward), prefix + "Rotary", [parts[0], parts[1], Rows!.Positions!], [prefix + "RotatedQuery", prefix + "RotatedKey"]), parts[2]];
        }

        var shape = Shape(spec, module, stack.IsCausal ? AttentionMask.Causal : AttentionMask.All);
        var attended = Cached is { } cached ? AttendCached(shape, parts, cached) : Attention("", shape with { HasBounds = Rows!.Bounds is not null }, parts, Rows.Bounds);
        return context.Product(body, prefix + "Projection", prefix + "Projected", attended, own.Output);
    }

    private Value AttendCached(AttentionShape shape, IReadOnlyList<Value> parts, CachedRows cached)
    {
        body.Add(new StoreKeys(shape, IsSource: false), prefix + "Cache", [parts[1], parts[2], cached.Positions, cached.Slots], []);
        Value[] inputs = [parts[0], .. Bias is null ? Array.Empty<Value>() : [Bias], cached.Positions, cached.Slots];
        return body.Add(new CachedAttention(shape, IsSource: false), prefix + "Attention", inputs, [prefix + "Attended"])[0];
    }

    private Value AttendToSource(ModuleSpec module, AttentionParameters own, Value x)
    {
        var shape = Shape(stack.CrossAttention!, module, AttentionMask.All) with { Bias = AttentionBias.None };
        var query = context.Product(body, prefix + "CrossQueryProjection", prefix + "CrossQuery", x, own.Query);
        Value attended;
        if (Cached is { SourceEnds: { } ends } cached)
        {
            attended = body.Add(new CachedAttention(shape, IsSource: true), prefix + "CrossAttention", [query, ends, cached.Slots], [prefix + "CrossAttended"])[0];
        }
        else
        {
            attended = Attention("Cross", shape with { HasBounds = SourceBounds is not null }, [query, .. SourceKeyValue(own)], SourceBounds);
        }

        return context.Product(body, prefix + "CrossProjection", prefix + "CrossProjected", attended, own.Output);
    }

    private IReadOnlyList<Value> SourceKeyValue(AttentionParameters own)
    {
        var size = stack.CrossAttention!.KeyValueSize;
        var keyValue = context.Product(body, prefix + "CrossKeyValueProjection", prefix + "CrossKeyValue", Encoded!, own.KeyValue!);
        return body.Add(new Split(new([size, size]), InterleavedHeads: 0), prefix + "CrossKeyValueParts", [keyValue], [prefix + "CrossKey", prefix + "CrossValue"]);
    }

    private Value Attention(string which, AttentionShape shape, IReadOnlyList<Value> parts, Value? bounds)
    {
        Value[] inputs = [.. parts, .. shape.Bias == AttentionBias.Learned ? [Bias!] : Array.Empty<Value>(), .. bounds is null ? Array.Empty<Value>() : [bounds]];
        return body.Add(new Attention(shape), prefix + which + "Attention", inputs, [prefix + which + "Attended", prefix + which + "LogSumExp"])[0];
    }

    private AttentionShape Shape(AttentionSpec spec, ModuleSpec module, AttentionMask mask) => new(spec.Heads, spec.KeyValueHeads, spec.HeadSize, spec.Scale)
    {
        Mask = mask,
        Bias = _spec.PositionEncoding.Kind switch
        {
            PositionEncodingKind.Alibi => AttentionBias.Alibi,
            PositionEncodingKind.RelativeBuckets => AttentionBias.Learned,
            _ => AttentionBias.None,
        },
        SlidingWindow = spec.SlidingWindow,
        EveryNthLayer = spec.EveryNthLayer,
        EveryNthWindow = spec.EveryNthWindow,
        SoftCap = spec.LogitSoftCap,
        DropoutRate = context.Infers ? 0 : spec.Dropout,
        Site = Sites.Inside(stack.Block.IndexOf(module)),
        InterleavesHeads = context.Parameters.InterleavesHeads && mask == AttentionMask.Causal,
    };

    private Value HeadNorm(string name, int heads, Value x, NormParameters own)
    {
        Value[] inputs = own.Bias is null ? [x, context.Read(body, own.Gain)] : [x, context.Read(body, own.Gain), context.Read(body, own.Bias)];
        var norm = _spec.Normalization;
        return body.Add(new Normalize(norm.Kind, norm.Epsilon, own.Bias is not null, norm.UnitOffset, heads), prefix + name + "Norm", inputs, [prefix + name + "Normed", prefix + name + "NormStatistics"])[0];
    }

    private Value FeedForward(ModuleSpec module, FeedForwardParameters own, Value x)
    {
        var spec = (DenseFeedForwardSpec)stack.FeedForward;
        var up = context.Product(body, prefix + (spec.Gated ? "GateUpProjection" : "UpProjection"), prefix + (spec.Gated ? "GateUp" : "PreActivation"), x, own.Up);
        var activated = spec.Gated
            ? body.Add(new Gate(spec.Activation, Fusion.Identity), prefix + "Gate", [up], [prefix + "Activated"])[0]
            : body.Add(new Map(Fusion.Activate(spec.Activation)), prefix + "Activated", [up]);
        activated = context.Dropout(body, activated, spec.Dropout, Sites.Inside(stack.Block.IndexOf(module)));
        return context.Product(body, prefix + "DownProjection", prefix + "Down", activated, own.Down);
    }
}

namespace Intaglio.Compiler;

/// <summary>Builds the graphs of a decoder-only model with a norm before each block: one for training, one for generation.</summary>
internal sealed class DecoderGraph
{
    /// <summary>Dropouts of one layer.</summary>
    public const int SitesPerLayer = 4;

    private readonly ModelSpec _spec;
    private readonly DecoderParameters _parameters;
    private readonly bool _infers;

    private DecoderGraph(ModelSpec spec, DecoderParameters parameters, bool infers) => (_spec, _parameters, _infers) = (spec, parameters, infers);

    /// <summary>Tokens and targets to losses, dropout included.</summary>
    public static Graph Training(ModelSpec spec, DecoderParameters parameters)
    {
        var build = new DecoderGraph(spec, parameters, infers: false);
        var graph = new GraphBuilder();
        var tokens = graph.Input("Tokens", TensorType.Indices(Dimension.Rows));
        var positions = graph.Input("Positions", TensorType.Indices(Dimension.Rows));
        var targets = graph.Input("Targets", TensorType.Indices(Dimension.Rows));

        var hidden = build.Embedded(graph, tokens, positions);
        hidden = build.IsRotary ? build.Layers(graph, hidden, [positions], ["Positions"]) : build.Layers(graph, hidden, [], []);
        var final = build.Norm(graph, "FinalNorm", "Final", hidden, parameters.FinalNormGain, parameters.FinalNormBias);
        var losses = graph.Add(new CrossEntropy(), "Losses", [build.Logits(graph, final), targets]);
        return graph.Build(losses);
    }

    /// <summary>New tokens to the logits of those rows that are asked for, with keys and values cached.</summary>
    public static Graph Inference(ModelSpec spec, DecoderParameters parameters)
    {
        var build = new DecoderGraph(spec, parameters, infers: true);
        var graph = new GraphBuilder();
        var tokens = graph.Input("Tokens", TensorType.Indices(Dimension.Rows));
        var positions = graph.Input("Positions", TensorType.Indices(Dimension.Rows));
        var slots = graph.Input("Slots", TensorType.Indices(Dimension.Rows));
        var outputs = graph.Input("Outputs", TensorType.Indices(Dimension.Outputs));

        var hidden = build.Embedded(graph, tokens, positions);
        hidden = build.Layers(graph, hidden, [positions, slots], ["Positions", "Slots"]);
        var wanted = graph.Add(new GatherRows(), "Wanted", [hidden, outputs]);
        var final = build.Norm(graph, "FinalNorm", "Final", wanted, parameters.FinalNormGain, parameters.FinalNormBias);
        return graph.Build(build.Logits(graph, final));
    }

    private bool IsRotary => _spec.PositionEncoding.Kind == PositionEncodingKind.Rotary;

    private Value Embedded(GraphBuilder graph, Value tokens, Value positions)
    {
        var hidden = graph.Add(new Embed(1, Fusion.Identity), "Hidden", [tokens, Read(graph, _parameters.TokenEmbedding)]);
        if (_parameters.PositionEmbedding is { } table)
        {
            var position = graph.Add(new Embed(1, Fusion.Identity), "Position", [positions, Read(graph, table)]);
            hidden = graph.Add(new Map(Fusion.Add), "Hidden", [hidden, position]);
        }

        return Dropout(graph, hidden, _spec.Embedding.Dropout, Site.Embedding);
    }

    private Value Layers(GraphBuilder graph, Value hidden, IReadOnlyList<Value> outside, IReadOnlyList<string> names)
    {
        var body = new GraphBuilder();
        var carry = body.Input("Hidden", hidden.Type);
        Value[] indices = [.. outside.Zip(names, (value, name) => body.Input(name, value.Type))];

        var middle = Attend(body, carry, indices);
        var next = FeedForward(body, middle);
        return graph.Add(new Repeat(body.Build(next), _spec.Layers, Direction.Forward), "Layers", [hidden, .. outside], ["Hidden"])[0];
    }

    // middle = hidden + attention(norm(hidden))
    private Value Attend(GraphBuilder body, Value hidden, IReadOnlyList<Value> indices)
    {
        var spec = _spec.Attention;
        var shape = new AttentionShape(
            spec.Heads, spec.KeyValueHeads, spec.HeadSize, spec.Scale, spec.SlidingWindow, spec.LogitSoftCap, _infers ? 0 : spec.Dropout, (int)Site.Attention);

        var normed = Norm(body, "AttentionNorm", "Normed", hidden, _parameters.AttentionNormGain, _parameters.AttentionNormBias);
        var qkv = Project(body, "QkvProjection", "Qkv", normed, _parameters.QkvWeight, _parameters.QkvBias);
        var parts = body.Add(new Split(new([spec.QuerySize, spec.KeyValueSize, spec.KeyValueSize])), "QueryKeyValue", [qkv], ["Query", "Key", "Value"]);
        if (IsRotary)
        {
            var rotary = new RotaryShape(spec.Heads, spec.KeyValueHeads, spec.HeadSize, _spec.PositionEncoding.Layout);
            parts = [.. body.Add(new Rotate(rotary, Direction.Forward), "Rotary", [parts[0], parts[1], indices[0]], ["RotatedQuery", "RotatedKey"]), parts[2]];
        }

        var attended = _infers
            ? body.Add(new CachedAttention(shape), "Attention", [.. parts, .. indices], ["Attended"])[0]
            : body.Add(new Attention(shape), "Attention", parts, ["Attended", "LogSumExp"])[0];
        var projected = Project(body, "Projection", "Projected", attended, _parameters.ProjectionWeight, _parameters.ProjectionBias);
        return Residual(body, "Middle", projected, hidden, Site.AttentionOutput);
    }

    // hidden = middle + feedForward(norm(middle))
    private Value FeedForward(GraphBuilder body, Value middle)
    {
        var spec = (DenseFeedForwardSpec)_spec.FeedForward;
        var normed = Norm(body, "FeedForwardNorm", "FeedForwardNormed", middle, _parameters.FeedForwardNormGain, _parameters.FeedForwardNormBias);
        var up = Project(body, spec.Gated ? "GateUpProjection" : "UpProjection", spec.Gated ? "GateUp" : "PreActivation", normed, _parameters.UpWeight, _parameters.UpBias);
        var activated = spec.Gated
            ? body.Add(new Gate(spec.Activation, Fusion.Identity), "Gate", [up], ["Activated"])[0]
            : body.Add(new Map(Fusion.Activate(spec.Activation)), "Activated", [up]);
        activated = Dropout(body, activated, spec.Dropout, Site.Activation);
        var down = Project(body, "DownProjection", "Down", activated, _parameters.DownWeight, _parameters.DownBias);
        return Residual(body, "Hidden", down, middle, Site.FeedForwardOutput);
    }

    private Value Norm(GraphBuilder graph, string nodeName, string name, Value x, ParameterSpec gain, ParameterSpec? bias)
    {
        Value[] inputs = bias is null ? [x, Read(graph, gain)] : [x, Read(graph, gain), Read(graph, bias)];
        return graph.Add(new Normalize(_spec.Normalization.Kind, _spec.Normalization.Epsilon, bias is not null), nodeName, inputs, [name, nodeName + "Statistics"])[0];
    }

    private Value Project(GraphBuilder graph, string nodeName, string name, Value x, ParameterSpec weight, ParameterSpec? bias)
    {
        var product = graph.Add(new MatMul(_parameters.IsTransposed), nodeName, [x, Read(graph, weight)], [name])[0];
        return bias is null ? product : graph.Add(new Map(Fusion.AddBias), name, [product, Read(graph, bias)]);
    }

    private Value Residual(GraphBuilder graph, string name, Value x, Value residual, Site site) =>
        graph.Add(new Map(Fusion.Add), name, [Dropout(graph, x, _spec.ResidualDropout, site), residual]);

    private Value Dropout(GraphBuilder graph, Value x, float rate, Site site) =>
        _infers || rate == 0 ? x : graph.Add(new Map(Fusion.Dropout(rate, (int)site)), x.Name, [x]);

    private Value Logits(GraphBuilder graph, Value final) =>
        graph.Add(new MatMul(transposed: true), "LogitsProjection", [final, Read(graph, _parameters.HeadWeight ?? _parameters.TokenEmbedding)], ["Logits"])[0];

    private Value Read(GraphBuilder graph, ParameterSpec parameter) => graph.Parameter(parameter, _spec.Format);

    /// <summary>Numbers the dropouts: the embedding's is 0, those of a layer count from 1, so that each draws its own random numbers.</summary>
    private enum Site
    {
        Embedding,
        Attention,
        AttentionOutput,
        Activation,
        FeedForwardOutput,
    }
}

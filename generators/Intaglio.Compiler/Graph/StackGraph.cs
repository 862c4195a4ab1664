namespace Intaglio.Compiler;

/// <summary>What the host sends of whole sequences.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Positions">Their positions; null where nothing depends on them.</param>
/// <param name="Types">Their types; null where they have none.</param>
/// <param name="Bounds">The first token of each sequence that is no padding and the one after the last; null where no padding is seen.</param>
internal sealed record StackRows(Value Tokens, Value? Positions, Value? Types, Value? Bounds);

/// <summary>What the host sends of new tokens whose forerunners are cached.</summary>
/// <param name="Positions">Their positions.</param>
/// <param name="Slots">The cache slot of each.</param>
/// <param name="SourceEnds">The last position of the source in the slot of each; null without one.</param>
internal sealed record CachedRows(Value Positions, Value Slots, Value? SourceEnds);

/// <summary>Builds one stack: the embedded input, the loop over layers, the last norm.</summary>
internal sealed class StackGraph(GraphContext context, StackSpec stack, StackParameters parameters, string prefix)
{
    private readonly ModelSpec _spec = context.Spec;
    private readonly GraphBuilder _graph = context.Graph;

    /// <summary>Whether a position is an index of something: a table of vectors or of angles.</summary>
    public bool NeedsPositions => _spec.PositionEncoding.Kind is PositionEncodingKind.Learned or PositionEncodingKind.Sinusoidal or PositionEncodingKind.Rotary;

    public bool HasTokenTypes => parameters.TokenTypeEmbedding is not null;

    /// <summary>Whole sequences to the last layer's result.</summary>
    public Value Run(StackRows rows, Value? encoded, Value? sourceBounds)
    {
        var hidden = Embedded(rows.Tokens, rows.Positions, rows.Types);
        var bias = parameters.RelativeBias is { } table
            ? _graph.Add(new ExpandBias(stack.Attention.Heads, stack.IsCausal), prefix + "DistanceBias", [context.Read(_graph, table), hidden])
            : null;
        return Layers(hidden, body => new LayerGraph(context, stack, parameters, prefix, body) { Rows = rows, Bias = bias, Encoded = encoded, SourceBounds = sourceBounds });
    }

    /// <summary>New tokens to the last layer's result, keys and values cached.</summary>
    public Value Generate(Value tokens, Value positions, CachedRows cached)
    {
        var hidden = Embedded(tokens, NeedsPositions ? positions : null, null);
        var bias = parameters.RelativeBias is { } table ? _graph.Add(new ExpandCachedBias(stack.Attention.Heads), prefix + "DistanceBias", [context.Read(_graph, table)]) : null;
        return Layers(hidden, body => new LayerGraph(context, stack, parameters, prefix, body) { Rows = new(tokens, positions, null, null), Bias = bias, Cached = cached });
    }

    /// <summary>Stores keys and values of the encoder's result for every layer.</summary>
    public void StoreSource(Value encoded, Value positions, Value slots)
    {
        var body = new GraphBuilder();
        new LayerGraph(context, stack, parameters, prefix, body) { Encoded = encoded }.StoreSource(positions, slots);
        _graph.Add(new Repeat(body.Build(), stack.Layers, Direction.Forward, prefix), prefix + "Layers", [], []);
    }

    /// <summary>The last hidden state.</summary>
    public Value Final(Value hidden) => parameters.FinalNorm is { } norm ? context.Norm(_graph, prefix + "FinalNorm", prefix.Length == 0 ? "Final" : prefix + "Final", hidden, norm) : hidden;

    private Value Embedded(Value tokens, Value? positions, Value? types)
    {
        var name = prefix + "Hidden";
        var hidden = _graph.Add(new Embed(1, Fusion.Identity) { PaddingToken = _spec.Embedding.PaddingToken }, name, [tokens, context.Read(_graph, context.Parameters.TokenEmbedding)]);
        if (_spec.Embedding.Scale != 1)
            hidden = _graph.Add(new Map(Fusion.Scale(_spec.Embedding.Scale)), name, [hidden]);

        if (parameters.PositionEmbedding is { } table)
            hidden = Plus(hidden, prefix + "Position", new Embed(1, Fusion.Identity) { FirstRow = _spec.PositionEncoding.Offset }, positions!, context.Read(_graph, table));
        else if (_spec.PositionEncoding.Kind == PositionEncodingKind.Sinusoidal)
            hidden = Plus(hidden, prefix + "Position", new Embed(1, Fusion.Identity), positions!, _graph.Add(new PositionTable(_spec.ContextLength, _spec.HiddenSize), prefix + "Sinusoids", []));

        if (parameters.TokenTypeEmbedding is { } typeTable)
            hidden = Plus(hidden, prefix + "TokenType", new Embed(1, Fusion.Identity), types!, context.Read(_graph, typeTable));

        if (parameters.EmbeddingNorm is { } norm)
            hidden = context.Norm(_graph, prefix + "EmbeddingNorm", prefix + "Embedded", hidden, norm);

        return context.Dropout(_graph, hidden, _spec.Embedding.Dropout, prefix == "Encoder" ? Sites.EncoderEmbedding : Sites.Embedding);
    }

    private Value Plus(Value hidden, string name, Embed lookup, Value indices, Value table) =>
        _graph.Add(new Map(Fusion.Add), hidden.Name, [hidden, _graph.Add(lookup, name, [indices, table])]);

    private Value Layers(Value hidden, Func<GraphBuilder, LayerGraph> layer)
    {
        var body = new GraphBuilder();
        var carry = body.Input(prefix + "Hidden", hidden.Type);
        var next = layer(body).Run(carry);
        return _graph.Add(new Repeat(body.Build(next), stack.Layers, Direction.Forward, prefix), prefix + "Layers", [hidden], [prefix + "Hidden"])[0];
    }
}

namespace Intaglio.Compiler;

/// <summary>Builds the graphs of a model: one for training, and those that generate or encode.</summary>
internal static class ModelGraph
{
    /// <summary>Tokens and targets to losses, dropout included.</summary>
    public static Graph Training(ModelSpec spec, ModelParameters parameters)
    {
        var graph = new GraphBuilder();
        var context = new GraphContext(spec, parameters, graph, Infers: false);
        var hidden = Hidden(context, out var bounds);
        return graph.Build(HeadGraph.Loss(context, hidden, bounds));
    }

    /// <summary>New tokens to the logits of those rows that are asked for, with keys and values cached; or, without a decoder, tokens to what the head makes of them.</summary>
    public static Graph Inference(ModelSpec spec, ModelParameters parameters)
    {
        var graph = new GraphBuilder();
        var context = new GraphContext(spec, parameters, graph, Infers: true);
        if (!spec.Generates)
        {
            var states = Hidden(context, out var bounds);
            return graph.Build(HeadGraph.Result(context, states, bounds));
        }

        var tokens = context.Input("Tokens", Dimension.Rows);
        var positions = context.Input("Positions", Dimension.Rows);
        var cached = new CachedRows(positions, context.Input("Slots", Dimension.Rows), spec.IsEncoderDecoder ? context.Input("SourceEnds", Dimension.Rows) : null);
        var outputs = context.Input("Outputs", Dimension.Outputs);
        var decoder = new StackGraph(context, spec.Decoder!, parameters.Decoder!, spec.IsEncoderDecoder ? "Decoder" : "");
        var hidden = decoder.Generate(tokens, positions, cached);
        var wanted = graph.Add(new GatherRows(), "Wanted", [hidden, outputs]);
        return graph.Build(HeadGraph.Logits(context, decoder.Final(wanted)));
    }

    /// <summary>The source's tokens to the keys and values that each layer of the decoder attends to, in the cache.</summary>
    public static Graph Encoding(ModelSpec spec, ModelParameters parameters)
    {
        var graph = new GraphBuilder();
        var context = new GraphContext(spec, parameters, graph, Infers: true);
        var encoded = Encoded(context, out _);
        var decoder = new StackGraph(context, spec.Decoder!, parameters.Decoder!, "Decoder");
        decoder.StoreSource(encoded, context.Input("SourcePositions"), context.Input("SourceSlots", Dimension.SourceRows));
        return graph.Build();
    }

    // The last hidden state, and what of each sequence is no padding.
    private static Value Hidden(GraphContext context, out Value? bounds)
    {
        var (spec, parameters) = (context.Spec, context.Parameters);
        Value? encoded = null, sourceBounds = null;
        if (spec.IsEncoderDecoder)
            encoded = Encoded(context, out sourceBounds);

        bounds = spec.Decoder is null || spec.Head is not LanguageModelingHeadSpec ? context.Input("Bounds", Dimension.Sequences) : null;
        var stack = new StackGraph(context, spec.Main, (parameters.Decoder ?? parameters.Encoder)!, spec.IsEncoderDecoder ? "Decoder" : "");
        var rows = new StackRows(
            context.Input("Tokens", Dimension.Rows),
            stack.NeedsPositions ? context.Input("Positions", Dimension.Rows) : null,
            stack.HasTokenTypes ? context.Input("TokenTypes", Dimension.Rows) : null,
            spec.Main.IsCausal ? null : bounds);
        return stack.Final(stack.Run(rows, encoded, sourceBounds));
    }

    private static Value Encoded(GraphContext context, out Value? bounds)
    {
        bounds = context.Input("SourceBounds", Dimension.Sequences);
        var encoder = new StackGraph(context, context.Spec.Encoder!, context.Parameters.Encoder!, "Encoder");
        var rows = new StackRows(
            context.Input("SourceTokens", Dimension.SourceRows), encoder.NeedsPositions || context.Infers ? context.Input("SourcePositions", Dimension.SourceRows) : null, null, bounds);
        return encoder.Final(encoder.Run(rows, null, null));
    }
}

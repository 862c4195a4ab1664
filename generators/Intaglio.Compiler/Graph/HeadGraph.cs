namespace Intaglio.Compiler;

/// <summary>Builds what is made of the last hidden state.</summary>
internal static class HeadGraph
{
    /// <summary>A loss for each row, or for each sequence.</summary>
    public static Value Loss(GraphContext context, Value hidden, Value? bounds)
    {
        var graph = context.Graph;
        if (context.Spec.Head is QuestionAnsweringHeadSpec)
        {
            Value[] operands = [Logits(context, hidden), bounds!, context.Input("Targets", Dimension.Sequences), context.Input("EndTargets", Dimension.Sequences)];
            return graph.Add(new SpanCrossEntropy(), "Head", operands, ["Losses", "LogitsGradient"])[0];
        }

        var features = Features(context, context.Spec.Head is SequenceClassificationHeadSpec head ? Pool(context, hidden, head.Pooling, bounds) : hidden);
        var (weight, bias) = (Weight(context), context.Parameters.Head.Bias);
        var targets = context.Input("Targets", features.Type.Shape[0]);
        var loss = new HeadLoss(HeadLoss.RowsFor(weight.Type.Shape[0].Size), bias is not null, SoftCap(context), bias is { IsTrained: true });
        Value[] inputs = bias is null ? [features, weight, targets] : [features, weight, context.Read(graph, bias), targets];
        string[] names = ["Losses", GradientBuilder.GradientName(features), "HeadWeightGradient", "HeadBiasGradient"];
        return graph.Add(loss, "Head", inputs, names)[0];
    }

    /// <summary>What a model without generation gives: logits, or a sentence's vector.</summary>
    public static Value Result(GraphContext context, Value hidden, Value? bounds)
    {
        switch (context.Spec.Head)
        {
            case SequenceClassificationHeadSpec head:
                return Logits(context, Pool(context, hidden, head.Pooling, bounds));
            case SentenceEmbeddingHeadSpec head:
                var pooled = Pool(context, hidden, head.Pooling, bounds);
                if (head.Pooler)
                    pooled = Transformed(context, "Pooler", pooled, Activations.Tanh);

                return head.Normalize ? context.Graph.Add(new NormalizeLength(), "UnitLength", [pooled], ["Sentence", "Lengths"])[0] : pooled;
            default:
                return Logits(context, hidden);
        }
    }

    /// <summary>Logits of rows of the last hidden state.</summary>
    public static Value Logits(GraphContext context, Value hidden)
    {
        var (graph, features) = (context.Graph, Features(context, hidden));
        var logits = graph.Add(new MatMul(transposed: true), "LogitsProjection", [features, Weight(context)], ["Logits"])[0];
        if (context.Parameters.Head.Bias is { } bias)
            logits = graph.Add(new Map(Fusion.AddBias), "Logits", [logits, context.Read(graph, bias)]);

        var cap = SoftCap(context);
        return cap == 0 ? logits : graph.Add(new Map(Fusion.SoftCap(cap)), "Logits", [logits]);
    }

    // What the logits' product reads.
    private static Value Features(GraphContext context, Value hidden) => context.Spec.Head switch
    {
        LanguageModelingHeadSpec { Scale: not 1 } head => context.Graph.Add(new Map(Fusion.Scale(head.Scale)), "Scaled", [hidden]),
        MaskedLanguageModelingHeadSpec head => context.Norm(context.Graph, "TransformNorm", "TransformNormed", Transformed(context, "Transform", hidden, head.Activation), context.Parameters.Head.TransformNorm!),
        SequenceClassificationHeadSpec { Pooler: true } head => context.Dropout(context.Graph, Transformed(context, "Pooler", hidden, Activations.Tanh), head.Dropout, Sites.Head),
        SequenceClassificationHeadSpec head => context.Dropout(context.Graph, hidden, head.Dropout, Sites.Head),
        TokenClassificationHeadSpec head => context.Dropout(context.Graph, hidden, head.Dropout, Sites.Head),
        _ => hidden,
    };

    private static Value Weight(GraphContext context) => context.Read(context.Graph, context.Parameters.Head.Weight ?? context.Parameters.TokenEmbedding);

    private static float SoftCap(GraphContext context) => context.Spec.Head is LanguageModelingHeadSpec head ? head.LogitSoftCap : 0;

    private static Value Transformed(GraphContext context, string name, Value hidden, ActivationSpec activation) =>
        context.Graph.Add(new Map(Fusion.Activate(activation)), name + "Result", [context.Product(context.Graph, name, name + "PreActivation", hidden, context.Parameters.Head.Transform!)]);

    private static Value Pool(GraphContext context, Value hidden, Pooling pooling, Value? bounds) => pooling switch
    {
        Pooling.Mean => context.Graph.Add(new MeanRows(), "Pooled", [hidden, bounds!]),
        _ => context.Graph.Add(new GatherRows(), "Pooled", [hidden, context.Input("PooledRows", Dimension.Sequences)]),
    };
}

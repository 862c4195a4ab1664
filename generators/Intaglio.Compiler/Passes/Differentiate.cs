namespace Intaglio.Compiler.Passes;

/// <summary>
/// Reverse-mode differentiation: walks the nodes from last to first and lets each op's gradient rule add nodes. The result computes what the graph computed, and
/// the gradient of every parameter.
/// </summary>
internal static class Differentiate
{
    /// <summary>Appends the gradients of a graph that ends in a loss.</summary>
    public static Graph Run(Graph graph)
    {
        var builder = new GraphBuilder();
        builder.Append(graph.Nodes);
        var gradients = new GradientBuilder(builder, graph);
        Reverse(graph, gradients);
        return builder.Build(graph.Outputs) with { Inputs = graph.Inputs };
    }

    /// <summary>The body of the loop that reverses a loop: from the carry's gradient after a layer to the one before it, and the sums of the gradients of values from around it.</summary>
    public static (Graph Body, IReadOnlyList<Value> Around) Body(Graph forward)
    {
        var builder = new GraphBuilder();
        var gradients = new GradientBuilder(builder, forward);
        gradients.Contribute(forward.Outputs[0], builder.Input(GradientBuilder.GradientName(forward.Outputs[0]), forward.Outputs[0].Type));
        Reverse(forward, gradients);

        var around = gradients.Around;
        foreach (var value in around)
            gradients.Contribute(value, builder.Input(GradientBuilder.GradientName(value), value.Type));
        return (builder.Build([gradients.Of(forward.Inputs[0])!, .. around.Select(value => gradients.Of(value)!)]), around);
    }

    private static void Reverse(Graph graph, GradientBuilder gradients)
    {
        foreach (var node in graph.Nodes.Reverse())
            node.Op.Differentiate(node, [.. node.Outputs.Select(gradients.Of)], gradients);
    }
}

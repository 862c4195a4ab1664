namespace Intaglio.Compiler.Passes;

/// <summary>
/// Moves elementwise nodes into the op that computes what they read: biases, activations, their derivatives, dropout, residuals and the sums of gradients become
/// the end of a product, a norm's backward pass, a lookup, or of one another.
/// </summary>
internal static class FuseElementwise
{
    public static Graph Run(Graph graph)
    {
        while (true)
        {
            var uses = graph.Uses();
            var fusedOne = false;
            graph = graph.Rewrite(part =>
            {
                if (fusedOne || FuseOne(part, uses) is not { } fused)
                    return part;

                fusedOne = true;
                return fused;
            });

            if (!fusedOne)
                return graph;
        }
    }

    private static Graph? FuseOne(Graph graph, Dictionary<Value, int> uses)
    {
        for (var index = 0; index < graph.Nodes.Count; index++)
        {
            var node = graph.Nodes[index];
            if (node.Op is not Map { Fusion: { Saved: null } fusion })
                continue;

            Value? row = fusion.HasRow ? node.Inputs[1] : null;
            Value? full = fusion.HasFull ? node.Inputs[node.Inputs.Count - 1] : null;
            var fused = FuseInto(graph, uses, index, node.Inputs[0], fusion, row, full);
            if (fused is null && full is not null)
                fused = FuseInto(graph, uses, index, full, fusion.Swapped(), row, node.Inputs[0]);

            if (fused is not null)
                return fused;
        }

        return null;
    }

    // Lets the node that computes x end in the fusion of the node at an index, and stand there.
    private static Graph? FuseInto(Graph graph, Dictionary<Value, int> uses, int index, Value x, Fusion fusion, Value? row, Value? full)
    {
        var node = graph.Nodes[index];
        var start = graph.Nodes.Take(index).ToList().FindIndex(candidate => candidate.Outputs.Contains(x));
        if (start < 0 || graph.Nodes[start] is not { Op: IFusing producing } producer || producer.Output != x || producer.Outputs.Contains(full))
            return null;

        // Moving the producer down must not overtake a reader of its results; a loop's carry keeps the place that the loop gives it.
        var between = graph.Nodes.Skip(start + 1).Take(index - start - 1);
        if (between.Any(reader => reader.Reads.Intersect(producer.Outputs).Any()) || graph.Outputs.Contains(x))
            return null;

        var savesBetween = uses[x] > 1;
        if (producing.Fusion.Then(fusion, savesBetween) is not { } combined || !FusionRule.Takes(producing, combined))
            return null;

        var operands = producing.Operands(producer);
        var ownRow = producing.Fusion.HasRow ? operands[0] : row;
        var ownFull = producing.Fusion.HasFull ? operands[operands.Count - 1] : full;
        Value[] inputs = [.. producer.Inputs.Take(producer.Inputs.Count - operands.Count), .. new[] { ownRow, ownFull }.OfType<Value>()];
        Value[] outputs = [node.Output, .. producer.Outputs.Skip(1), .. savesBetween ? [x] : Array.Empty<Value>()];
        var name = producer.Op is Map ? node.Name : producer.Name;

        return graph with
        {
            Nodes = [.. graph.Nodes.Where((_, position) => position != start).Select(other => other == node ? new Node(producing.With(combined), name, inputs, outputs) : other)],
        };
    }
}

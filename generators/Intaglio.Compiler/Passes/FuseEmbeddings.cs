namespace Intaglio.Compiler.Passes;

/// <summary>Makes one lookup of the sum of two in trained tables, and one of their gradients.</summary>
internal static class FuseEmbeddings
{
    public static Graph Run(Graph graph)
    {
        var producers = graph.Producers();
        foreach (var sum in graph.Nodes.Where(node => node.Op is Map map && map.Fusion == Fusion.Add && node.Inputs.All(input => IsLookup(input, producers))).ToList())
        {
            Node[] lookups = [.. sum.Inputs.Select(input => producers[input])];
            graph = FuseGradients(FuseLookups(graph, sum, lookups), lookups);
        }

        return graph;
    }

    private static bool IsLookup(Value value, Dictionary<Value, Node> producers) =>
        producers.TryGetValue(value, out var producer) && producer.Op is Embed { Tables: 1 } && producers[producer.Inputs[1]].Op is ParameterOp;

    private static Graph FuseLookups(Graph graph, Node sum, Node[] lookups)
    {
        var op = (Embed)lookups[0].Op with { Tables = 2, FirstRow = ((Embed)lookups[1].Op).FirstRow };
        var fused = new Node(op, lookups[0].Name, [.. lookups.SelectMany(lookup => lookup.Inputs)], sum.Outputs);
        return graph with { Nodes = [.. graph.Nodes.Where(node => !lookups.Contains(node)).Select(node => node == sum ? fused : node)] };
    }

    // In the order of the lookup's tables.
    private static Graph FuseGradients(Graph graph, Node[] lookups)
    {
        var gradients = lookups.Select(lookup => graph.Nodes.FirstOrDefault(node => node.Op is EmbedGradient { Tables.Count: 1 } && node.Inputs[0] == lookup.Inputs[0] && node.Output.Type.Shape.Equals(lookup.Inputs[1].Type.Shape))).ToArray();
        if (gradients is not [{ } tokens, { } positions] || tokens.Inputs[1] != positions.Inputs[1])
            return graph;

        var (first, second) = ((EmbedGradient)tokens.Op, (EmbedGradient)positions.Op);
        var fused = new Node(
            new EmbedGradient(first.Tables.Concat(second.Tables)) { PaddingToken = first.PaddingToken, FirstRow = second.FirstRow },
            lookups[0].Name + "Backward",
            [tokens.Inputs[0], positions.Inputs[0], tokens.Inputs[1]],
            [tokens.Output, positions.Output]);
        return graph with { Nodes = [.. graph.Nodes.Where(node => node != tokens && node != positions), fused] };
    }
}

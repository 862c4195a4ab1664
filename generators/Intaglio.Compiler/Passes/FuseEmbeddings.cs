namespace Intaglio.Compiler.Passes;

/// <summary>Makes one lookup of the sum of two, and one of their gradients.</summary>
internal static class FuseEmbeddings
{
    public static Graph Run(Graph graph)
    {
        graph = FuseLookups(graph);
        var lookup = graph.Nodes.Single(node => node.Op is Embed);
        return lookup.Op is Embed { Tables: 2 } ? FuseGradients(graph, lookup) : graph;
    }

    private static Graph FuseLookups(Graph graph)
    {
        var producers = graph.Producers();
        var sum = graph.Nodes.FirstOrDefault(node => node.Op is Map map && map.Fusion == Fusion.Add && node.Inputs.All(input => producers.TryGetValue(input, out var producer) && producer.Op is Embed));
        if (sum is null)
            return graph;

        Node[] lookups = [.. sum.Inputs.Select(input => producers[input])];
        var fused = new Node(new Embed(lookups.Length, Fusion.Identity), "Embedding", [.. lookups.SelectMany(lookup => lookup.Inputs)], sum.Outputs);
        return graph with { Nodes = [.. graph.Nodes.Where(node => !lookups.Contains(node)).Select(node => node == sum ? fused : node)] };
    }

    // In the order of the lookup's tables.
    private static Graph FuseGradients(Graph graph, Node lookup)
    {
        Node[] gradients = [.. graph.Nodes.Where(node => node.Op is EmbedGradient).OrderBy(node => node.Inputs[0] == lookup.Inputs[0] ? 0 : 1)];
        if (gradients.Length == 0)
            return graph;

        var op = new EmbedGradient(gradients.SelectMany(node => ((EmbedGradient)node.Op).Tables));
        var fused = new Node(op, "EmbeddingBackward", [.. gradients.Select(node => node.Inputs[0]), gradients[0].Inputs[1]], [.. gradients.Select(node => node.Output)]);
        return graph with { Nodes = [.. graph.Nodes.Where(node => !gradients.Contains(node)), fused] };
    }
}

namespace Intaglio.Compiler.Passes;

/// <summary>Removes nodes whose results nobody reads; one without results is there for what it does to the cache.</summary>
internal static class Simplify
{
    public static Graph Run(Graph graph)
    {
        while (true)
        {
            var uses = graph.Uses();
            var simplified = graph.Rewrite(part => part with { Nodes = [.. part.Nodes.Where(node => node.Outputs.Count == 0 || node.Outputs.Any(uses.ContainsKey))] });
            if (simplified.WithBodies().Sum(part => part.Nodes.Count) == graph.WithBodies().Sum(part => part.Nodes.Count))
                return graph;

            graph = simplified;
        }
    }
}

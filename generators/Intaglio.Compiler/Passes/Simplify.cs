namespace Intaglio.Compiler.Passes;

/// <summary>Removes nodes whose results nobody reads.</summary>
internal static class Simplify
{
    public static Graph Run(Graph graph)
    {
        while (true)
        {
            var uses = graph.Uses();
            var simplified = graph.Rewrite(part => part with { Nodes = [.. part.Nodes.Where(node => node.Outputs.Any(uses.ContainsKey))] });
            if (simplified.WithBodies().Sum(part => part.Nodes.Count) == graph.WithBodies().Sum(part => part.Nodes.Count))
                return graph;

            graph = simplified;
        }
    }
}

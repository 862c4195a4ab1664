namespace Intaglio.Compiler.Passes;

/// <summary>Lets the product that computes a weight's gradient sum the rows for the bias too: it reads them anyway.</summary>
internal static class FuseBiasGradients
{
    public static Graph Run(Graph graph) => graph.Rewrite(FuseIn);

    private static Graph FuseIn(Graph graph)
    {
        var sums = graph.Nodes.Where(node => node.Op is SumRows).ToList();
        var fused = new Dictionary<Node, Node>();
        foreach (var product in graph.Nodes.Where(node => node.Op is WeightGradient { HasBias: false }))
        {
            if (sums.FirstOrDefault(candidate => candidate.Inputs[0] == product.Inputs[1]) is not { } sum)
                continue;

            sums.Remove(sum);
            fused[product] = sum;
        }

        return graph with
        {
            Nodes =
            [
                .. graph.Nodes.Where(node => !fused.ContainsValue(node)).Select(node => fused.TryGetValue(node, out var sum)
                    ? node.With((WeightGradient)node.Op with { HasBias = true }, outputs: [node.Output, sum.Output])
                    : node),
            ],
        };
    }
}

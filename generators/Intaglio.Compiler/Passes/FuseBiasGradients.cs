namespace Intaglio.Compiler.Passes;

/// <summary>Lets the product that computes a weight's gradient sum the rows for the bias too: it reads them anyway.</summary>
internal static class FuseBiasGradients
{
    public static Graph Run(Graph graph) => graph.Rewrite(FuseIn);

    private static Graph FuseIn(Graph graph)
    {
        var sums = graph.Nodes.Where(node => node.Op is SumRows).ToDictionary(node => node.Inputs[0]);
        var products = graph.Nodes.Where(node => node.Op is WeightGradient { Transposed: false, HasBias: false } && sums.ContainsKey(node.Inputs[1])).ToList();
        var fused = products.Select(product => sums[product.Inputs[1]]).ToList();

        return graph with
        {
            Nodes =
            [
                .. graph.Nodes.Where(node => !fused.Contains(node)).Select(node => products.Contains(node)
                    ? node.With(new WeightGradient(Transposed: false, HasBias: true), outputs: [node.Output, sums[node.Inputs[1]].Output])
                    : node),
            ],
        };
    }
}

namespace Intaglio.Compiler.Passes;

/// <summary>Makes one op of the head's product, the cross-entropy and their gradients, so that the logits of all rows never exist at once.</summary>
internal static class FuseHeadLoss
{
    public static Graph Run(Graph graph)
    {
        var loss = graph.Nodes.FirstOrDefault(node => node.Op is CrossEntropy);
        if (loss is null || graph.Producers()[loss.Inputs[0]] is not { Op: MatMul { Transposed: true, Fusion.IsIdentity: true } } head)
            return graph;

        var (x, weight, targets) = (head.Inputs[0], head.Inputs[1], loss.Inputs[1]);
        var logitsGradient = graph.Nodes.Single(node => node.Op is CrossEntropyGradient).Output;
        var inputGradient = graph.Nodes.Single(node => node.Op is MatMul && node.Inputs[0] == logitsGradient).Output;
        var weightGradient = graph.Nodes.Single(node => node.Op is WeightGradient && node.Inputs[1] == logitsGradient).Output;

        var op = new HeadLoss(HeadLoss.RowsFor(weight.Type.Shape[0].Size), HasGradient: true);
        var fused = new Node(op, "Head", [x, weight, targets], [loss.Output, inputGradient, weightGradient]);
        Value[] replaced = [head.Output, loss.Output, logitsGradient, inputGradient, weightGradient];
        return graph with
        {
            Nodes = [.. graph.Nodes.SelectMany(node => node == loss ? [fused] : replaced.Contains(node.Output) ? Array.Empty<Node>() : [node])],
        };
    }
}

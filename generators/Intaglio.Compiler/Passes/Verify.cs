namespace Intaglio.Compiler.Passes;

/// <summary>The graph's grammar. Run after every pass in tests; names node, op and shapes where it is broken.</summary>
internal static class Verify
{
    public static Graph Run(Graph graph, string after)
    {
        Check(graph, [], [], after);
        return graph;
    }

    // A loop's body reads what is computed around it, and that of a backward loop what the body of the forward loop computed.
    private static void Check(Graph graph, HashSet<Value> reversed, HashSet<Value> overwritten, string after)
    {
        var defined = new HashSet<Value>(reversed.Concat(graph.Inputs));
        var inLoops = new HashSet<Value>();
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs.Where(input => !defined.Contains(input)))
                throw Broken($"{input} is read before it is computed");

            foreach (var input in node.Inputs.Where(overwritten.Contains))
                throw Broken($"{input} is read after another took its place");

            if (node.Op is Rotate)
                overwritten.UnionWith(node.Inputs.Take(2));

            if (!node.Op.Infer([.. node.Inputs.Select(input => input.Type)]).SequenceEqual(node.Outputs.Select(output => output.Type)))
                throw Broken("the shape rule gives other types than the results have");

            if (node.Op is IFusing fusing && !Fits(fusing.Fusion, fusing.Operands(node), node.Output.Type))
                throw Broken($"{fusing.Fusion.Name} has other operands than the node");

            if (node.Op is Repeat repeat)
            {
                Check(repeat.Body, [.. inLoops, .. defined], overwritten, after);
                inLoops.UnionWith(repeat.Body.Nodes.SelectMany(inner => inner.Outputs).Concat(repeat.Body.Inputs));
            }

            foreach (var output in node.Outputs.Where(output => !defined.Add(output) || inLoops.Contains(output)))
                throw Broken($"{output} is computed twice");

            InvalidOperationException Broken(string what) => new($"After {after}: {node.Name} ({node}): {what}.");
        }

        foreach (var output in graph.Outputs.Where(output => !defined.Contains(output)))
            throw new InvalidOperationException($"After {after}: the output {output} is not computed.");

        foreach (var pair in graph.ParameterGradients)
        {
            if (!defined.Contains(pair.Gradient) || !pair.Gradient.Type.Shape.Select(side => side.Size).SequenceEqual(pair.Parameter.Shape))
                throw new InvalidOperationException($"After {after}: the gradient {pair.Gradient} of {pair.Parameter.Name} is not computed, or has another shape.");
        }
    }

    // The row operand has a value for each column, the full operand one for each element.
    private static bool Fits(Fusion fusion, IReadOnlyList<Value> operands, TensorType result) =>
        operands.Count == (fusion.HasRow ? 1 : 0) + (fusion.HasFull ? 1 : 0)
        && (!fusion.HasRow || operands[0].Type.Count == result.Width)
        && (!fusion.HasFull || operands[operands.Count - 1].Type == result);
}

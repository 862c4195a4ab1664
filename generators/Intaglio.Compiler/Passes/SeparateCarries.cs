namespace Intaglio.Compiler.Passes;

/// <summary>
/// What a layer hands on takes the place of what was handed to it. Where the op that computes it still reads that, other than element by element, it gets a place of its own,
/// and the end of the layer copies it.
/// </summary>
internal static class SeparateCarries
{
    public static Graph Run(Graph graph) =>
        graph with { Nodes = [.. graph.Nodes.Select(node => node.Op is Repeat repeat ? node.With(repeat with { Body = Separate(repeat.Body) }) : node)] };

    private static Graph Separate(Graph body) =>
        body.Inputs.Zip(body.Outputs, (input, output) => (Input: input, Output: output)).Aggregate(body, (sofar, carry) => IsReadTooLong(sofar, carry.Input, carry.Output) ? WithCopy(sofar, carry.Output) : sofar);

    private static bool IsReadTooLong(Graph body, Value input, Value output)
    {
        var computes = body.Nodes.ToList().FindIndex(node => node.Outputs.Contains(output));
        return computes >= 0 && body.Nodes.Skip(computes).Any(node => node.Inputs.Contains(input) && !(node == body.Nodes[computes] && node.ReadsElementwise(input)));
    }

    private static Graph WithCopy(Graph body, Value output)
    {
        var own = new Value(output.Name + "Result", output.Type);
        Value Replaced(Value value) => value == output ? own : value;
        var nodes = body.Nodes.Select(node => node.Inputs.Concat(node.Outputs).Contains(output) ? node.With(inputs: [.. node.Inputs.Select(Replaced)], outputs: [.. node.Outputs.Select(Replaced)]) : node);
        return body with { Nodes = [.. nodes, new Node(new Map(Fusion.Identity), output.Name, [own], [output])] };
    }
}

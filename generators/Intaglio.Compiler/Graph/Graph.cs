namespace Intaglio.Compiler;

/// <summary>A tensor that a node computes, or an input of a graph.</summary>
internal sealed class Value(string name, TensorType type)
{
    /// <summary>What a reader would call it; the naming of emitted code starts from here.</summary>
    public string Name { get; } = name;

    public TensorType Type { get; } = type;

    public override string ToString() => $"{Name} {Type}";
}

/// <summary>One op applied to values.</summary>
internal sealed class Node(Op op, string name, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs)
{
    public Op Op { get; } = op;

    /// <summary>What a reader would call the computation, such as <c>QkvProjection</c>.</summary>
    public string Name { get; } = name;

    public IReadOnlyList<Value> Inputs { get; } = inputs;

    public IReadOnlyList<Value> Outputs { get; } = outputs;

    /// <summary>The result; ops with several results name the others.</summary>
    public Value Output => Outputs[0];

    /// <summary>What the node's line is about.</summary>
    public IEnumerable<Value> Results => Outputs.Take(Op.Results);

    /// <summary>Whether an element of an input is read only where the same element of the result is computed, so that one may take the other's place.</summary>
    public bool ReadsElementwise(Value input) =>
        Op is IFusing { Fusion.HasFull: true } fusing && fusing.Operands(this).Last() == input
            ? Inputs.Count(other => other == input) == 1
            : Op is Map && Inputs[0] == input;

    /// <summary>What the node reads, in a loop's layers too.</summary>
    public IEnumerable<Value> Reads => Op is Repeat repeat ? Inputs.Concat(repeat.Body.Nodes.SelectMany(inner => inner.Reads)) : Inputs;

    public Node With(Op? op = null, IReadOnlyList<Value>? inputs = null, IReadOnlyList<Value>? outputs = null, string? name = null) =>
        new(op ?? Op, name ?? Name, inputs ?? Inputs, outputs ?? Outputs);

    public override string ToString() => $"{string.Join(", ", Outputs)} = {Op.Describe(this)}";
}

/// <summary>The gradient of one parameter: where it is computed.</summary>
internal readonly record struct ParameterGradient(ParameterSpec Parameter, Value Gradient);

/// <summary>
/// Nodes in the order of their execution. A body of <see cref="Repeat"/> is a graph of its own whose nodes may also read values of the body that it reverses.
/// </summary>
internal sealed record Graph(
    IReadOnlyList<Value> Inputs,
    IReadOnlyList<Node> Nodes,
    IReadOnlyList<Value> Outputs,
    IReadOnlyList<ParameterGradient> ParameterGradients)
{
    /// <summary>The node that computes each value.</summary>
    public Dictionary<Value, Node> Producers() => Nodes.SelectMany(node => node.Outputs.Select(output => (output, node))).ToDictionary(pair => pair.output, pair => pair.node);

    /// <summary>This graph and, innermost last, the bodies of its loops.</summary>
    public IEnumerable<Graph> WithBodies() => Nodes.Select(node => node.Op).OfType<Repeat>().SelectMany(repeat => repeat.Body.WithBodies()).Prepend(this);

    /// <summary>How often each value is read, by nodes here and in bodies, as an output, or as a gradient.</summary>
    public Dictionary<Value, int> Uses()
    {
        var uses = new Dictionary<Value, int>();
        foreach (var graph in WithBodies())
        {
            foreach (var value in graph.Nodes.SelectMany(node => node.Inputs).Concat(graph.Outputs).Concat(graph.ParameterGradients.Select(pair => pair.Gradient)))
                uses[value] = uses.TryGetValue(value, out var count) ? count + 1 : 1;
        }

        return uses;
    }

    /// <summary>Rewrites the bodies first, then the graph itself.</summary>
    public Graph Rewrite(Func<Graph, Graph> rewrite) =>
        rewrite(this with { Nodes = [.. Nodes.Select(node => node.Op is Repeat repeat ? node.With(repeat with { Body = repeat.Body.Rewrite(rewrite) }) : node)] });

    /// <summary>A listing, one node a line, bodies indented.</summary>
    public override string ToString() => string.Join("\n", Lines());

    private IEnumerable<string> Lines()
    {
        foreach (var node in Nodes)
        {
            yield return node.ToString();
            if (node.Op is Repeat repeat)
            {
                foreach (var line in repeat.Body.Lines())
                    yield return "    " + line;
            }
        }

        foreach (var pair in ParameterGradients)
            yield return $"gradient of {pair.Parameter.Name} += {pair.Gradient.Name}";
    }
}

namespace Intaglio.Compiler;

/// <summary>
/// Collects the gradients of values while a graph is walked in reverse. Several contributions to one value are added by a node; those to a parameter are each
/// added to its gradient's buffer by the op that computes them, which covers tied weights.
/// </summary>
internal sealed class GradientBuilder(GraphBuilder builder, Graph forward)
{
    private readonly Dictionary<Value, Value> _gradients = [];
    private readonly HashSet<Value> _own = [.. forward.Inputs, .. forward.Nodes.SelectMany(node => node.Outputs)];
    private readonly Dictionary<Value, ParameterSpec> _parameters =
        forward.Nodes.Where(node => node.Op is ParameterOp).ToDictionary(node => node.Output, node => ((ParameterOp)node.Op).Parameter);

    /// <summary>Adds a contribution to the gradient of <paramref name="value"/>.</summary>
    public void Contribute(Value value, Value gradient)
    {
        if (_parameters.TryGetValue(value, out var parameter))
            builder.AddGradient(parameter, gradient);
        else if (_gradients.TryGetValue(value, out var sofar))
            _gradients[value] = builder.Add(new Map(Fusion.Add), GradientName(value), [gradient, sofar]);
        else
            _gradients[value] = gradient;
    }

    /// <summary>Whether a table is a parameter rather than one of the host.</summary>
    public bool IsTrained(Value table) => _parameters.ContainsKey(table);

    /// <summary>The values from around the graph, in the order in which their gradients were first met.</summary>
    public IReadOnlyList<Value> Around => [.. _gradients.Keys.Where(value => !_own.Contains(value))];

    /// <summary>The gradient so far; null where nothing depends on the value.</summary>
    public Value? Of(Value value) => _gradients.TryGetValue(value, out var gradient) ? gradient : null;

    /// <summary>Appends a node with one result.</summary>
    public Value Add(Op op, string name, params IReadOnlyList<Value> inputs) => builder.Add(op, name, inputs);

    /// <summary>Appends a node with several results.</summary>
    public IReadOnlyList<Value> Add(Op op, string nodeName, IReadOnlyList<Value> inputs, IReadOnlyList<string> names) => builder.Add(op, nodeName, inputs, names);

    /// <summary>The name of a value's gradient.</summary>
    public static string GradientName(Value value) => value.Name + "Gradient";
}

namespace Intaglio.Compiler;

/// <summary>Appends nodes, with types from each op's shape rule.</summary>
internal sealed class GraphBuilder
{
    private readonly List<Node> _nodes = [];
    private readonly List<Value> _inputs = [];
    private readonly List<ParameterGradient> _gradients = [];
    private readonly Dictionary<ParameterSpec, Value> _parameters = [];

    public IReadOnlyList<Node> Nodes => _nodes;

    public Value Input(string name, TensorType type)
    {
        var value = new Value(name, type);
        _inputs.Add(value);
        return value;
    }

    /// <summary>The value of a parameter; the same one at every call.</summary>
    public Value Parameter(ParameterSpec parameter, NumberFormat format)
    {
        if (!_parameters.TryGetValue(parameter, out var value))
            _parameters[parameter] = value = Add(new ParameterOp(parameter, format), parameter.Name, []);

        return value;
    }

    /// <summary>Applies an op with one result.</summary>
    public Value Add(Op op, string name, IReadOnlyList<Value> inputs) => Add(op, name, inputs, [name])[0];

    /// <summary>Applies an op, naming each result.</summary>
    public IReadOnlyList<Value> Add(Op op, string nodeName, IReadOnlyList<Value> inputs, IReadOnlyList<string> outputNames)
    {
        var types = op.Infer([.. inputs.Select(input => input.Type)]);
        Value[] outputs = [.. types.Zip(outputNames, (type, name) => new Value(name, type))];
        _nodes.Add(new Node(op, nodeName, inputs, outputs));
        return outputs;
    }

    public void AddGradient(ParameterSpec parameter, Value gradient) => _gradients.Add(new(parameter, gradient));

    public void Append(IEnumerable<Node> nodes) => _nodes.AddRange(nodes);

    public Graph Build(params IReadOnlyList<Value> outputs) => new([.. _inputs], [.. _nodes], outputs, [.. _gradients]);
}

namespace Intaglio.Compiler.Tests.Published;

/// <summary>A graph of a few ops over tensors at hand, for the interpreter.</summary>
internal sealed class TensorGraph
{
    private readonly GraphBuilder _graph = new();
    private readonly Dictionary<string, Tensor> _inputs = [];

    public Value Of(Tensor numbers) => Input(numbers, TensorType.Parameter(NumberFormat.FP32, numbers.Sides));

    public Value Indices(Tensor indices) => Input(indices, TensorType.Indices(indices.Rows));

    /// <summary>Applies an op; all of its results.</summary>
    public IReadOnlyList<Value> Add(Op op, params IReadOnlyList<Value> inputs) =>
        _graph.Add(op, op.GetType().Name, inputs, [.. op.Infer([.. inputs.Select(input => input.Type)]).Select((_, i) => $"{op.GetType().Name}{i}")]);

    public IReadOnlyList<Tensor> Evaluate(Call call, params IReadOnlyList<Value> outputs) => GraphInterpreter.Run(_graph.Build(outputs), call with { Inputs = _inputs }).Outputs;

    private Value Input(Tensor tensor, TensorType type)
    {
        var name = $"Input{_inputs.Count}";
        _inputs[name] = tensor;
        return _graph.Input(name, type);
    }
}

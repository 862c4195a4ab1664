namespace Intaglio.Compiler;

/// <summary>What all parts of a model's graph share.</summary>
/// <param name="Spec">The declaration.</param>
/// <param name="Parameters">Its tensors.</param>
/// <param name="Graph">What is built, outside the loops over layers.</param>
/// <param name="Infers">Whether nothing is trained.</param>
internal sealed record GraphContext(ModelSpec Spec, ModelParameters Parameters, GraphBuilder Graph, bool Infers)
{
    private readonly Dictionary<string, Value> _inputs = [];

    /// <summary>An input of the graph: 32-bit integers from the host.</summary>
    public Value Input(string name, Dimension rows) => _inputs[name] = Graph.Input(name, TensorType.Indices(rows));

    /// <summary>An input that is there already.</summary>
    public Value Input(string name) => _inputs[name];

    /// <summary>The value of a parameter.</summary>
    public Value Read(GraphBuilder graph, ParameterSpec parameter) => graph.Parameter(parameter, Spec.Format);

    /// <summary>A norm's result.</summary>
    public Value Norm(GraphBuilder graph, string name, string result, Value x, NormParameters parameters)
    {
        Value[] inputs = parameters.Bias is null ? [x, Read(graph, parameters.Gain)] : [x, Read(graph, parameters.Gain), Read(graph, parameters.Bias)];
        var norm = Spec.Normalization;
        return graph.Add(new Normalize(norm.Kind, norm.Epsilon, parameters.Bias is not null, norm.UnitOffset, Groups: 1), name, inputs, [result, name + "Statistics"])[0];
    }

    /// <summary>A product's result.</summary>
    public Value Product(GraphBuilder graph, string name, string result, Value x, ProductParameters parameters)
    {
        var product = graph.Add(new MatMul(Parameters.IsTransposed), name, [x, Read(graph, parameters.Weight)], [result])[0];
        return parameters.Bias is null ? product : graph.Add(new Map(Fusion.AddBias), result, [product, Read(graph, parameters.Bias)]);
    }

    /// <summary>Drops elements, in training.</summary>
    public Value Dropout(GraphBuilder graph, Value x, float rate, int site) =>
        Infers || rate == 0 ? x : graph.Add(new Map(Fusion.Dropout(rate, site)), x.Name, [x]);
}

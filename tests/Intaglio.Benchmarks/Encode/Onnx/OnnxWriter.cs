using System.Globalization;
using System.Runtime.InteropServices;

namespace Intaglio.Benchmarks.Onnx;

/// <summary>Numbers of a tensor, as TensorProto.DataType numbers them.</summary>
internal enum OnnxType
{
    Float = 1,
    Int32 = 6,
    Int64 = 7,
}

/// <summary>An operator's attribute: an integer or a float.</summary>
internal readonly record struct OnnxAttribute(string Name, long Integer, float? Single)
{
    public OnnxAttribute(string name, long value)
        : this(name, value, null)
    {
    }

    public OnnxAttribute(string name, float value)
        : this(name, 0, value)
    {
    }
}

/// <summary>Writes an ONNX model (onnx/onnx.proto, IR version 8): nodes and tensors in the order in which they are added, until it is disposed.</summary>
internal sealed class OnnxWriter : IDisposable
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const int MicrosoftSet = 1;

    // AttributeProto.AttributeType's numbers.
    private const int FloatAttribute = 1;
    private const int IntegerAttribute = 2;

    private readonly ProtobufWriter _writer;
    private readonly ProtobufWriter.Message _graph;
    private int _nodes;

    public OnnxWriter(Stream stream, string name)
    {
        _writer = new(stream);
        _writer.Integer(Field.Model.IrVersion, IrVersion);
        _writer.Text(Field.Model.Producer, nameof(Intaglio));
        OperatorsOf("", OperatorSet);
        OperatorsOf(Microsoft, MicrosoftSet);
        _graph = _writer.Begin(Field.Model.Graph);
        _writer.Text(Field.Graph.Name, name);
    }

    /// <summary>Adds what the model reads.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Of its elements.</param>
    /// <param name="shape">Its sides: numbers, or names of sides that are known when it runs.</param>
    public void Input(string name, OnnxType type, params ReadOnlySpan<string> shape) => Value(Field.Graph.Input, name, type, shape);

    /// <summary>Adds what the model gives.</summary>
    /// <inheritdoc cref="Input"/>
    public void Output(string name, OnnxType type, params ReadOnlySpan<string> shape) => Value(Field.Graph.Output, name, type, shape);

    /// <summary>Adds a tensor of weights.</summary>
    /// <returns>Its name.</returns>
    public string Tensor<T>(string name, OnnxType type, ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        using var tensor = _writer.Begin(Field.Graph.Initializer);
        foreach (var side in shape)
            _writer.Integer(Field.Tensor.Dims, side);
        _writer.Integer(Field.Tensor.DataType, (int)type);
        _writer.Text(Field.Tensor.Name, name);
        _writer.Bytes(Field.Tensor.RawData, MemoryMarshal.AsBytes(values));
        return name;
    }

    /// <summary>Adds an operator.</summary>
    /// <param name="domain">The operator's domain; empty for ONNX's own.</param>
    /// <param name="type">The operator.</param>
    /// <param name="inputs">Names of its operands; empty for one that is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="outputs">Names of its results; none for one with a name of its own.</param>
    /// <returns>The first result's name.</returns>
    public string Node(string domain, string type, ReadOnlySpan<string> inputs, ReadOnlySpan<OnnxAttribute> attributes = default, params ReadOnlySpan<string> outputs)
    {
        using var node = _writer.Begin(Field.Graph.Node);
        if (outputs.IsEmpty)
            outputs = new[] { $"{type}_{_nodes++}" };
        foreach (var input in inputs)
            _writer.Text(Field.Node.Input, input);
        foreach (var output in outputs)
            _writer.Text(Field.Node.Output, output);
        _writer.Text(Field.Node.Type, type);
        _writer.Text(Field.Node.Domain, domain);
        foreach (var attribute in attributes)
            Attribute(attribute);
        return outputs[0];
    }

    public void Dispose() => _graph.Dispose();

    private void OperatorsOf(string domain, int version)
    {
        using var set = _writer.Begin(Field.Model.OperatorSet);
        _writer.Text(Field.OperatorSet.Domain, domain);
        _writer.Integer(Field.OperatorSet.Version, version);
    }

    private void Attribute(OnnxAttribute attribute)
    {
        using var message = _writer.Begin(Field.Node.Attribute);
        _writer.Text(Field.Attribute.Name, attribute.Name);
        if (attribute.Single is { } single)
            _writer.Single(Field.Attribute.Float, single);
        else
            _writer.Integer(Field.Attribute.Integer, attribute.Integer);
        _writer.Integer(Field.Attribute.Type, attribute.Single is null ? IntegerAttribute : FloatAttribute);
    }

    private void Value(int field, string name, OnnxType type, ReadOnlySpan<string> shape)
    {
        using var value = _writer.Begin(field);
        _writer.Text(Field.Value.Name, name);
        using var valueType = _writer.Begin(Field.Value.Type);
        using var tensor = _writer.Begin(Field.Type.Tensor);
        _writer.Integer(Field.Type.Element, (int)type);
        using var sides = _writer.Begin(Field.Type.Shape);
        foreach (var side in shape)
        {
            using var dimension = _writer.Begin(Field.Type.Dimension);
            if (int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                _writer.Integer(Field.Type.Size, size);
            else
                _writer.Text(Field.Type.SizeName, side);
        }
    }

    /// <summary>The numbers of onnx.proto's fields.</summary>
    private static class Field
    {
        public static class Model
        {
            public const int IrVersion = 1;
            public const int Producer = 2;
            public const int Graph = 7;
            public const int OperatorSet = 8;
        }

        public static class OperatorSet
        {
            public const int Domain = 1;
            public const int Version = 2;
        }

        public static class Graph
        {
            public const int Node = 1;
            public const int Name = 2;
            public const int Initializer = 5;
            public const int Input = 11;
            public const int Output = 12;
        }

        public static class Node
        {
            public const int Input = 1;
            public const int Output = 2;
            public const int Type = 4;
            public const int Attribute = 5;
            public const int Domain = 7;
        }

        public static class Attribute
        {
            public const int Name = 1;
            public const int Float = 2;
            public const int Integer = 3;
            public const int Type = 20;
        }

        public static class Tensor
        {
            public const int Dims = 1;
            public const int DataType = 2;
            public const int Name = 8;
            public const int RawData = 9;
        }

        public static class Value
        {
            public const int Name = 1;
            public const int Type = 2;
        }

        public static class Type
        {
            public const int Tensor = 1;
            public const int Element = 1;
            public const int Shape = 2;
            public const int Dimension = 1;
            public const int Size = 1;
            public const int SizeName = 2;
        }
    }
}

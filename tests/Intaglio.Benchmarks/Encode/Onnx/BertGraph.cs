using System.Globalization;

namespace Intaglio.Benchmarks.Onnx;

/// <summary>
/// A BERT with a pooler as the graph that ONNX Runtime runs fastest: what its optimizer makes of an exported one, in its own fused operators
/// (onnxruntime, <c>docs/ContribOperators.md</c>), so that nothing depends on a pattern being recognised.
/// </summary>
internal sealed class BertGraph
{
    public const string Tokens = "input_ids";
    public const string TokenTypes = "token_type_ids";
    public const string Mask = "attention_mask";
    public const string PooledOutput = "pooler_output";

    private const string Batch = "batch";
    private const string Length = "sequence";

    private readonly LanguageModel _model;
    private readonly OnnxWriter _onnx;
    private readonly int _hiddenSize;
    private readonly OnnxAttribute _heads;
    private readonly OnnxAttribute _epsilon;

    private BertGraph(LanguageModel model, OnnxWriter onnx)
    {
        (_model, _onnx) = (model, onnx);
        _hiddenSize = (int)Setting("hidden_size");
        _heads = new("num_heads", (int)Setting("num_attention_heads"));
        _epsilon = new("epsilon", Convert.ToSingle(Setting("layer_norm_eps"), CultureInfo.InvariantCulture));
    }

    /// <summary>Writes a model's graph and weights.</summary>
    /// <param name="model">A BERT by the names of its parameters, with a pooler.</param>
    /// <param name="stream">Where to; it has to be able to seek.</param>
    public static void Write(LanguageModel model, Stream stream)
    {
        using var onnx = new OnnxWriter(stream, model.Description.Name);
        new BertGraph(model, onnx).Write();
    }

    private void Write()
    {
        foreach (var input in (string[])[Tokens, TokenTypes, Mask])
            _onnx.Input(input, OnnxType.Int32, Batch, Length);

        string[] tables = [Table("word_embeddings"), Table("token_type_embeddings"), Table("position_embeddings")];
        var hidden = _onnx.Node(
            OnnxWriter.Microsoft, "EmbedLayerNormalization", [Tokens, TokenTypes, tables[0], tables[2], tables[1], .. Norm("embeddings.LayerNorm")], [_epsilon], "embedded", "lengths");
        for (var layer = 0; layer < _model.Description.Layers; layer++)
            hidden = Layer($"encoder.layer.{layer}.", hidden);

        var first = _onnx.Node("", "Gather", [hidden, _onnx.Tensor<long>("first", OnnxType.Int64, [0])], [new("axis", 1)]);
        var pooled = _onnx.Node("", "Gemm", [first, Weight("pooler.dense"), Vector("pooler.dense.bias")]);
        _onnx.Node("", "Tanh", [pooled], [], PooledOutput);
        _onnx.Output(PooledOutput, OnnxType.Float, Batch, $"{_hiddenSize}");
    }

    private string Layer(string name, string hidden)
    {
        string[] projections = [name + "attention.self.query", name + "attention.self.key", name + "attention.self.value"];
        var attended = _onnx.Node(
            OnnxWriter.Microsoft, "Attention", [hidden, Weight(projections), Bias(projections), Mask], [_heads]);
        hidden = AddAndNormalize(name + "attention.output", attended, hidden);

        var up = name + "intermediate.dense";
        var activated = _onnx.Node(OnnxWriter.Microsoft, "BiasGelu", [Product(up, hidden), Vector(up + ".bias")]);
        return AddAndNormalize(name + "output", activated, hidden);
    }

    private string AddAndNormalize(string name, string x, string residual) => _onnx.Node(
        OnnxWriter.Microsoft,
        "SkipLayerNormalization",
        [Product(name + ".dense", x), residual, .. Norm(name + ".LayerNorm"), Vector(name + ".dense.bias")],
        [_epsilon]);

    private string Product(string name, string x) => _onnx.Node("", "MatMul", [x, Weight(name)]);

    private string[] Norm(string name) => [Vector(name + ".weight"), Vector(name + ".bias")];

    private string Table(string name)
    {
        var values = _model.ReadParameter($"embeddings.{name}.weight");
        return _onnx.Tensor<float>(name, OnnxType.Float, values, values.Length / _hiddenSize, _hiddenSize);
    }

    private string Vector(string name)
    {
        var values = _model.ReadParameter(name);
        return _onnx.Tensor<float>(name, OnnxType.Float, values, values.Length);
    }

    private string Bias(string[] names)
    {
        float[] values = [.. names.SelectMany(name => _model.ReadParameter(name + ".bias"))];
        return _onnx.Tensor<float>(names[0] + ".biases", OnnxType.Float, values, values.Length);
    }

    // Checkpoints have [columns, rows] of each layer, ONNX's products read [rows, columns]; several lie beside one another.
    private string Weight(params string[] names)
    {
        float[] stored = [.. names.SelectMany(name => _model.ReadParameter(name + ".weight"))];
        var columns = names.Sum(name => _model.ReadParameter(name + ".bias").Length);
        var rows = stored.Length / columns;
        var values = new float[stored.Length];
        for (var column = 0; column < columns; column++)
        {
            for (var row = 0; row < rows; row++)
                values[(row * columns) + column] = stored[(column * rows) + row];
        }

        return _onnx.Tensor<float>(names[0] + ".weights", OnnxType.Float, values, rows, columns);
    }

    private object Setting(string key) => Array.Find(_model.Description.Configuration, entry => entry.Key == key)?.Value
        ?? throw new ArgumentException($"{_model.Description.Name} has no {key}: it is no BERT.");
}

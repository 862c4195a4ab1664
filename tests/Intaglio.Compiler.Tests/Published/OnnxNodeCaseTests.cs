using System.Numerics;
using Intaglio.Compiler.Tests.Data;
using Xunit;
using static Intaglio.Compiler.Expression;
using static Intaglio.Compiler.Tests.Published.OnnxNodeCase;

namespace Intaglio.Compiler.Tests.Published;

/// <summary>
/// The graph's ops against the results of ONNX's own reference. ONNX's tensors have any number of sides, attention's [batch, heads, time, size]; the graph's are rows, those of
/// attention [batch · time, heads · size].
/// </summary>
public sealed class OnnxNodeCaseTests
{
    private const string Folder = "onnx-node-cases";

    // The reference rounds each step to the format of its results, by half a unit in the last place; the interpreter's own error, in double precision, is nothing beside it.
    // Deviations magnify the roundings of a mean, at most to 5.3 units seen in a LayerNorm, and sums of up to 24 terms add theirs up.
    private const int Roundings = 8;

    private static Call OneSequence => new() { Batch = 1, Time = 1, Inputs = new Dictionary<string, Tensor>(), Parameters = new Dictionary<string, Tensor>() };

    private static readonly Dictionary<string, Func<OnnxNodeCase, IReadOnlyList<Tensor>>> Runs = new()
    {
        ["test_attention_3d"] = Attend,
        ["test_attention_4d"] = Attend,
        ["test_attention_4d_attn_mask"] = AttendToCache,
        ["test_attention_4d_causal"] = Attend,
        ["test_attention_4d_gqa"] = Attend,
        ["test_attention_4d_scaled"] = Attend,
        ["test_attention_4d_with_past_and_present"] = AttendToCache,
        ["test_clip"] = given => Map(Min(Max(X, given["min"].Values[0]), given["max"].Values[0]), given["x"]),
        ["test_einsum_batch_matmul"] = given => Multiply(given["x"], given["y"]),
        ["test_erf"] = given => Map(Apply(Function.Erf, X), given["x"]),
        ["test_gather_0"] = Gather,
        ["test_gelu_default_1"] = given => Map(Activations.Of(Activation.Gelu).Formula, given["x"]),
        ["test_gelu_default_2"] = given => Map(Activations.Of(Activation.Gelu).Formula, given["x"]),
        ["test_gelu_tanh_1"] = given => Map(Activations.Of(Activation.GeluTanh).Formula, given["x"]),
        ["test_group_normalization_example"] = NormalizeGroups,
        ["test_hardswish"] = given => Map(X * Max(0, Min(1, (X / 6) + 0.5)), given["x"]),
        ["test_layer_normalization_2d_axis1"] = NormalizeLayer,
        ["test_layer_normalization_3d_axis2_epsilon"] = NormalizeLayer,
        ["test_layer_normalization_4d_axis3"] = NormalizeLayer,
        ["test_layer_normalization_default_axis"] = NormalizeLayer,
        ["test_logsoftmax_axis_2"] = LogSoftmax,
        ["test_matmul_3d"] = given => Multiply(given["a"], given["b"]),
        ["test_mish"] = given => Map(X * Apply(Function.Tanh, Apply(Function.Softplus, X)), given["X"]),
        ["test_rms_normalization_2d_axis1"] = NormalizeRootMeanSquare,
        ["test_rms_normalization_3d_axis2_epsilon"] = NormalizeRootMeanSquare,
        ["test_rms_normalization_4d_axis3"] = NormalizeRootMeanSquare,
        ["test_rms_normalization_default_axis"] = NormalizeRootMeanSquare,
        ["test_rotary_embedding"] = Rotate,
        ["test_rotary_embedding_interleaved"] = Rotate,
        ["test_sce_mean"] = given => [new([1], [CrossEntropy(given["x"], given["y"]).Values.Average()])],
        ["test_sce_sum"] = given => [new([1], [CrossEntropy(given["x"], given["y"]).Values.Sum()])],
        ["test_softmax_axis_2"] = Softmax,
        ["test_softmax_example"] = Softmax,
        ["test_softmax_large_number"] = Softmax,
        ["test_swish"] = given => Map(Activations.Of(Activation.Silu).Formula, given["x"]),
    };

    /// <summary>The other cases, and why the graph has nothing for them.</summary>
    private static readonly Dictionary<string, string> Left = new()
    {
        ["test_adam"] = "Optimizers are launches of the runtime: AdamWTests of Intaglio.Runtime.Tests reads this case.",
        ["test_cumsum_1d"] = "No architecture sums along a sequence.",
        ["test_dropout_default"] = "Inference, where ONNX's dropout is the identity, has no dropout in its graph.",
        ["test_momentum"] = "AdamW is the only optimizer.",
        ["test_nllloss_NC"] = "The loss begins with a log-softmax; this one picks from numbers that are no logarithms of probabilities.",
        ["test_sce_mean_weight_ii"] = "Classes have no weights.",
        ["test_top_k"] = "Sampling sorts logits on the host.",
        ["test_tril"] = "Masks are no tensors but part of attention.",
    };

    public static TheoryData<string> Cases => [.. Runs.Keys];

    [SkippableFact]
    public void Every_case_is_run_or_left_for_a_reason() =>
        Assert.Equal(Directory.EnumerateFiles(SharedData.Find(Folder), "*.json").Select(Path.GetFileNameWithoutExtension).Order(), Runs.Keys.Concat(Left.Keys).Order());

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Results_are_those_of_the_reference(string name)
    {
        var given = Read(SharedData.Find($"{Folder}/{name}.json"));

        var results = Runs[name](given);

        Assert.Equal(given.Outputs.Count, results.Count);
        foreach (var (published, result) in given.Outputs.Zip(results))
            published.AssertNear(result.Values, Roundings);
    }

    private static IReadOnlyList<Tensor> Attend(OnnxNodeCase given)
    {
        var shape = ShapeOf(given);
        var graph = new TensorGraph();
        var attended = graph.Add(new Attention(shape), [.. new[] { "Q", "K", "V" }.Select(name => graph.Of(Rows(given[name])))]);
        return [Heads(graph.Evaluate(OneSequence with { Batch = given["Q"].Sides[0] }, attended[0])[0], given["Q"])];
    }

    /// <summary>
    /// Each query by itself at the last position, where it sees all keys and has a distance of its own to each, so that a bias by distance can be any row of a mask. Keys and
    /// values of the past are in the cache before those of this call are stored.
    /// </summary>
    private static IReadOnlyList<Tensor> AttendToCache(OnnxNodeCase given)
    {
        var shape = ShapeOf(given) with { Bias = AttentionBias.Learned };
        var (graph, queries, mask) = (new TensorGraph(), Rows(given["Q"]), given["attn_mask"]);
        var (batch, keyTime) = (given["Q"].Sides[0], mask.Width);
        var time = queries.Rows / batch;
        var hasPast = given.Inputs.ContainsKey("past_key");
        if (hasPast)
            Store(given["past_key"], given["past_value"], first: 0);

        Store(given["K"], given["V"], first: keyTime - given["K"].Sides[2]);
        var (positions, slots) = (graph.Indices(Tensor.Filled([batch], _ => keyTime - 1)), graph.Indices(Tensor.Filled([batch], sequence => sequence)));
        var call = OneSequence;
        var attended = graph.Evaluate(call, [.. Enumerable.Range(0, time).Select(Attended)]);
        var output = Heads(Swapped(new([1, time, batch, queries.Width], [.. attended.SelectMany(rows => rows.Values)])), given["Q"]);
        return hasPast ? [output, Present(pair => pair.Key), Present(pair => pair.Value)] : [output];

        Value Attended(int query)
        {
            var rows = Tensor.Filled([batch, queries.Width], i => queries[(i / queries.Width * time) + query, i % queries.Width]);
            var bias = new Tensor(shape.Heads, (2 * keyTime) - 1);
            for (var i = 0; i < shape.Heads * keyTime; i++)
                bias.Values[Distances.Index(i / keyTime, (i % keyTime) - (keyTime - 1), keyTime)] = mask[query, i % keyTime];

            return graph.Add(new CachedAttention(shape, IsSource: false), graph.Of(rows), graph.Of(bias), positions, slots)[0];
        }

        void Store(Tensor keys, Tensor values, int first)
        {
            var rows = batch * keys.Sides[2];
            graph.Add(
                new StoreKeys(shape, IsSource: false),
                graph.Of(Rows(keys)),
                graph.Of(Rows(values)),
                graph.Indices(Tensor.Filled([rows], row => first + (row % keys.Sides[2]))),
                graph.Indices(Tensor.Filled([rows], row => row / keys.Sides[2])));
        }

        // Outside of loops the layer is -1.
        Tensor Present(Func<(double[] Key, double[] Value), double[]> part) => Swapped(new(
            [batch, keyTime, shape.KeyValueHeads, shape.HeadSize],
            [.. Enumerable.Range(0, batch * keyTime).SelectMany(row => part(call.Cache[false, -1, row / keyTime, row % keyTime]))]));
    }

    private static AttentionShape ShapeOf(OnnxNodeCase given)
    {
        var (heads, keyValueHeads, size, scale) = given.Attention;
        return new(heads, keyValueHeads, size, scale) { Mask = given.Number("is_causal", 0) == 1 ? AttentionMask.Causal : AttentionMask.All };
    }

    private static IReadOnlyList<Tensor> Map(Expression formula, Tensor x)
    {
        var graph = new TensorGraph();
        return graph.Evaluate(OneSequence, graph.Add(new Map(new(formula, null, 0, 0, "Formula", "{x}")), graph.Of(x)));
    }

    // A product for each matrix of the batch.
    private static IReadOnlyList<Tensor> Multiply(Tensor a, Tensor b)
    {
        var graph = new TensorGraph();
        var products = Enumerable.Range(0, a.Sides[0]).Select(i => graph.Add(new MatMul(), graph.Of(Matrix(a, i)), graph.Of(Matrix(b, i)))[0]);
        return [new([a.Sides[0], a.Sides[1], b.Sides[2]], [.. graph.Evaluate(OneSequence, [.. products]).SelectMany(product => product.Values)])];

        static Tensor Matrix(Tensor x, int i) => new([x.Sides[1], x.Sides[2]], x.Values[(i * x.Width)..((i + 1) * x.Width)]);
    }

    private static IReadOnlyList<Tensor> Gather(OnnxNodeCase given)
    {
        Assert.Equal(0, given.Number("axis", 0));
        var graph = new TensorGraph();
        return graph.Evaluate(OneSequence, graph.Add(new Embed(1, Fusion.Identity), graph.Indices(given["indices"]), graph.Of(given["data"])));
    }

    private static IReadOnlyList<Tensor> NormalizeLayer(OnnxNodeCase given)
    {
        var (graph, x) = (new TensorGraph(), given.AlongLastSide("X"));
        var normalize = new Normalize(NormalizationKind.LayerNorm, given.Number("epsilon", 1e-5), HasBias: true, UnitOffset: false, Groups: 1);
        var results = graph.Evaluate(OneSequence, graph.Add(normalize, graph.Of(x), graph.Of(given["W"]), graph.Of(given["B"])));
        return [results[0], Column(0), Column(1)];

        Tensor Column(int column) => Tensor.Filled([x.Rows, 1], row => results[1][row, column]);
    }

    private static IReadOnlyList<Tensor> NormalizeRootMeanSquare(OnnxNodeCase given)
    {
        var graph = new TensorGraph();
        var normalize = new Normalize(NormalizationKind.RmsNorm, given.Number("epsilon", 1e-5), HasBias: false, UnitOffset: false, Groups: 1);
        return [graph.Evaluate(OneSequence, graph.Add(normalize, graph.Of(given.AlongLastSide("X")), graph.Of(given["W"])))[0]];
    }

    // ONNX's groups have gains of their own, the graph's one for all: what is normalized with gains of 1 is scaled and shifted by column.
    private static IReadOnlyList<Tensor> NormalizeGroups(OnnxNodeCase given)
    {
        var (graph, x) = (new TensorGraph(), given["x"]);
        var groups = (int)given.Number("num_groups", 1);
        var normalize = new Normalize(NormalizationKind.LayerNorm, given.Number("epsilon", 1e-5), HasBias: false, UnitOffset: false, groups);
        var normalized = graph.Add(normalize, graph.Of(new([x.Rows, x.Width], x.Values)), graph.Of(Tensor.Filled([x.Width / groups], _ => 1)))[0];
        var scaled = graph.Add(new Map(new(X * Row, null, 0, 0, "Scale", "{x} · {row}")), normalized, ByColumn("scale"))[0];
        return graph.Evaluate(OneSequence, graph.Add(new Map(Fusion.AddBias), scaled, ByColumn("bias")));

        Value ByColumn(string channels) => graph.Of(Tensor.Filled([x.Width], column => given[channels].Values[column / (x.Width / x.Sides[1])]));
    }

    // The angles' cosines and sines are the case's own table, of which no angle is the rotation.
    private static IReadOnlyList<Tensor> Rotate(OnnxNodeCase given)
    {
        var (graph, x, positions) = (new TensorGraph(), given["input"], given["position_ids"]);
        var (heads, size) = (x.Sides[1], x.Sides[3]);
        var shape = new RotaryShape(heads, heads, size, size, given.Number("interleaved", 0) == 1 ? RotaryLayout.Interleaved : RotaryLayout.HalfSplit, InterleavesHeads: false);
        var turned = graph.Add(new Rotate(shape, Direction.Forward), graph.Of(Rows(x)), graph.Of(Rows(x)), graph.Indices(new([positions.Values.Length], positions.Values)));
        var call = OneSequence with { Turn = (position, pair) => new Complex(given["cos_cache"][position, pair], given["sin_cache"][position, pair]) };
        var results = graph.Evaluate(call, turned);
        Assert.Equal(results[0].Values, results[1].Values);
        return [Heads(results[0], x)];
    }

    // Scores of x itself against keys of 1 in one column each, and the weights as they are: values of 1 in one column each.
    private static IReadOnlyList<Tensor> Softmax(OnnxNodeCase given)
    {
        var (graph, x) = (new TensorGraph(), given.AlongLastSide("x"));
        var shape = new AttentionShape(Heads: 1, KeyValueHeads: 1, x.Width, Scale: 1) { Mask = AttentionMask.All };
        var attended = graph.Add(new Attention(shape), graph.Of(x), graph.Of(Identity(x.Width)), graph.Of(Identity(x.Width)));
        return graph.Evaluate(OneSequence, attended[0]);
    }

    // The cross-entropy at every column in turn.
    private static IReadOnlyList<Tensor> LogSoftmax(OnnxNodeCase given)
    {
        var x = given.AlongLastSide("x");
        var losses = Enumerable.Range(0, x.Width).Select(column => CrossEntropy(x, Tensor.Filled([x.Rows], _ => column))).ToList();
        return [Tensor.Filled(x.Sides, i => -losses[i % x.Width].Values[i / x.Width])];
    }

    /// <summary>A head whose logits are its input.</summary>
    private static Tensor CrossEntropy(Tensor logits, Tensor targets)
    {
        var graph = new TensorGraph();
        var loss = graph.Add(new HeadLoss(128, HasBias: false, SoftCap: 0, TrainsBias: false), graph.Of(logits), graph.Of(Identity(logits.Width)), graph.Indices(targets));
        return graph.Evaluate(OneSequence, loss[0])[0];
    }

    private static Tensor Identity(int size) => Tensor.Filled([size, size], i => i / size == i % size ? 1 : 0);
}

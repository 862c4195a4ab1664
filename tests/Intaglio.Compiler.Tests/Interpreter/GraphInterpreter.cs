namespace Intaglio.Compiler.Tests;

/// <summary>
/// Evaluates a graph in double precision, op by op in the order of the nodes. Slow and obvious, and with no rule of the compiler in it: what every gradient,
/// pass and kernel is checked against.
/// </summary>
internal sealed class GraphInterpreter
{
    private const int NoLayer = -1;

    private readonly Call _call;
    private readonly Dictionary<int, Dictionary<Value, Tensor>> _frames = [];
    private readonly Dictionary<string, Tensor> _gradients = [];

    private GraphInterpreter(Call call) => _call = call;

    public static Outcome Run(Graph graph, Call call)
    {
        var interpreter = new GraphInterpreter(call);
        var frame = interpreter.Frame(NoLayer);
        foreach (var input in graph.Inputs)
            interpreter.Define(frame, input, call.Inputs[input.Name], "input");

        interpreter.Evaluate(graph, frame, NoLayer);
        return new([.. graph.Outputs.Select(output => frame[output])], interpreter._gradients);
    }

    // The values of one layer, of the forward and of the backward loop alike: what the forward body computed there stays for the backward body.
    private Dictionary<Value, Tensor> Frame(int layer) => _frames.TryGetValue(layer, out var frame) ? frame : _frames[layer] = [];

    private void Evaluate(Graph graph, Dictionary<Value, Tensor> frame, int layer)
    {
        foreach (var node in graph.Nodes)
        {
            var results = Results(node, [.. node.Inputs.Select(input => frame[input])], layer);
            if (results.Count != node.Outputs.Count)
                throw new InvalidOperationException($"{node} has {node.Outputs.Count} outputs, its op {results.Count}.");

            for (var i = 0; i < results.Count; i++)
                Define(frame, node.Outputs[i], Rounded(results[i]), node.ToString());
        }

        foreach (var (parameter, gradient) in graph.ParameterGradients)
        {
            foreach (var (name, part) in Unstacked(parameter, frame[gradient], layer))
                _gradients[name] = _gradients.TryGetValue(name, out var sofar) ? sofar.Plus(1, part) : part;
        }
    }

    private Tensor Rounded(Tensor x) => _call.Rounding is { } rounding ? new(x.Sides, [.. x.Values.Select(rounding)]) : x;

    private IReadOnlyList<Tensor> Results(Node node, IReadOnlyList<Tensor> inputs, int layer)
    {
        switch (node.Op)
        {
            case ParameterOp op:
                return [Stacked(op.Parameter, layer)];

            case Embed op:
                var looked = Products.Lookup(inputs[1], inputs[0]);
                for (var table = 1; table < op.Tables; table++)
                    looked = looked.Plus(1, Products.Lookup(inputs[(2 * table) + 1], inputs[2 * table]));

                return Fuse(op.Fusion, looked, [.. inputs.Skip(2 * op.Tables)], layer);

            case EmbedGradient op:
                return [.. op.Tables.Select((table, i) => Products.LookupGradient([.. table.Shape.Select(side => side.Size)], inputs[i], inputs[^1]))];

            case MatMul op:
                return Fuse(op.Fusion, Products.MatMul(inputs[0], inputs[1], op.Transposed), [.. inputs.Skip(2)], layer);

            case WeightGradient op:
                var product = op.Transposed ? Products.TransposedMatMul(inputs[1], inputs[0]) : Products.TransposedMatMul(inputs[0], inputs[1]);
                return op.HasBias ? [product, Products.SumRows(inputs[1])] : [product];

            case SumRows:
                return [Products.SumRows(inputs[0])];

            case Map op:
                return Fuse(op.Fusion, inputs[0], [.. inputs.Skip(1)], layer);

            case Normalize op:
                var norm = Norms.Normalize(inputs[0], inputs[1], op.HasBias ? inputs[2] : null, op.Kind, op.Epsilon);
                return [norm.Y, norm.Statistics];

            case NormalizeGradient op:
                var (x, gain, bias) = Norms.NormalizeGradient(inputs[0], inputs[1], inputs[2], inputs[3], op.Kind);
                var fused = Fuse(op.Fusion, x, [.. inputs.Skip(4)], layer);
                return op.HasBias ? [fused[0], gain, bias, .. fused.Skip(1)] : [fused[0], gain, .. fused.Skip(1)];

            case Split op:
                return [.. op.Widths.Select((width, i) => Products.Columns(inputs[0], op.Widths.Take(i).Sum(), width))];

            case Concat:
                return [Products.SideBySide(inputs)];

            case Attention op:
                var (attended, logSumExp) = Attend(op.Shape, layer).Forward(inputs[0], inputs[1], inputs[2]);
                return [attended, logSumExp];

            case AttentionGradient op:
                var (q, k, v, delta) = Attend(op.Shape, layer).Backward(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[5]);
                return [q, k, v, delta];

            case CachedAttention op:
                return [Attend(op.Shape, layer).Cached(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], _call.Cache, layer)];

            case Rotate op:
                return [.. inputs.Take(2).Select(heads => Rotations.Turn(heads, inputs[2], op.Shape.HeadSize, op.Shape.Layout, _call.RotaryTheta, op.Direction == Direction.Forward ? 1 : -1))];

            case Gate op:
                return Fuse(op.Fusion, Gates.Forward(inputs[0], op.Activation.Formula), [.. inputs.Skip(1)], layer);

            case GateGradient op:
                return [Gates.Backward(inputs[0], inputs[1], op.Activation.Formula)];

            case GatherRows:
                return [Products.Lookup(inputs[0], inputs[1])];

            case CrossEntropy:
                return [Losses.CrossEntropy(inputs[0], inputs[1])];

            case CrossEntropyGradient:
                return [Losses.CrossEntropyGradient(inputs[0], inputs[1], _call.LossScale)];

            case HeadLoss op:
                var logits = Products.MatMul(inputs[0], inputs[1], transposed: true);
                var losses = Losses.CrossEntropy(logits, inputs[2]);
                var byLogits = Losses.CrossEntropyGradient(logits, inputs[2], _call.LossScale);
                return op.HasGradient
                    ? [losses, Products.MatMul(byLogits, inputs[1], transposed: false), Products.TransposedMatMul(byLogits, inputs[0])]
                    : [losses];

            case Repeat op:
                return [Loop(op, inputs)];

            default:
                throw new NotSupportedException($"{node.Op}");
        }
    }

    private Tensor Loop(Repeat loop, IReadOnlyList<Tensor> inputs)
    {
        var carry = inputs[0];
        for (var i = 0; i < loop.Count; i++)
        {
            var layer = loop.Direction == Direction.Forward ? i : loop.Count - 1 - i;
            var frame = Frame(layer);
            for (var input = 0; input < loop.Body.Inputs.Count; input++)
                Define(frame, loop.Body.Inputs[input], input == 0 ? carry : inputs[input], "input of a loop");

            Evaluate(loop.Body, frame, layer);
            carry = frame[loop.Body.Outputs[0]];
        }

        return carry;
    }

    private IReadOnlyList<Tensor> Fuse(Fusion fusion, Tensor x, IReadOnlyList<Tensor> operands, int layer) =>
        Fusions.Apply(fusion, x, operands, element => _call.Keep(Site(layer, fusion.Site), element, fusion.DropoutRate));

    private Attentions Attend(AttentionShape shape, int layer) =>
        new(shape, _call.Batch, _call.Time, element => shape.DropoutRate == 0 ? 1 : _call.Keep(Site(layer, shape.Site), element, shape.DropoutRate));

    private static int Site(int layer, int site) => layer == NoLayer ? site : (layer * 4) + site;

    // The tensors of a checkpoint, one below the other.
    private Tensor Stacked(ParameterSpec parameter, int layer) =>
        new(parameter.Shape, [.. parameter.Stored.SelectMany(stored => _call.Parameters[Named(stored, layer)].Values)]);

    private static IEnumerable<(string Name, Tensor Part)> Unstacked(ParameterSpec parameter, Tensor whole, int layer)
    {
        var start = 0;
        foreach (var stored in parameter.Stored)
        {
            yield return (Named(stored, layer), new(stored.Shape, whole.Values[start..(start + (int)stored.Count)]));
            start += (int)stored.Count;
        }
    }

    private static string Named(StoredTensor stored, int layer) => stored.Name.Replace("{layer}", $"{layer}", StringComparison.Ordinal);

    // Defines a value once, with the sides that its type declares.
    private void Define(Dictionary<Value, Tensor> frame, Value value, Tensor tensor, string by)
    {
        var sides = value.Type.Shape.Select(side => side.Symbol switch
        {
            null => side.Size,
            "rows" => _call.Batch * _call.Time,
            _ => tensor.Rows,
        });
        if (!tensor.Sides.SequenceEqual(sides))
            throw new InvalidOperationException($"{by} gives {tensor} for {value}.");

        frame.Add(value, tensor);
    }
}

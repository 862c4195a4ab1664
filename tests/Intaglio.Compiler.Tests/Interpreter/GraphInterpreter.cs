namespace Intaglio.Compiler.Tests;

/// <summary>
/// Evaluates a graph in double precision, op by op in the order of the nodes. Slow and obvious, and with no rule of the compiler in it: what every gradient,
/// pass and kernel is checked against.
/// </summary>
internal sealed class GraphInterpreter
{
    private static readonly Place Outside = new("", -1);

    private readonly Call _call;
    private readonly Dictionary<Place, Dictionary<Value, Tensor>> _frames = [];
    private readonly Dictionary<string, Tensor> _gradients = [];

    private GraphInterpreter(Call call) => _call = call;

    public static Outcome Run(Graph graph, Call call)
    {
        var interpreter = new GraphInterpreter(call);
        foreach (var input in graph.Inputs)
            interpreter.Define(Outside, input, call.Inputs[input.Name], "input");

        interpreter.Evaluate(graph, Outside);
        return new([.. graph.Outputs.Select(output => interpreter.Read(Outside, output))], interpreter._gradients);
    }

    // The values of one layer, of the forward and of the backward loop alike: what the forward body computed there stays for the backward body.
    private Dictionary<Value, Tensor> Frame(Place place) => _frames.TryGetValue(place, out var frame) ? frame : _frames[place] = [];

    // Of the layer, or from around the loop.
    private Tensor Read(Place place, Value value) => Frame(place).TryGetValue(value, out var own) ? own : Frame(Outside)[value];

    private void Evaluate(Graph graph, Place place)
    {
        foreach (var node in graph.Nodes)
        {
            var results = Results(node, [.. node.Inputs.Select(input => Read(place, input))], place);
            if (results.Count != node.Outputs.Count)
                throw new InvalidOperationException($"{node} has {node.Outputs.Count} outputs, its op {results.Count}.");

            for (var i = 0; i < results.Count; i++)
                Define(place, node.Outputs[i], Rounded(results[i]), node.ToString(), isOfCache: node.Op is ExpandCachedBias);
        }

        foreach (var (parameter, gradient) in graph.ParameterGradients)
        {
            foreach (var (name, part) in Unstacked(parameter, Read(place, gradient), place.Layer))
                _gradients[name] = _gradients.TryGetValue(name, out var sofar) ? sofar.Plus(1, part) : part;
        }
    }

    private Tensor Rounded(Tensor x) => _call.Rounding is { } rounding ? new(x.Sides, [.. x.Values.Select(rounding)]) : x;

    private IReadOnlyList<Tensor> Results(Node node, IReadOnlyList<Tensor> inputs, Place place)
    {
        switch (node.Op)
        {
            case ParameterOp op:
                return [Stacked(op.Parameter, place.Layer)];

            case Embed op:
                var looked = Enumerable.Range(0, op.Tables)
                    .Select(table => Products.Lookup(inputs[(2 * table) + 1], inputs[2 * table], table == op.Tables - 1 ? op.FirstRow : 0))
                    .Aggregate((sum, next) => sum.Plus(1, next));
                return Fuse(op.Fusion, looked, [.. inputs.Skip(2 * op.Tables)], place);

            case EmbedGradient op:
                return
                [
                    .. op.Tables.Select((table, i) =>
                        Products.LookupGradient(Sizes(table), inputs[i], inputs[^1], i == op.Tables.Count - 1 ? op.FirstRow : 0, i == 0 ? op.PaddingToken : -1)),
                ];

            case MatMul op:
                return Fuse(op.Fusion, Products.MatMul(inputs[0], inputs[1], op.Transposed), [.. inputs.Skip(2)], place);

            case WeightGradient op:
                var product = op.Transposed ? Products.TransposedMatMul(inputs[1], inputs[0]) : Products.TransposedMatMul(inputs[0], inputs[1]);
                return op.HasBias ? [product, Products.SumRows(inputs[1])] : [product];

            case SumRows:
                return [Products.SumRows(inputs[0])];

            case Map op:
                return Fuse(op.Fusion, inputs[0], [.. inputs.Skip(1)], place);

            case Normalize op:
                var norm = new Norms(op).Normalize(inputs[0], inputs[1], op.HasBias ? inputs[2] : null);
                return [norm.Y, norm.Statistics];

            case NormalizeGradient op:
                var (x, gain, bias) = new Norms(op.Norm).NormalizeGradient(inputs[0], inputs[1], inputs[2], inputs[3]);
                var fused = Fuse(op.Fusion, x, [.. inputs.Skip(4)], place);
                return op.Norm.HasBias ? [fused[0], gain, bias, .. fused.Skip(1)] : [fused[0], gain, .. fused.Skip(1)];

            case NormalizeLength:
                var unit = Norms.NormalizeLength(inputs[0]);
                return [unit.Y, unit.Lengths];

            case Split op:
                return Products.Split(inputs[0], op.Widths, op.InterleavedHeads);

            case Concat op:
                return [Products.Concat(inputs, op.InterleavedHeads)];

            case Attention op:
                var (attended, logSumExp) = Attend(op.Shape, inputs, place).Forward(inputs[0], inputs[1], inputs[2]);
                return [attended, logSumExp];

            case AttentionGradient op:
                var (q, k, v, delta, biases) = Attend(op.Shape, inputs, place).Backward(inputs[0], inputs[1], inputs[2], inputs[^3], inputs[^2], inputs[^1]);
                return op.Shape.Bias == AttentionBias.Learned ? [q, k, v, delta, biases] : [q, k, v, delta];

            case StoreKeys op:
                new Attentions(op.Shape, new(1, place.Layer, null, null, Kept)).Store(inputs[0], inputs[1], inputs[2], inputs[3], _call.Cache, op.IsSource);
                return [];

            case CachedAttention op:
                var cached = new Attentions(op.Shape, new(1, place.Layer, op.Shape.Bias == AttentionBias.Learned ? inputs[1] : null, null, Kept));
                return [cached.Cached(inputs[0], inputs[^2], inputs[^1], _call.Cache, op.IsSource)];

            case ExpandBias op:
                return [Distances.Expand(inputs[0], inputs[1].Rows / _call.Batch, [inputs[1].Rows, 2 * op.Heads], Bucket(inputs[0].Rows, op.IsCausal))];

            case ExpandBiasGradient op:
                return [Distances.ExpandGradient(inputs[0], _call.Batch, inputs[0].Rows / _call.Batch, Sizes(op.Table), Bucket(op.Table.Shape[0].Size, op.IsCausal))];

            case ExpandCachedBias op:
                return [Distances.Expand(inputs[0], _call.ContextLength, [op.Heads, (2 * _call.ContextLength) - 1], Bucket(inputs[0].Rows, isCausal: true))];

            case Rotate op:
                var turn = _call.Turn ?? Rotations.Turns(_call.Positions, op.Shape.RotatedSize, _call.ContextLength);
                return [.. inputs.Take(2).Select(heads => Rotations.Turn(heads, inputs[2], op.Shape, turn, op.Direction))];

            case PositionTable op:
                return [Rotations.Sinusoids(op.Positions, op.Width, _call.Positions.Layout)];

            case Gate op:
                return Fuse(op.Fusion, Gates.Forward(inputs[0], op.Activation.Formula), [.. inputs.Skip(1)], place);

            case GateGradient op:
                return [Gates.Backward(inputs[0], inputs[1], op.Activation.Formula)];

            case GatherRows:
                return [Products.Lookup(inputs[0], inputs[1])];

            case ScatterRows op:
                return [Products.LookupGradient([RowsOf(op.Result), op.Result.Width], inputs[1], inputs[0])];

            case MeanRows:
                return [Products.MeanRows(inputs[0], inputs[1])];

            case MeanRowsGradient op:
                return [Products.MeanRowsGradient(inputs[0], inputs[1], RowsOf(op.Result) / _call.Batch)];

            case Zeros op:
                return [new(RowsOf(op.Type), op.Type.Width)];

            case HeadLoss op:
                var head = Losses.Head(inputs[0], inputs[1], op.HasBias ? inputs[2] : null, inputs[^1], op.SoftCap, _call.LossScale);
                return op.TrainsBias ? [head.Losses, head.X, head.Weight, head.Bias] : [head.Losses, head.X, head.Weight];

            case SpanCrossEntropy:
                var span = Losses.Span(inputs[0], inputs[1], [inputs[2], inputs[3]], _call.LossScale);
                return [span.Losses, span.Gradient];

            case Repeat op:
                return Loop(op, inputs);

            default:
                throw new NotSupportedException($"{node.Op}");
        }
    }

    private IReadOnlyList<Tensor> Loop(Repeat loop, IReadOnlyList<Tensor> carries)
    {
        for (var i = 0; i < loop.Count; i++)
        {
            var place = new Place(loop.Stack, loop.Direction == Direction.Forward ? i : loop.Count - 1 - i);
            for (var input = 0; input < loop.Body.Inputs.Count; input++)
                Define(place, loop.Body.Inputs[input], carries[input], "input of a loop");

            Evaluate(loop.Body, place);
            carries = [.. loop.Body.Outputs.Select(output => Read(place, output))];
        }

        return carries;
    }

    private IReadOnlyList<Tensor> Fuse(Fusion fusion, Tensor x, IReadOnlyList<Tensor> operands, Place place) =>
        Fusions.Apply(fusion, x, operands, element => _call.Keep(Site(place, fusion.Site), element, fusion.DropoutRate));

    private Attentions Attend(AttentionShape shape, IReadOnlyList<Tensor> inputs, Place place)
    {
        var learned = shape.Bias == AttentionBias.Learned;
        return new(shape, new(
            _call.Batch,
            place.Layer,
            learned ? inputs[3] : null,
            shape.HasBounds ? inputs[learned ? 4 : 3] : null,
            element => shape.DropoutRate == 0 ? 1 : _call.Keep(Site(place, shape.Site), element, shape.DropoutRate)));
    }

    private static double Kept(long element) => 1;

    private Func<int, int> Bucket(int buckets, bool isCausal) => distance => Distances.Bucket(distance, isCausal, buckets, _call.Positions.MaxDistance);

    private static int[] Sizes(TensorType type) => [.. type.Shape.Select(side => side.Size)];

    // The four outside of layers come first.
    private int Site(Place place, int site)
    {
        if (site < 0)
            return -1 - site;

        var layer = place.Layer + (place.Stack == "Decoder" ? _call.EncoderLayers : 0);
        return 4 + (layer * _call.SitesOfLayer) + site - 1;
    }

    private int RowsOf(TensorType type) => type.Shape[0].Symbol switch
    {
        null => type.Shape[0].Size,
        "rows" => _call.Batch * _call.Time,
        "sourceRows" => _call.Batch * _call.SourceTime,
        "batch" => _call.Batch,
        _ => throw new NotSupportedException($"The rows of {type} are not known beforehand."),
    };

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

    // Defines a value once, with the sides that its type declares: bounds are two numbers a sequence, and how long a cache is no type says.
    private void Define(Place place, Value value, Tensor tensor, string by, bool isOfCache = false)
    {
        var (rows, sides) = (value.Type.Shape[0], value.Type.Shape.Skip(1).Select(side => side.Size));
        if (!isOfCache && ((rows != Dimension.Outputs && tensor.Rows != RowsOf(value.Type)) || !(value.Type.IsIndex || tensor.Sides.Skip(1).SequenceEqual(sides))))
            throw new InvalidOperationException($"{by} gives {tensor} for {value}.");

        Frame(place).Add(value, tensor);
    }

    /// <summary>Outside the loops, or a layer of a stack.</summary>
    private readonly record struct Place(string Stack, int Layer);
}

using CsCheck;

namespace Intaglio.Compiler.Tests.Plans;

/// <summary>
/// Graphs as no model has them: chains, diamonds, columns apart and together, rotations in place, gates, a loss in chunks, rows of two kinds with attention from one to the other,
/// two stacks of layers that read what they like of what is around them, whose carries run through or are kept for a loop back that reads whatever it likes of the loop
/// that it reverses, and that sums something over the layers, which may be what enters the next loop back. Made of a list of numbers, so that a shorter list is a smaller graph.
/// What builders of graphs keep to is kept to here: columns are not cut again and belong to one tensor, what is turned is not read under its old name, what enters
/// a loop as its carry is read there alone, no carry is part of another tensor, and a stack over the source sees the source alone.
/// </summary>
internal sealed class RandomGraph
{
    private const int HeadSize = 2;
    private const int MostColumns = 12;

    private readonly GraphBuilder _graph = new();
    private readonly IReadOnlyList<int> _numbers;
    private int _next;
    private int _parameters;

    private RandomGraph(IReadOnlyList<int> numbers) => _numbers = numbers;

    /// <summary>Graphs of up to some dozens of nodes.</summary>
    public static Gen<Graph> All { get; } = Gen.Int[0, 1000].Array[1, 120].Select(numbers => new RandomGraph(numbers).Build());

    private Graph Build()
    {
        Indices indices = new(_graph.Input("Indices", TensorType.Indices(Dimension.Rows)), _graph.Input("SourceIndices", TensorType.Indices(Dimension.SourceRows)));
        var outside = new Part(_graph, indices, []);
        foreach (var kind in new[] { indices.OfRows, indices.OfSource, indices.OfRows })
            outside.Add(Lookup(outside, kind, 1 + Number(MostColumns)));

        Nodes(outside, Number(5));
        var forward = Enumerable.Range(0, 1 + Number(2)).Select(number => Forward(outside, $"Stack{number}")).ToList();
        if (Number(2) == 0)
            Loss(outside);

        Nodes(outside, Number(5));
        Value? handed = null;
        foreach (var stack in forward.AsEnumerable().Reverse().Where(_ => Number(3) > 0))
        {
            var results = Loop(outside, Direction.Backward, stack, handed, sums: Number(2)).Results;
            handed = results.Skip(1).FirstOrDefault();
            Nodes(outside, Number(4));
        }

        return _graph.Build([.. outside.Readable.Take(1 + Number(2)), .. forward.Select(stack => stack.Result!), .. handed is null ? Array.Empty<Value>() : [handed]]);
    }

    private Stack Forward(Part outside, string name)
    {
        var stack = new Stack(name, 1 + Number(3), [], null);
        var loop = Loop(outside, Direction.Forward, stack, null, sums: 0);
        Nodes(outside, Number(3));
        return stack with { Computed = loop.Computed, Result = loop.Results[0] };
    }

    // What a loop that reverses this one may read is all but the next carry, which is the carry of the next layer.
    private (IReadOnlyList<Value> Results, IReadOnlyList<Value> Computed) Loop(Part outside, Direction direction, Stack stack, Value? handed, int sums)
    {
        // A value that is read by nothing else, nor part of another.
        var entering = handed;
        if (entering is null)
        {
            entering = outside.Map(Fusion.Activate(Activations.Of(Activation.Relu)), Pick(outside.Readable));
            outside.Readable.Remove(entering);
        }

        Value[] zeros = [.. Enumerable.Range(0, sums).Select(_ => outside.Apply(new Zeros((entering.Type.Shape[0].IsOfSource ? OfKind(outside, entering) : Pick(outside.Readable)).Type)))];
        var builder = new GraphBuilder();
        Value[] carries = [.. zeros.Prepend(entering).Select(value => builder.Input("Carry", value.Type))];
        var readable = stack.Computed.Concat(outside.Readable);
        var body = new Part(builder, outside.Indices, [.. entering.Type.Shape[0].IsOfSource ? readable.Where(value => value.Type.Shape[0].IsOfSource) : readable]);
        body.Readable.Add(carries[0]);
        Nodes(body, Number(8));

        // A sum is read where it grows, and nowhere else.
        Value[] grown = [.. carries.Skip(1).Select(sum => builder.Add(new Map(Fusion.Add), "Sum", [Project(body, OfKind(body, sum), sum.Type.Width), sum]))];
        var changed = Number(2) == 0 ? carries[0] : Project(body, OfKind(body, carries[0]), carries[0].Type.Width);
        var next = changed == carries[0] || Number(2) == 0
            ? builder.Add(new Map(Fusion.Activate(Activations.Of(Activation.Relu))), "Next", [changed])
            : builder.Add(new Map(Fusion.Add), "Next", [changed, carries[0]]);

        var results = outside.Apply(new Repeat(builder.Build([next, .. grown]), stack.Layers, direction, stack.Name), [.. carries.Select((_, number) => $"Result{number}")], [entering, .. zeros]);
        outside.Readable.Add(results[0]);
        return (results, [.. body.Readable.Except(stack.Computed).Except(outside.Readable)]);
    }

    private Value OfKind(Part part, Value like) => Pick(part.Readable.Where(value => value.Type.Shape[0] == like.Type.Shape[0]).ToList());

    private void Loss(Part part)
    {
        var x = OfKind(part, part.Indices.OfRows);
        var weight = Parameter(part, 1 + Number(MostColumns), x.Type.Width, out var parameter);
        var results = part.Apply(new HeadLoss(ChunkRows: 4, HasBias: false, SoftCap: 0, TrainsBias: false), ["Losses", "Gradient", "WeightGradient"], x, weight, part.Indices.OfRows);
        part.Graph.AddGradient(parameter, results[2]);
        part.Add(results[1]);
    }

    private void Nodes(Part part, int count)
    {
        for (var node = 0; node < count; node++)
            Node(part);
    }

    private void Node(Part part)
    {
        var x = Pick(part.Readable);
        var (width, same) = (x.Type.Width, part.Readable.Where(value => value.Type == x.Type).ToList());
        switch (Number(11))
        {
            case 0:
                part.Add(part.Map(Fusion.Activate(Activations.Of(Activation.Silu)), x));
                break;

            case 1 or 2:
                part.Add(part.Apply(new Map(Fusion.Add), x, Pick(same)));
                break;

            case 3:
                part.Add(part.Apply(new Map(Fusion.AddBias), x, Parameter(part, width)));
                break;

            case 4:
                part.Add(Project(part, x, 1 + Number(MostColumns)));
                break;

            case 5:
                var norm = Norm(part, x);
                part.Add(norm[0]);
                part.Readable.Add(norm[1]);
                break;

            case 6 when width % 2 == 0:
                part.Add(part.Apply(new Gate(Activations.Of(Activation.Silu), Fusion.Identity), x));
                break;

            case 7 when width > 1 && part.IsWhole(x):
                var left = 1 + Number(width - 1);
                part.Split(x, left);
                break;

            case 8:
                Turn(part);
                break;

            case 9 when part.Own.Count > 1:
                Value[] columns = [.. part.Own.Skip(Number(part.Own.Count - 1)).Take(2 + Number(2))];
                part.Concat([.. columns.Where(column => column.Type.Shape[0] == columns[0].Type.Shape[0])]);
                break;

            case 10:
                Attend(part);
                break;
        }
    }

    // From one kind of rows to the other, or to its own.
    private void Attend(Part part)
    {
        var (query, source) = (Pick(part.Readable), Pick(part.Readable));
        var (key, value) = (Project(part, source, HeadSize), Project(part, source, HeadSize));
        var attention = part.Apply(new Attention(new(2, 1, HeadSize, 1) { Mask = AttentionMask.All }), ["Attended", "LogSumExp"], Project(part, query, 2 * HeadSize), key, value);
        part.Add(attention[0]);
        part.Readable.Add(attention[1]);
    }

    // Queries and keys: columns of one tensor, or tensors of their own.
    private void Turn(Part part)
    {
        var (heads, keyValueHeads) = (1 + Number(3), 1 + Number(2));
        var (queries, keys) = (heads * HeadSize, keyValueHeads * HeadSize);
        var x = Pick(part.Readable);
        IReadOnlyList<Value> operands = Number(2) == 0
            ? part.Apply(new Split(new([queries, keys, 3]), InterleavedHeads: 0), ["Query", "Key", "Value"], Project(part, x, queries + keys + 3))
            : [Project(part, x, queries), Project(part, x, keys)];
        var turned = part.Apply(new Rotate(new(heads, keyValueHeads, HeadSize, HeadSize, RotaryLayout.HalfSplit, InterleavesHeads: false), Direction.Forward), ["TurnedQuery", "TurnedKey"], operands[0], operands[1], part.Indices.Of(x));
        if (operands.Count == 3)
            part.AddColumns([.. turned, operands[2]]);
        else
            part.AddTurned(turned);
    }

    private Value Lookup(Part part, Value indices, int width) => part.Apply(new Embed(1, Fusion.Identity), indices, Parameter(part, 5, width, out _));

    private Value Project(Part part, Value x, int width) => part.Apply(new MatMul(), x, Parameter(part, x.Type.Width, width, out _));

    private IReadOnlyList<Value> Norm(Part part, Value x) =>
        part.Apply(new Normalize(NormalizationKind.RmsNorm, 1, HasBias: false, UnitOffset: false, Groups: 1), ["Normed", "Statistics"], x, Parameter(part, x.Type.Width));

    private Value Parameter(Part part, int width) => part.Graph.Parameter(new($"Vector{_parameters}", $"vector.{_parameters++}", new([width]), Segment.Layer, true, 0, 1), NumberFormat.FP32);

    private Value Parameter(Part part, int rows, int columns, out ParameterSpec parameter)
    {
        parameter = new($"Matrix{_parameters}", $"matrix.{_parameters++}", new([rows, columns]), Segment.Layer, true, 0, 1);
        return part.Graph.Parameter(parameter, NumberFormat.FP32);
    }

    private T Pick<T>(IReadOnlyList<T> values) => values[values.Count - 1 - Number(values.Count)];

    // 0 at the end of the list: the simplest choice.
    private int Number(int end) => _next < _numbers.Count ? _numbers[_next++] % end : 0;

    /// <summary>Indices of both kinds of rows.</summary>
    private sealed record Indices(Value OfRows, Value OfSource)
    {
        public Value Of(Value like) => like.Type.Shape[0].IsOfSource ? OfSource : OfRows;
    }

    /// <summary>Layers, what a loop through them computed, and what it ended in.</summary>
    private sealed record Stack(string Name, int Layers, IReadOnlyList<Value> Computed, Value? Result);

    /// <summary>A graph, or a loop's body, that grows.</summary>
    private sealed class Part(GraphBuilder graph, Indices indices, IReadOnlyList<Value> readable)
    {
        private readonly HashSet<Value> _turned = [];
        private readonly HashSet<Value> _cut = [];

        public GraphBuilder Graph => graph;

        public Indices Indices => indices;

        /// <summary>What a node may read.</summary>
        public List<Value> Readable { get; } = [.. readable];

        /// <summary>What is computed here and no part of anything yet.</summary>
        public List<Value> Own { get; } = [];

        public bool IsWhole(Value value) => _cut.Contains(value) || (Own.Contains(value) && !_turned.Contains(value));

        public Value Apply(Op op, params IReadOnlyList<Value> inputs) => graph.Add(op, op.GetType().Name, inputs);

        public IReadOnlyList<Value> Apply(Op op, IReadOnlyList<string> names, params IReadOnlyList<Value> inputs) => graph.Add(op, op.GetType().Name, inputs, names);

        public Value Map(Fusion fusion, Value x) => Apply(new Map(fusion), x);

        public void Add(Value value)
        {
            Readable.Add(value);
            Own.Add(value);
        }

        public void AddColumns(IReadOnlyList<Value> values) => Readable.AddRange(values);

        /// <summary>Turned tensors: they may become columns, but are not cut.</summary>
        public void AddTurned(IReadOnlyList<Value> values)
        {
            foreach (var value in values)
                Add(value);

            _turned.UnionWith(values);
        }

        /// <summary>Cuts a tensor, once more perhaps; it is no column of another then.</summary>
        public void Split(Value value, int left)
        {
            Own.Remove(value);
            _cut.Add(value);
            AddColumns(Apply(new Split(new([left, value.Type.Width - left]), InterleavedHeads: 0), ["Left", "Right"], value));
        }

        public void Concat(IReadOnlyList<Value> columns)
        {
            Own.RemoveAll(columns.Contains);
            Readable.Add(Apply(new Concat(new(columns.Select(column => column.Type.Width)), InterleavedHeads: 0), columns));
        }
    }
}

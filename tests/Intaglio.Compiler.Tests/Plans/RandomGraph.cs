using CsCheck;

namespace Intaglio.Compiler.Tests.Plans;

/// <summary>
/// Graphs as no model has them: chains, diamonds, columns apart and together, rotations in place, gates, a loss in chunks, loops whose carry runs through or is
/// kept for a loop back that reads whatever it likes of the loop that it reverses. Made of a list of numbers, so that a shorter list is a smaller graph.
/// What builders of graphs keep to is kept to here: columns are not cut again and belong to one tensor, what is turned is not read under its old name, what enters
/// a loop as its carry is read there alone, and no carry is part of another tensor.
/// </summary>
internal sealed class RandomGraph
{
    private const int HeadSize = 2;
    private const int MostColumns = 12;

    private static readonly TensorType Indices = TensorType.Indices(Dimension.Rows);

    private readonly GraphBuilder _graph = new();
    private readonly IReadOnlyList<int> _numbers;
    private int _next;
    private int _parameters;

    private RandomGraph(IReadOnlyList<int> numbers) => _numbers = numbers;

    /// <summary>Graphs of up to some dozens of nodes.</summary>
    public static Gen<Graph> All { get; } = Gen.Int[0, 1000].Array[1, 120].Select(numbers => new RandomGraph(numbers).Build());

    private Graph Build()
    {
        var outside = new Part(_graph, _graph.Input("Indices", Indices), []);
        outside.Add(Lookup(outside, 1 + Number(MostColumns)));
        outside.Add(Lookup(outside, 1 + Number(MostColumns)));
        Nodes(outside, Number(5));

        var keeps = Number(3) > 0;
        var layers = 1 + Number(3);
        var forward = Loop(outside, Direction.Forward, layers, []);
        Nodes(outside, Number(5));
        if (Number(3) == 0)
            Loop(outside, Direction.Forward, 1 + Number(3), []);

        if (Number(2) == 0)
            Loss(outside);

        Nodes(outside, Number(5));
        if (keeps)
        {
            Loop(outside, Direction.Backward, layers, forward);
            Nodes(outside, Number(4));
        }

        return _graph.Build([.. outside.Readable.Take(1 + Number(2))]);
    }

    /// <returns>What a loop that reverses this one may read: all but the next carry, which is the carry of the next layer.</returns>
    private List<Value> Loop(Part outside, Direction direction, int layers, IReadOnlyList<Value> reversed)
    {
        // A value that is read by nothing else, nor part of another.
        var entering = outside.Map(Fusion.Activate(Activations.Of(Activation.Relu)), Pick(outside.Readable));
        outside.Readable.Remove(entering);

        var builder = new GraphBuilder();
        var carry = builder.Input("Carry", entering.Type);
        var body = new Part(builder, builder.Input("LayerIndices", Indices), reversed);
        body.Readable.Add(carry);
        Nodes(body, Number(8));
        // The next carry takes the place of the carry, so no product may compute it from that: a norm is between them, as in a transformer.
        var changed = Number(2) == 0 ? carry : Project(body, Norm(body, Pick(body.Readable))[0], carry.Type.Width);
        var next = changed == carry || Number(2) == 0
            ? builder.Add(new Map(Fusion.Activate(Activations.Of(Activation.Relu))), "Next", [changed])
            : builder.Add(new Map(Fusion.Add), "Next", [changed, carry]);

        outside.Readable.Add(outside.Apply(new Repeat(builder.Build(next), layers, direction), entering, outside.Indices));
        return [.. body.Readable.Except(reversed)];
    }

    private void Loss(Part part)
    {
        var x = Pick(part.Readable);
        var weight = Parameter(part, 1 + Number(MostColumns), x.Type.Width, out var parameter);
        var results = part.Apply(new HeadLoss(ChunkRows: 4, HasGradient: true), ["Losses", "Gradient", "WeightGradient"], x, weight, part.Indices);
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
        switch (Number(10))
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
                part.Concat(columns);
                break;
        }
    }

    // Queries and keys: columns of one tensor, or tensors of their own.
    private void Turn(Part part)
    {
        var (heads, keyValueHeads) = (1 + Number(3), 1 + Number(2));
        var (queries, keys) = (heads * HeadSize, keyValueHeads * HeadSize);
        var x = Pick(part.Readable);
        IReadOnlyList<Value> operands = Number(2) == 0
            ? part.Apply(new Split(new([queries, keys, 3])), ["Query", "Key", "Value"], Project(part, x, queries + keys + 3))
            : [Project(part, x, queries), Project(part, x, keys)];
        var turned = part.Apply(new Rotate(new(heads, keyValueHeads, HeadSize, RotaryLayout.HalfSplit), Direction.Forward), ["TurnedQuery", "TurnedKey"], operands[0], operands[1], part.Indices);
        if (operands.Count == 3)
            part.AddColumns([.. turned, operands[2]]);
        else
            part.AddTurned(turned);
    }

    private Value Lookup(Part part, int width) => part.Apply(new Embed(1, Fusion.Identity), part.Indices, Parameter(part, 5, width, out _));

    private Value Project(Part part, Value x, int width) => part.Apply(new MatMul(), x, Parameter(part, x.Type.Width, width, out _));

    private IReadOnlyList<Value> Norm(Part part, Value x) =>
        part.Apply(new Normalize(NormalizationKind.RmsNorm, 1, HasBias: false), ["Normed", "Statistics"], x, Parameter(part, x.Type.Width));

    private Value Parameter(Part part, int width) => part.Graph.Parameter(new($"Vector{_parameters}", $"vector.{_parameters++}", new([width]), Segment.Layer, true, 0, 1), NumberFormat.FP32);

    private Value Parameter(Part part, int rows, int columns, out ParameterSpec parameter)
    {
        parameter = new($"Matrix{_parameters}", $"matrix.{_parameters++}", new([rows, columns]), Segment.Layer, true, 0, 1);
        return part.Graph.Parameter(parameter, NumberFormat.FP32);
    }

    private T Pick<T>(IReadOnlyList<T> values) => values[values.Count - 1 - Number(values.Count)];

    // 0 at the end of the list: the simplest choice.
    private int Number(int end) => _next < _numbers.Count ? _numbers[_next++] % end : 0;

    /// <summary>A graph, or a loop's body, that grows.</summary>
    private sealed class Part(GraphBuilder graph, Value indices, IReadOnlyList<Value> reversed)
    {
        private readonly HashSet<Value> _turned = [];
        private readonly HashSet<Value> _cut = [];

        public GraphBuilder Graph => graph;

        public Value Indices => indices;

        /// <summary>What a node may read.</summary>
        public List<Value> Readable { get; } = [.. reversed];

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
            AddColumns(Apply(new Split(new([left, value.Type.Width - left])), ["Left", "Right"], value));
        }

        public void Concat(IReadOnlyList<Value> columns)
        {
            Own.RemoveAll(columns.Contains);
            Readable.Add(Apply(new Concat(new(columns.Select(column => column.Type.Width))), columns));
        }
    }
}

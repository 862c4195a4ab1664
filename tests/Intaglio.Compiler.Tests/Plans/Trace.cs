namespace Intaglio.Compiler.Tests.Plans;

/// <summary>A tensor of one layer. Parts of a wider tensor count as the wider one, and a loop's carry as one tensor between two layers, whatever it is called there.</summary>
internal readonly record struct Tenant(Value Value, int Layer);

/// <summary>What a node reads or writes: a tensor, or some of its columns.</summary>
internal sealed record Access(Value Value, int Layer, Tenant Tenant, IReadOnlyList<int> Columns);

/// <summary>One node in one layer.</summary>
internal sealed record Event(Node Node, int Layer, IReadOnlyList<Access> Reads, IReadOnlyList<Access> Writes);

/// <summary>A graph as it runs, loops unrolled: who reads and writes what, in order. Parameters, indices, tables, gradients of parameters and losses are not in the arena, and left out.</summary>
internal sealed class Trace
{
    private const int NoLayer = -1;

    private readonly HashSet<Value> _elsewhere = [];
    private readonly HashSet<Value> _aroundLoops = [];
    private readonly Dictionary<Value, (Value Whole, IReadOnlyList<int> Columns)> _parts = [];
    private readonly Dictionary<Value, Func<int, Tenant>> _carries = [];
    private readonly List<(Value Operand, Value Result)> _inPlace = [];
    private readonly List<Event> _events = [];

    public Trace(Graph graph)
    {
        _aroundLoops.UnionWith(graph.Nodes.SelectMany(node => node.Outputs));
        foreach (var part in graph.WithBodies())
        {
            _elsewhere.UnionWith(part.Inputs.Where(input => input.Type.IsIndex));
            _elsewhere.UnionWith(part.ParameterGradients.Select(pair => pair.Gradient));
            foreach (var node in part.Nodes)
                Note(node);
        }

        // A result in its operand's place is the same columns of whichever tensor one of the two is a part of.
        foreach (var (operand, result) in _inPlace)
        {
            if (_parts.TryGetValue(operand, out var columns))
                _parts[result] = columns;
            else
                _parts[operand] = _parts.TryGetValue(result, out columns) ? columns : (result, All(result));
        }

        Unroll(graph, NoLayer);
    }

    public IReadOnlyList<Event> Events => _events;

    /// <summary>The event after which each tensor is read no more.</summary>
    public Dictionary<Tenant, int> LastReads() => Indexed(item => item.Reads.Concat(item.Writes)).ToDictionary(group => group.Key, group => group.Max());

    /// <summary>The event that first writes each tensor.</summary>
    public Dictionary<Tenant, int> FirstWrites() => Indexed(item => item.Writes).ToDictionary(group => group.Key, group => group.Min());

    private IEnumerable<IGrouping<Tenant, int>> Indexed(Func<Event, IEnumerable<Access>> of) =>
        _events.SelectMany((item, index) => of(item).Select(access => (access.Tenant, index))).GroupBy(pair => pair.Tenant, pair => pair.index);

    private void Note(Node node)
    {
        switch (node.Op)
        {
            case ParameterOp or PositionTable or ExpandCachedBias or ILoss:
                _elsewhere.Add(node.Output);
                break;

            case Split op:
                Columns(node.Inputs[0], node.Outputs, op.InterleavedHeads);
                break;

            case Concat op:
                Columns(node.Output, node.Inputs, op.InterleavedHeads);
                break;

            case Rotate:
                _inPlace.AddRange(node.Inputs.Zip(node.Outputs));
                break;

            case Repeat loop:
                for (var carry = 0; carry < node.Inputs.Count; carry++)
                    Carry(loop, node.Inputs[carry], loop.Body.Inputs[carry], loop.Body.Outputs[carry], node.Outputs[carry]);

                break;
        }
    }

    // Numbered by its place between layers: 0 before the first, Count after the last. What leaves one loop may enter another.
    private void Carry(Repeat loop, Value before, Value entering, Value leaving, Value after)
    {
        var forward = loop.Direction == Direction.Forward;
        var first = forward ? 0 : loop.Count;
        var entered = _carries.TryGetValue(before, out var left) ? left(NoLayer) : new(before, first);
        Tenant At(int place) => place == first ? entered : new(before, place);
        _carries[before] = _ => entered;
        _carries[entering] = layer => At(forward ? layer : layer + 1);
        _carries[leaving] = layer => At(forward ? layer + 1 : layer);
        _carries[after] = _ => At(forward ? loop.Count : 0);
    }

    // One part after another, or their heads in turns.
    private void Columns(Value whole, IReadOnlyList<Value> parts, int interleavedHeads)
    {
        var column = 0;
        var columns = parts.Select(_ => new List<int>()).ToList();
        for (var turn = 0; turn < Math.Max(interleavedHeads, 1); turn++)
        {
            for (var part = 0; part < parts.Count; part++)
            {
                var width = parts[part].Type.Width / Math.Max(interleavedHeads, 1);
                columns[part].AddRange(Enumerable.Range(column, width));
                column += width;
            }
        }

        for (var part = 0; part < parts.Count; part++)
            _parts[parts[part]] = (whole, columns[part]);
    }

    private static IReadOnlyList<int> All(Value value) => [.. Enumerable.Range(0, value.Type.Width)];

    private void Unroll(Graph graph, int layer)
    {
        foreach (var node in graph.Nodes)
        {
            if (node.Op is Repeat loop)
            {
                for (var i = 0; i < loop.Count; i++)
                    Unroll(loop.Body, loop.Direction == Direction.Forward ? i : loop.Count - 1 - i);
            }
            else if (node.Op is not (ParameterOp or PositionTable or ExpandCachedBias or Split or Concat))
            {
                _events.Add(new(node, layer, Accesses(node.Inputs, layer), Accesses(node.Outputs, layer)));
            }
        }
    }

    private IReadOnlyList<Access> Accesses(IEnumerable<Value> values, int layer) => [.. values.Where(value => !_elsewhere.Contains(value)).Select(value =>
    {
        var (whole, columns) = _parts.TryGetValue(value, out var part) ? part : (value, All(value));
        return new Access(value, layer, _carries.TryGetValue(whole, out var carry) ? carry(layer) : new(whole, _aroundLoops.Contains(whole) ? NoLayer : layer), columns);
    })];
}

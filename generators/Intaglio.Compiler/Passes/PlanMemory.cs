namespace Intaglio.Compiler.Passes;

/// <summary>
/// Gives every value a place. Values that a backward pass reads are kept at a layer stride; what the backward pass of a layer needs for itself goes where the
/// layer's saved values are already dead, as far as it fits. The others share what is free, first fit, the largest first. An elementwise result may take the
/// place of an operand that ends there, and a loop's carry keeps one place.
/// </summary>
internal sealed class PlanMemory
{
    private readonly Schedule _schedule;
    private readonly Lifetimes _lifetimes;
    private readonly Dictionary<Value, Location> _locations = [];
    private readonly Dictionary<Value, SharedPlace> _groups = [];
    private readonly HashSet<string> _names = [];

    private PlanMemory(Schedule schedule) => (_schedule, _lifetimes) = (schedule, new(schedule));

    public static MemoryPlan Run(Graph graph) => new PlanMemory(new Schedule(graph)).Plan(graph);

    private MemoryPlan Plan(Graph graph)
    {
        PlaceOutsideArena(graph);
        var forward = _schedule.Loops.FirstOrDefault(loop => loop.Repeat.Direction == Direction.Forward);
        var keeps = _schedule.Loops.Any(loop => loop.Repeat.Direction == Direction.Backward);
        var saved = keeps ? PlaceSaved(forward!) : [];
        var savedBytes = saved.Sum(Bytes);
        var carryBytes = keeps ? Bytes(forward!.Carry[0]) : 0;

        GroupTemporaries(keeps ? forward : null);
        ShareCarries(keeps ? forward : null);
        ShareInPlace();

        var loss = _schedule.Steps.ToList().FindIndex(node => node.Op is HeadLoss);
        var all = _groups.Values.Distinct().OrderByDescending(group => group.Width).ThenBy(group => group.Start).ToList();
        if (keeps)
            PlaceAmongDead(saved, all);

        var groups = all.Where(group => group.Space == Space.Temporary).ToList();
        PlaceFirstFit([.. groups.OrderBy(group => group.Covers(loss) ? 0 : 1).ThenByDescending(group => group.Width).ThenBy(group => group.Start)]);
        NameTemporaries();

        var head = loss < 0 ? null : (HeadLoss)_schedule.Steps[loss].Op;
        var live = Enumerable.Range(0, _schedule.Steps.Count).ToDictionary(step => step, step => Live(step, saved, savedBytes, carryBytes, forward));
        return new()
        {
            Locations = _locations,
            Schedule = _schedule,
            TemporaryBytesPerRow = groups.Select(group => group.End).DefaultIfEmpty(0).Max(),
            BytesPerRowBelowLogits = groups.Where(group => group.Covers(loss)).Select(group => group.End).DefaultIfEmpty(0).Max(),
            LogitsBytesPerRow = head is null ? 0 : _schedule.Steps[loss].Inputs[1].Type.Shape[0].Size * (long)sizeof(float),
            ChunkRows = head?.ChunkRows ?? 0,
            SavedBytesPerRow = savedBytes,
            CarryBytesPerRow = carryBytes,
            Layers = forward?.Repeat.Count ?? 0,
            LiveBytesPerRow = live.Where(pair => pair.Key != loss).Max(pair => pair.Value),
            LiveBytesPerRowAtLoss = loss < 0 ? 0 : live[loss],
        };
    }

    private void PlaceOutsideArena(Graph graph)
    {
        foreach (var part in graph.WithBodies())
        {
            foreach (var input in part.Inputs.Where(input => input.Type.IsIndex))
                _locations[input] = new(Space.Batch, input.Name, 0, input.Type);

            foreach (var node in part.Nodes.Where(node => node.Op is ParameterOp))
                _locations[node.Output] = new(Space.Weights, ((ParameterOp)node.Op).Parameter.Name, 0, node.Output.Type);

            foreach (var pair in part.ParameterGradients)
                _locations[pair.Gradient] = new(Space.Gradients, pair.Parameter.Name, 0, pair.Gradient.Type);
        }

        foreach (var loss in _schedule.Steps.Where(node => node.Op is HeadLoss))
            _locations[loss.Output] = new(Space.Batch, "Losses", 0, loss.Output.Type);
    }

    // The carry of each layer, and whatever else of a layer's forward pass its backward pass reads.
    private List<Value> PlaceSaved(Schedule.Loop forward)
    {
        var body = forward.Repeat.Body;
        var carry = body.Inputs[0];
        var saved = new List<Value> { carry };
        foreach (var value in body.Nodes.SelectMany(node => node.Outputs).Where(value => !_locations.ContainsKey(value) && value != body.Outputs[0]))
        {
            var whole = _lifetimes.Whole(value);
            if (_schedule.LastRead(value) > forward.End && !saved.Contains(whole))
                saved.Add(whole);
        }

        var offset = 0L;
        foreach (var value in saved)
        {
            Locate(value, Space.Saved, Unique(value.Name), offset);
            offset += Bytes(value);
        }

        foreach (var name in forward.Carry)
            _locations[name] = _locations[carry];

        return saved;
    }

    private void GroupTemporaries(Schedule.Loop? saving)
    {
        var values = _schedule.Steps.SelectMany(node => node.Outputs).Concat(_schedule.Loops.Where(loop => loop != saving).SelectMany(loop => loop.Carry)).Distinct();
        foreach (var value in values.Where(value => !_locations.ContainsKey(value) && _lifetimes.Whole(value) == value))
            _groups[value] = new([value], Bytes(value), _lifetimes.FirstWritten(value), _lifetimes.LastRead(value));
    }

    private void ShareCarries(Schedule.Loop? saving)
    {
        foreach (var loop in _schedule.Loops.Where(loop => loop != saving))
        {
            var (inside, outside) = (loop.Carry[1], loop.Carry[2]);
            var last = _schedule.LastRead(inside);
            if (last > _schedule.Defined(outside) || (last == _schedule.Defined(outside) && !IsElementwiseOperand(_schedule.Steps[last], inside)))
                throw new InvalidOperationException($"{inside} is still read when the loop's next carry is written.");

            foreach (var value in loop.Carry.Skip(1))
                Join(_groups[loop.Carry[0]], _groups[value]);
        }
    }

    private void ShareInPlace()
    {
        for (var step = 0; step < _schedule.Steps.Count; step++)
        {
            var node = _schedule.Steps[step];
            if (!_groups.TryGetValue(node.Output, out var result))
                continue;

            var operand = node.Inputs.FirstOrDefault(input =>
                IsElementwiseOperand(node, input) && _schedule.LastRead(input) == step && _groups.TryGetValue(input, out var group) && group != result && group.Width == result.Width);
            if (operand is not null && CanShare(_groups[operand], result))
                Join(_groups[operand], result);
        }
    }

    // Each value of one group ends before each of the other begins, or where a step reads one and writes the other element by element.
    private bool CanShare(SharedPlace first, SharedPlace second) =>
        first.Values.All(a => second.Values.All(b =>
        {
            var (early, late) = _lifetimes.FirstWritten(a) <= _lifetimes.FirstWritten(b) ? (a, b) : (b, a);
            var (end, start) = (_lifetimes.LastRead(early), _lifetimes.FirstWritten(late));
            return end < start || (end == start && IsElementwiseOperand(_schedule.Steps[start], early));
        }));

    // Read where the result is written, by the node's own elementwise part alone: a product that reads columns of the same tensor reads them elsewhere.
    private bool IsElementwiseOperand(Node node, Value value)
    {
        if (node.Inputs.Any(input => input != value && _lifetimes.Whole(input) == _lifetimes.Whole(value)))
            return false;

        return node.Op is IFusing { Fusion.HasFull: true } fusing && fusing.Operands(node).Last() == value
            ? node.Inputs.Count(input => input == value) == 1
            : node.Op is Map && node.Inputs[0] == value;
    }

    private void Join(SharedPlace group, SharedPlace other)
    {
        if (group == other)
            return;

        group.Absorb(other);
        foreach (var value in other.Values)
            _groups[value] = group;
    }

    // A group that lives within the backward pass of a layer may lie over saved values of that layer that nothing reads any more.
    private void PlaceAmongDead(List<Value> saved, IReadOnlyList<SharedPlace> groups)
    {
        var backward = _schedule.Loops.Single(loop => loop.Repeat.Direction == Direction.Backward);
        var occupied = saved.Select(value => new SharedPlace([value], Bytes(value), _lifetimes.FirstWritten(value), _lifetimes.LastRead(value)) { Offset = _locations[value].BytesPerRow }).ToList();
        var end = occupied.Max(group => group.End);
        foreach (var group in groups.Where(group => group.LivesWithin(backward.Start, backward.End) && !group.Values.Intersect(backward.Carry).Any()))
        {
            if (group.FirstFit(occupied, end) is not { } offset)
                continue;

            (group.Space, group.Offset) = (Space.Saved, offset);
            occupied.Add(group);
        }
    }

    private static void PlaceFirstFit(IReadOnlyList<SharedPlace> groups)
    {
        var placed = new List<SharedPlace>();
        foreach (var group in groups)
        {
            group.Offset = group.FirstFit(placed, long.MaxValue)!.Value;
            placed.Add(group);
        }
    }

    private void NameTemporaries()
    {
        foreach (var pair in _groups.OrderBy(pair => _schedule.Defined(pair.Key)))
        {
            var (space, offset) = (pair.Value.Space, pair.Value.Offset);
            var name = _locations.Values.FirstOrDefault(other => other.Space == space && other.Name == pair.Key.Name && other.BytesPerRow == offset)?.Name ?? Unique(pair.Key.Name);
            Locate(pair.Key, space, name, offset);
        }
    }

    private void Locate(Value value, Space space, string name, long offset)
    {
        _locations[value] = new(space, name, offset, value.Type);
        foreach (var part in _lifetimes.PartsOf(value))
            _locations[part.Value] = new(space, Unique(part.Value.Name), offset, part.Value.Type, part.Column * sizeof(float));
    }

    private string Unique(string name)
    {
        var unique = name;
        for (var number = 2; !_names.Add(unique); number++)
            unique = name + Literal.Plain(number);

        return unique;
    }

    private long Live(int step, List<Value> saved, long savedBytes, long carryBytes, Schedule.Loop? forward)
    {
        var temporaries = _groups.Values.Distinct().Where(group => group.Values.Any(value => _lifetimes.IsAlive(value, step))).Sum(group => group.Width);
        if (savedBytes == 0 || step < forward!.Start)
            return temporaries + (savedBytes == 0 ? 0 : carryBytes);

        // The last layer's: all others' are complete.
        var topLayer = saved.Where(value => _lifetimes.IsAlive(value, step)).Sum(Bytes);
        var last = step <= _schedule.LastRead(forward.Node.Output) && step >= _schedule.Defined(forward.Carry[2]) ? carryBytes : 0;
        return temporaries + topLayer + last + ((forward.Repeat.Count - 1) * savedBytes);
    }

    private static long Bytes(Value value) => value.Type.Width * (long)sizeof(float);
}

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
    private readonly HashSet<(string Stack, string Name)> _names = [];

    private PlanMemory(Schedule schedule) => (_schedule, _lifetimes) = (schedule, new(schedule));

    public static MemoryPlan Run(Graph graph) => new PlanMemory(new Schedule(graph)).Plan(graph);

    private MemoryPlan Plan(Graph graph)
    {
        PlaceOutsideArena(graph);
        var kept = _schedule.Loops.Where(KeepsLayers).ToDictionary(loop => loop, PlaceSaved);
        GroupTemporaries();
        ShareCarries(kept.Keys);
        ShareInPlace();

        var loss = _schedule.Steps.ToList().FindIndex(node => node.Op is ILoss);
        var all = _groups.Values.Distinct().OrderByDescending(group => group.Width).ThenBy(group => group.Start).ToList();
        foreach (var pair in kept)
            PlaceAmongDead(pair.Key, pair.Value, all);

        var temporary = all.Where(group => group.Space == Space.Temporary).ToList();
        foreach (var ofOneKind in temporary.GroupBy(group => group.IsOfSource))
            PlaceFirstFit([.. ofOneKind.OrderBy(group => group.Covers(loss) ? 0 : 1).ThenByDescending(group => group.Width).ThenBy(group => group.Start)]);

        NameTemporaries();
        var ofRows = temporary.Where(group => !group.IsOfSource).ToList();
        var head = loss < 0 ? null : _schedule.Steps[loss].Op as HeadLoss;
        return new()
        {
            Locations = _locations,
            Schedule = _schedule,
            Lifetimes = _lifetimes,
            Temporary = new(End(ofRows), End(temporary.Where(group => group.IsOfSource))),
            BytesPerRowBelowLogits = End(ofRows.Where(group => group.Covers(loss))),
            LogitsBytesPerRow = head is null ? 0 : _schedule.Steps[loss].Inputs[1].Type.Shape[0].Size * (long)sizeof(float),
            ChunkRows = head?.ChunkRows ?? 0,
            Saved = [.. kept.Select(pair => new SavedLayers(pair.Key.Repeat.Stack, pair.Key.Repeat.Count, Sum(pair.Value), RowBytes.Of(pair.Key.Carry[0])))],
            Live = Largest(Enumerable.Range(0, _schedule.Steps.Count).Where(step => step != loss).Select(step => Live(step, kept))),
            LiveAtLoss = loss < 0 ? default : Live(loss, kept),
        };
    }

    private bool KeepsLayers(Schedule.Loop loop) => loop.Repeat.Direction == Direction.Forward && _schedule.Loops.Any(other => other.Repeat.Direction == Direction.Backward && other.Repeat.Stack == loop.Repeat.Stack);

    private Schedule.Loop BackwardOf(Schedule.Loop forward) => _schedule.Loops.Single(loop => loop.Repeat.Direction == Direction.Backward && loop.Repeat.Stack == forward.Repeat.Stack);

    private void PlaceOutsideArena(Graph graph)
    {
        foreach (var part in graph.WithBodies())
        {
            foreach (var input in part.Inputs.Where(input => input.Type.IsIndex))
                _locations[input] = new(Space.Batch, input.Name, 0, input.Type);

            foreach (var node in part.Nodes)
            {
                if (node.Op is ParameterOp parameter)
                    _locations[node.Output] = new(Space.Weights, parameter.Parameter.Name, 0, node.Output.Type);
                else if (node.Op is PositionTable)
                    _locations[node.Output] = new(Space.Tables, TableLayout.Sinusoids, 0, node.Output.Type);
                else if (node.Op is ExpandCachedBias)
                    _locations[node.Output] = new(Space.Cache, node.Output.Name, 0, node.Output.Type);
                else if (node.Op is ILoss)
                    _locations[node.Output] = new(Space.Batch, "Losses", 0, node.Output.Type);
            }

            foreach (var pair in part.ParameterGradients)
                _locations[pair.Gradient] = new(Space.Gradients, pair.Parameter.Name, 0, pair.Gradient.Type);
        }
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

        foreach (var ofOneKind in saved.GroupBy(value => value.Type.Shape[0].IsOfSource))
        {
            var offset = 0L;
            foreach (var value in ofOneKind)
            {
                Locate(value, Space.Saved, Unique(value.Name, forward.Repeat.Stack), offset, forward.Repeat.Stack);
                offset += Bytes(value);
            }
        }

        foreach (var name in forward.Carry)
            _locations[name] = _locations[carry];

        return saved;
    }

    private void GroupTemporaries()
    {
        var values = _schedule.Steps.SelectMany(node => node.Outputs).Concat(_schedule.Loops.SelectMany(loop => loop.Carries).SelectMany(carry => carry)).Distinct();
        foreach (var value in values.Where(value => !_locations.ContainsKey(value) && _lifetimes.Whole(value) == value))
            _groups[value] = Group(value);
    }

    private SharedPlace Group(Value value) => new([value], Bytes(value), _lifetimes.FirstWritten(value), _lifetimes.LastRead(value)) { IsOfSource = value.Type.Shape[0].IsOfSource };

    private void ShareCarries(IEnumerable<Schedule.Loop> saving)
    {
        foreach (var carry in _schedule.Loops.Except(saving).SelectMany(loop => loop.Carries))
        {
            var (inside, outside) = (carry[1], carry[2]);
            var last = _schedule.LastRead(inside);
            if (last > _schedule.Defined(outside) || (last == _schedule.Defined(outside) && !IsElementwiseOperand(_schedule.Steps[last], inside)))
                throw new InvalidOperationException($"{inside} is still read when the loop's next carry is written.");

            foreach (var value in carry.Skip(1))
                Join(_groups[carry[0]], _groups[value]);
        }
    }

    private void ShareInPlace()
    {
        for (var step = 0; step < _schedule.Steps.Count; step++)
        {
            var node = _schedule.Steps[step];
            if (node.Outputs.Count == 0 || !_groups.TryGetValue(node.Output, out var result))
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
    private bool IsElementwiseOperand(Node node, Value value) =>
        node.ReadsElementwise(value) && !node.Inputs.Any(input => input != value && _lifetimes.Whole(input) == _lifetimes.Whole(value));

    private void Join(SharedPlace group, SharedPlace other)
    {
        if (group == other)
            return;

        group.Absorb(other);
        foreach (var value in other.Values)
            _groups[value] = group;
    }

    // A group that lives within the backward pass of a layer may lie over saved values of that layer that nothing reads any more.
    private void PlaceAmongDead(Schedule.Loop forward, List<Value> saved, IReadOnlyList<SharedPlace> groups)
    {
        var backward = BackwardOf(forward);
        var carried = backward.Carries.SelectMany(carry => carry).ToList();
        foreach (var ofOneKind in saved.GroupBy(value => value.Type.Shape[0].IsOfSource))
        {
            var occupied = ofOneKind.Select(value =>
            {
                var group = Group(value);
                group.Offset = _locations[value].BytesPerRow;
                return group;
            }).ToList();
            var end = End(occupied);
            foreach (var group in groups.Where(group => group.IsOfSource == ofOneKind.Key && group.LivesWithin(backward.Start, backward.End) && !group.Values.Intersect(carried).Any()))
            {
                if (group.FirstFit(occupied, end) is not { } offset)
                    continue;

                (group.Space, group.Stack, group.Offset) = (Space.Saved, forward.Repeat.Stack, offset);
                occupied.Add(group);
            }
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
        // What a loop hands on is called what it is when it enters.
        var entering = _schedule.Loops.SelectMany(loop => loop.Carries).SelectMany(carry => carry.Skip(1).Select(value => (Value: value, Before: carry[0]))).ToLookup(pair => pair.Value, pair => pair.Before);
        foreach (var pair in _groups.OrderBy(pair => _schedule.Defined(pair.Key)))
        {
            var (space, stack, offset) = (pair.Value.Space, pair.Value.Stack, pair.Value.Offset);
            var wanted = (entering[pair.Key].FirstOrDefault() ?? pair.Key).Name;
            var name = _locations.Values.FirstOrDefault(other => (other.Space, other.Stack, other.IsOfSource, other.Name, other.BytesPerRow) == (space, stack, pair.Value.IsOfSource, wanted, offset))?.Name ?? Unique(wanted, stack);
            Locate(pair.Key, space, name, offset, stack);
        }
    }

    private void Locate(Value value, Space space, string name, long offset, string stack)
    {
        _locations[value] = new(space, name, offset, value.Type, Stack: stack);
        foreach (var part in _lifetimes.PartsOf(value))
            _locations[part.Value] = new(space, Unique(part.Value.Name, stack), offset, part.Value.Type, part.Column * sizeof(float), stack);
    }

    private string Unique(string name, string stack)
    {
        var unique = name;
        for (var number = 2; !_names.Add((stack, unique)); number++)
            unique = name + Literal.Plain(number);

        return unique;
    }

    private RowBytes Live(int step, Dictionary<Schedule.Loop, List<Value>> kept)
    {
        var temporaries = _groups.Values.Distinct().Where(group => group.Values.Any(value => _lifetimes.IsAlive(value, step)));
        var live = new RowBytes(temporaries.Where(group => !group.IsOfSource).Sum(group => group.Width), temporaries.Where(group => group.IsOfSource).Sum(group => group.Width));
        foreach (var pair in kept)
            live += LiveOf(pair.Key, pair.Value, step);

        return live;
    }

    // Of what a stack keeps: before its first layer the carry, then the last layer's values and all others', which are complete, until the backward pass is over.
    private RowBytes LiveOf(Schedule.Loop forward, List<Value> saved, int step)
    {
        var carry = RowBytes.Of(forward.Carry[0]);
        if (step < forward.Start)
            return step >= _schedule.Defined(forward.Carry[0]) ? carry : default;

        if (step > BackwardOf(forward).End)
            return default;

        var last = step <= _schedule.LastRead(forward.Node.Output) && step >= _schedule.Defined(forward.Carry[2]) ? carry : default;
        return Sum(saved.Where(value => _lifetimes.IsAlive(value, step))) + last + ((forward.Repeat.Count - 1) * Sum(saved));
    }

    private static IReadOnlyList<RowBytes> Largest(IEnumerable<RowBytes> all)
    {
        var distinct = all.Distinct().ToList();
        return [.. distinct.Where(bytes => !distinct.Any(other => other != bytes && other.Covers(bytes)))];
    }

    private static RowBytes Sum(IEnumerable<Value> values) => values.Aggregate(default(RowBytes), (sum, value) => sum + RowBytes.Of(value));

    private static long End(IEnumerable<SharedPlace> groups) => groups.Select(group => group.End).DefaultIfEmpty(0).Max();

    private static long Bytes(Value value) => value.Type.Width * (long)sizeof(float);
}

namespace Intaglio.Compiler;

/// <summary>When values are computed and last read: the nodes of a graph and of its loops' bodies on one line, each loop's body once.</summary>
internal sealed class Schedule
{
    private readonly Dictionary<Value, int> _defined = [];
    private readonly Dictionary<Value, int> _lastRead = [];
    private readonly HashSet<Value> _aroundLoops = [];
    private readonly List<Node> _steps = [];
    private readonly List<Loop> _loops = [];

    public Schedule(Graph graph)
    {
        _aroundLoops.UnionWith(graph.Inputs);
        foreach (var node in graph.Nodes)
        {
            if (node.Op is Repeat repeat)
                AddLoop(node, repeat);
            else
                AddStep(node);

            _aroundLoops.UnionWith(node.Outputs);
        }

        foreach (var output in graph.Outputs)
            Read(output, _steps.Count);
    }

    /// <summary>All nodes but loops.</summary>
    public IReadOnlyList<Node> Steps => _steps;

    public IReadOnlyList<Loop> Loops => _loops;

    /// <summary>The step that computes the value; -1 for an input of the graph.</summary>
    public int Defined(Value value) => _defined.TryGetValue(value, out var step) ? step : -1;

    /// <summary>The last step that reads the value; the one that computes it where none does.</summary>
    public int LastRead(Value value) => _lastRead.TryGetValue(value, out var step) ? step : Defined(value);

    private void AddLoop(Node node, Repeat repeat)
    {
        var start = _steps.Count;
        foreach (var input in repeat.Body.Inputs)
            _defined[input] = start;

        foreach (var inner in repeat.Body.Nodes)
            AddStep(inner);

        var end = _steps.Count - 1;

        // What is handed over is so before the first step; what is around the loop is read in every pass.
        foreach (var input in node.Inputs)
            Read(input, start - 1);

        foreach (var around in repeat.Body.Nodes.SelectMany(inner => inner.Inputs).Where(_aroundLoops.Contains))
            Read(around, end);

        foreach (var output in repeat.Body.Outputs)
            Read(output, end);

        foreach (var output in node.Outputs)
            _defined[output] = end;

        _loops.Add(new(node, repeat, start, end));
    }

    private void AddStep(Node node)
    {
        foreach (var input in node.Inputs)
            Read(input, _steps.Count);

        foreach (var output in node.Outputs)
            _defined[output] = _steps.Count;

        _steps.Add(node);
    }

    private void Read(Value value, int step) => _lastRead[value] = Math.Max(step, LastRead(value));

    /// <summary>A loop's steps, both ends included.</summary>
    internal sealed record Loop(Node Node, Repeat Repeat, int Start, int End)
    {
        /// <summary>What a layer hands to the next, under four names each: before the loop, in a layer, after a layer, after the loop.</summary>
        public IEnumerable<IReadOnlyList<Value>> Carries => Node.Inputs.Select((before, index) => new[] { before, Repeat.Body.Inputs[index], Repeat.Body.Outputs[index], Node.Outputs[index] });

        /// <summary>The hidden state, or its gradient.</summary>
        public IReadOnlyList<Value> Carry => Carries.First();
    }
}

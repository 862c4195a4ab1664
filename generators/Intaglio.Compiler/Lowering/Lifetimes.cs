namespace Intaglio.Compiler;

/// <summary>
/// When the memory of a value is in use. Columns of a wider tensor lie inside it, so the whole lives from the first part's writing to the last part's reading.
/// </summary>
internal sealed class Lifetimes
{
    private readonly Schedule _schedule;
    private readonly Dictionary<Value, List<(Value Value, int Column)>> _parts = [];

    public Lifetimes(Schedule schedule)
    {
        _schedule = schedule;
        foreach (var node in schedule.Steps)
        {
            if (node.Op is Split split)
                AddParts(node.Inputs[0], node.Outputs, split.InterleavedHeads);
            else if (node.Op is Concat concat)
                AddParts(node.Output, node.Inputs, concat.InterleavedHeads);
        }

        foreach (var node in schedule.Steps.Where(node => node.Op is Rotate))
        {
            AddInPlace(node.Inputs[0], node.Outputs[0]);
            AddInPlace(node.Inputs[1], node.Outputs[1]);
        }
    }

    /// <summary>The values that are columns of this one, and from which column on.</summary>
    public IReadOnlyList<(Value Value, int Column)> PartsOf(Value value) => _parts.TryGetValue(value, out var parts) ? parts : [];

    /// <summary>The tensor that a value is part of: mostly itself.</summary>
    public Value Whole(Value value) => _parts.Where(pair => pair.Value.Any(part => part.Value == value)).Select(pair => pair.Key).FirstOrDefault() ?? value;

    /// <summary>The first step that writes the value or a part of it.</summary>
    public int FirstWritten(Value value) => WithParts(value).Min(_schedule.Defined);

    /// <summary>The last step that reads the value or a part of it.</summary>
    public int LastRead(Value value) => WithParts(value).Max(_schedule.LastRead);

    /// <summary>Whether the value's memory is in use at a step.</summary>
    public bool IsAlive(Value value, int step) => FirstWritten(value) <= step && step <= LastRead(value);

    private IEnumerable<Value> WithParts(Value value) => PartsOf(value).Select(part => part.Value).Append(value);

    // An op's result takes its operand's place; where the result is a part of another tensor, the operand lies there too.
    private void AddInPlace(Value operand, Value result)
    {
        var (old, other) = Whole(operand) != operand || Whole(result) == result ? (operand, result) : (result, operand);
        var whole = Whole(old);
        var column = PartsOf(whole).Where(part => part.Value == old).Select(part => part.Column).FirstOrDefault();
        if (!_parts.ContainsKey(whole))
            _parts[whole] = [];

        _parts[whole].Add((other, column));
    }

    private void AddParts(Value whole, IEnumerable<Value> columns, int interleavedHeads)
    {
        var column = 0;
        if (!_parts.ContainsKey(whole))
            _parts[whole] = [];

        foreach (var part in columns)
        {
            _parts[whole].Add((part, column));
            column += interleavedHeads > 0 ? part.Type.Width / interleavedHeads : part.Type.Width;
        }
    }
}

namespace Intaglio.Compiler.Tests.Plans;

/// <summary>
/// Runs a trace over the arena that a plan lays out. Every 4-byte cell remembers which element was written there last; a read that finds another element is a
/// fault of the plan. An op may write where it reads only element by element.
/// </summary>
internal sealed class PlanReplay
{
    private readonly MemoryPlan _plan;
    private readonly int _rows;
    private readonly bool _keepsLayers;
    private readonly (Tenant Tenant, int Element)?[] _cells;

    private PlanReplay(MemoryPlan plan, int rows, bool keepsLayers)
    {
        (_plan, _rows, _keepsLayers) = (plan, rows, keepsLayers);
        _cells = new (Tenant, int)?[Bytes(plan, rows, keepsLayers) / sizeof(float)];
    }

    public static void Run(Trace trace, MemoryPlan plan, int rows, bool keepsLayers = true)
    {
        var replay = new PlanReplay(plan, rows, keepsLayers);
        foreach (var item in trace.Events)
            replay.Run(item);
    }

    /// <summary>Whether a node writes a result over an operand of the same place rightly: element by element.</summary>
    public static bool IsElementwise(Node node, Value operand) =>
        node.Op switch
        {
            Map or Rotate => true,
            IFusing { Fusion.HasFull: true } => node.Inputs[^1] == operand,
            _ => false,
        }
        && node.Inputs.Count(input => input == operand) == 1;

    /// <summary>The byte at which a tensor of a layer starts.</summary>
    public static long Start(MemoryPlan plan, Tenant tenant, int rows, bool keepsLayers = true)
    {
        // Saved values lie behind all others, layer after layer; a carry with the layer that it enters.
        var location = plan.Locations[tenant.Value];
        var start = location.Space switch
        {
            Space.Temporary => 0,
            Space.Saved => TemporaryBytes(plan, rows) + (keepsLayers ? tenant.Layer * plan.SavedBytesPerRow * rows : 0),
            _ => throw new InvalidOperationException($"{tenant.Value} is not in the arena."),
        };
        return start + (location.BytesPerRow * rows);
    }

    /// <summary>The arena's size: what is shared, with a chunk of logits in it, then the layers' saved values and the last carry.</summary>
    public static long Bytes(MemoryPlan plan, int rows, bool keepsLayers) =>
        TemporaryBytes(plan, rows) + ((keepsLayers ? (plan.Layers * plan.SavedBytesPerRow) + plan.CarryBytesPerRow : plan.SavedBytesPerRow) * rows);

    /// <summary>What the plan says that no plan can go below.</summary>
    public static long LowerBound(MemoryPlan plan, int rows) =>
        Math.Max(plan.LiveBytesPerRow * rows, (plan.LiveBytesPerRowAtLoss * rows) + LogitsBytes(plan, rows));

    public static long LogitsBytes(MemoryPlan plan, int rows) => plan.LogitsBytesPerRow * Math.Min(rows, plan.ChunkRows);

    private static long TemporaryBytes(MemoryPlan plan, int rows) =>
        Math.Max(plan.TemporaryBytesPerRow * rows, (plan.BytesPerRowBelowLogits * rows) + LogitsBytes(plan, rows));

    private void Run(Event item)
    {
        var read = item.Reads.Select(Cells).ToList();
        foreach (var (access, cells) in item.Reads.Zip(read))
            Check(item, access, cells);

        if (item.Node.Op is HeadLoss)
        {
            var start = _plan.BytesPerRowBelowLogits * _rows / sizeof(float);
            Clobber(item, read.SelectMany(cells => cells).ToHashSet(), start, LogitsBytes(_plan, _rows) / sizeof(float));
        }

        foreach (var access in item.Writes)
        {
            var cells = Cells(access);
            foreach (var (operand, operandCells) in item.Reads.Zip(read).Where(pair => pair.Second.Intersect(cells).Any()))
            {
                if (!IsElementwise(item.Node, operand.Value) || !operandCells.SequenceEqual(cells))
                    throw Fault(item, $"writes {access.Value} over its operand {operand.Value}");
            }

            for (var i = 0; i < cells.Length; i++)
                _cells[cells[i]] = (access.Tenant, Element(access, i));
        }

        // What one op writes must be there when it is done, whatever else it writes.
        foreach (var access in item.Writes)
            Check(item, access, Cells(access));
    }

    private void Check(Event item, Access access, long[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (_cells[cells[i]] != (access.Tenant, Element(access, i)))
                throw Fault(item, $"finds {(_cells[cells[i]] is { } found ? $"{found.Tenant.Value} of layer {found.Tenant.Layer}" : "nothing")} where {access.Value} should be");
        }
    }

    private void Clobber(Event item, HashSet<long> read, long start, long count)
    {
        for (var cell = start; cell < start + count; cell++)
        {
            if (read.Contains(cell))
                throw Fault(item, "has its logits over an operand");

            _cells[cell] = null;
        }
    }

    // Row by row: the cells of the columns that the access touches.
    private long[] Cells(Access access)
    {
        var location = _plan.Locations[access.Value];
        var width = access.Tenant.Value.Type.Width;
        var start = (Start(_plan, access.Tenant with { Value = access.Value }, _rows, _keepsLayers) + location.BytesInRow) / sizeof(float);
        return [.. Enumerable.Range(0, _rows).SelectMany(row => Enumerable.Range(0, access.Width).Select(column => start + ((long)row * width) + column))];
    }

    private static int Element(Access access, int i) => ((i / access.Width) * access.Tenant.Value.Type.Width) + access.Column + (i % access.Width);

    private static InvalidOperationException Fault(Event item, string what) => new($"{item.Node.Name} of layer {item.Layer} ({item.Node}) {what}.");
}

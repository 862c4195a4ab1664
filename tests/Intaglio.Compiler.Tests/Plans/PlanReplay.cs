namespace Intaglio.Compiler.Tests.Plans;

/// <summary>
/// Runs a trace over the arena that a plan lays out. Every 4-byte cell remembers which element was written there last; a read that finds another element is a
/// fault of the plan. An op may write where it reads only element by element.
/// </summary>
internal sealed class PlanReplay
{
    private readonly MemoryPlan _plan;
    private readonly Rows _rows;
    private readonly bool _keepsLayers;
    private readonly (Tenant Tenant, int Element)?[] _cells;

    private PlanReplay(MemoryPlan plan, Rows rows, bool keepsLayers)
    {
        (_plan, _rows, _keepsLayers) = (plan, rows, keepsLayers);
        _cells = new (Tenant, int)?[Bytes(plan, rows, keepsLayers) / sizeof(float)];
    }

    public static void Run(Trace trace, MemoryPlan plan, Rows rows, bool keepsLayers = true)
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
    public static long Start(MemoryPlan plan, Tenant tenant, Rows rows, bool keepsLayers = true)
    {
        var location = plan.Locations[tenant.Value];
        var (start, ofRows) = location.Space switch
        {
            Space.Temporary => (0L, TemporaryOfRows(plan, rows)),
            Space.Saved => (SavedStart(plan, location.Stack, rows, keepsLayers) + (keepsLayers ? tenant.Layer * rows.In(SavedOf(plan, location.Stack).Bytes) : 0), rows.In(SavedOf(plan, location.Stack).Bytes with { OfSource = 0 })),
            _ => throw new InvalidOperationException($"{tenant.Value} is not in the arena."),
        };

        // What has a row for each of the source's lies behind the others.
        return start + (location.IsOfSource ? ofRows + (location.BytesPerRow * rows.OfSource) : location.BytesPerRow * rows.OfRows);
    }

    /// <summary>The arena's size: what is shared, with a chunk of logits in it, then each stack's saved values, layer after layer, and its last carry.</summary>
    public static long Bytes(MemoryPlan plan, Rows rows, bool keepsLayers) => TemporaryBytes(plan, rows) + plan.Saved.Sum(saved => Kept(saved, rows, keepsLayers));

    /// <summary>What the plan says that no plan can go below.</summary>
    public static long LowerBound(MemoryPlan plan, Rows rows) =>
        plan.Live.Select(rows.In).Append(rows.In(plan.LiveAtLoss) + LogitsBytes(plan, rows)).Max();

    public static long LogitsBytes(MemoryPlan plan, Rows rows) => plan.LogitsBytesPerRow * Math.Min(rows.OfRows, plan.ChunkRows);

    private static SavedLayers SavedOf(MemoryPlan plan, string stack) => plan.Saved.Single(saved => saved.Stack == stack);

    private static long SavedStart(MemoryPlan plan, string stack, Rows rows, bool keepsLayers) =>
        TemporaryBytes(plan, rows) + plan.Saved.TakeWhile(saved => saved.Stack != stack).Sum(saved => Kept(saved, rows, keepsLayers));

    private static long Kept(SavedLayers saved, Rows rows, bool keepsLayers) => keepsLayers ? (saved.Layers * rows.In(saved.Bytes)) + rows.In(saved.Carry) : rows.In(saved.Bytes);

    private static long TemporaryBytes(MemoryPlan plan, Rows rows) => TemporaryOfRows(plan, rows) + rows.In(plan.Temporary with { OfRows = 0 });

    private static long TemporaryOfRows(MemoryPlan plan, Rows rows) =>
        Math.Max(rows.In(plan.Temporary with { OfSource = 0 }), (plan.BytesPerRowBelowLogits * rows.OfRows) + LogitsBytes(plan, rows));

    private void Run(Event item)
    {
        var read = item.Reads.Select(Cells).ToList();
        foreach (var (access, cells) in item.Reads.Zip(read))
            Check(item, access, cells);

        if (item.Node.Op is HeadLoss)
        {
            var start = _plan.BytesPerRowBelowLogits * _rows.OfRows / sizeof(float);
            Clobber(item, read.SelectMany(cells => cells).ToHashSet(), start, LogitsBytes(_plan, _rows) / sizeof(float));
        }

        foreach (var access in item.Writes)
        {
            var cells = Cells(access);
            if (cells.Any(cell => cell < 0 || cell >= _cells.Length))
                throw Fault(item, $"writes {access.Value} outside the arena");

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

    // Row by row: the cells of the columns that the access touches, the first of which is where the plan says.
    private long[] Cells(Access access)
    {
        var location = _plan.Locations[access.Value];
        var width = access.Tenant.Value.Type.Width;
        var start = (Start(_plan, access.Tenant with { Value = access.Value }, _rows, _keepsLayers) + location.BytesInRow) / sizeof(float);
        var rows = location.IsOfSource ? _rows.OfSource : _rows.OfRows;
        return [.. Enumerable.Range(0, rows).SelectMany(row => access.Columns.Select(column => start + ((long)row * width) + column - access.Columns[0]))];
    }

    private static int Element(Access access, int i) => (i / access.Columns.Count * access.Tenant.Value.Type.Width) + access.Columns[i % access.Columns.Count];

    private static InvalidOperationException Fault(Event item, string what) => new($"{item.Node.Name} of layer {item.Layer} ({item.Node}) {what}.");
}

/// <summary>How many rows a call has, and how many its source.</summary>
internal readonly record struct Rows(int OfRows, int OfSource)
{
    public long In(RowBytes bytes) => (bytes.OfRows * OfRows) + (bytes.OfSource * OfSource);
}

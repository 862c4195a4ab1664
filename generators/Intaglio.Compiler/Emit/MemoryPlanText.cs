namespace Intaglio.Compiler;

/// <summary>The memory plan for a reader: each buffer, its formula and when it lives.</summary>
internal static class MemoryPlanText
{
    public static string Of(MemoryPlan plan)
    {
        var lines = new List<string> { "Shared by what does not live from a forward to a backward pass:" };
        lines.AddRange(plan.In(Space.Temporary).Select(location => Line(plan, location)));
        var together = Formula(plan.Temporary);
        if (plan.ChunkRows > 0)
        {
            var logits = $"min(rows, {Literal.Plain(plan.ChunkRows)}) · {Literal.Plain(plan.LogitsBytesPerRow)}";
            lines.Add($"  logits of a chunk          at rows · {Literal.Plain(plan.BytesPerRowBelowLogits)}, {logits} bytes, for the loss");
            together = $"max({Formula(plan.Temporary with { OfSource = 0 })}, rows · {Literal.Plain(plan.BytesPerRowBelowLogits)} + {logits})";
            if (plan.Temporary.OfSource > 0)
                together += $" + {Formula(plan.Temporary with { OfRows = 0 })}";
        }

        lines.Add($"  together                   {together} bytes");
        foreach (var saved in plan.Saved)
        {
            lines.Add($"Kept for each of {Literal.Plain(saved.Layers)} layers{(saved.Stack.Length == 0 ? "" : $" of the {Names.Camel(saved.Stack)}")}:");
            lines.AddRange(plan.In(Space.Saved, saved.Stack).Select(location => Line(plan, location)));
            lines.Add($"  together                   {Formula(saved.Bytes)} bytes a layer, and {Formula(saved.Carry)} bytes after the last");
        }

        return string.Join("\n", lines);
    }

    private static string Line(MemoryPlan plan, Location location)
    {
        var values = plan.Locations.Where(pair => pair.Value == location).Select(pair => pair.Key).ToList();
        var (first, last) = (values.Min(plan.Schedule.Defined), values.Max(plan.Schedule.LastRead));
        var column = location.BytesInRow == 0 ? "" : " + " + Literal.Plain(location.BytesInRow);
        var rows = location.IsOfSource ? "sourceRows" : "rows";
        return $"  {location.Name,-26} at {rows} · {Literal.Plain(location.BytesPerRow)}{column}, {rows} · {Literal.Plain(location.Type.Width * sizeof(float))} bytes, steps {Literal.Plain(first)} to {Literal.Plain(last)}";
    }

    private static string Formula(RowBytes bytes) => (bytes.OfRows, bytes.OfSource) switch
    {
        (_, 0) => $"rows · {Literal.Plain(bytes.OfRows)}",
        (0, _) => $"sourceRows · {Literal.Plain(bytes.OfSource)}",
        _ => $"rows · {Literal.Plain(bytes.OfRows)} + sourceRows · {Literal.Plain(bytes.OfSource)}",
    };
}

namespace Intaglio.Compiler;

/// <summary>The memory plan for a reader: each buffer, its formula and when it lives.</summary>
internal static class MemoryPlanText
{
    public static string Of(MemoryPlan plan)
    {
        var lines = new List<string> { "Shared by what does not live from a forward to a backward pass:" };
        lines.AddRange(plan.In(Space.Temporary).Select(location => Line(plan, location)));
        lines.Add($"  logits of a chunk          at rows · {Literal.Plain(plan.BytesPerRowBelowLogits)}, min(rows, {Literal.Plain(plan.ChunkRows)}) · {Literal.Plain(plan.LogitsBytesPerRow)} bytes, for the loss");
        lines.Add($"  together                   max(rows · {Literal.Plain(plan.TemporaryBytesPerRow)}, rows · {Literal.Plain(plan.BytesPerRowBelowLogits)} + min(rows, {Literal.Plain(plan.ChunkRows)}) · {Literal.Plain(plan.LogitsBytesPerRow)}) bytes");
        lines.Add($"Kept for each of {Literal.Plain(plan.Layers)} layers:");
        lines.AddRange(plan.In(Space.Saved).Select(location => Line(plan, location)));
        lines.Add($"  together                   rows · {Literal.Plain(plan.SavedBytesPerRow)} bytes a layer, and rows · {Literal.Plain(plan.CarryBytesPerRow)} bytes after the last");
        return string.Join("\n", lines);
    }

    private static string Line(MemoryPlan plan, Location location)
    {
        var values = plan.Locations.Where(pair => pair.Value == location).Select(pair => pair.Key).ToList();
        var (first, last) = (values.Min(plan.Schedule.Defined), values.Max(plan.Schedule.LastRead));
        var column = location.BytesInRow == 0 ? "" : " + " + Literal.Plain(location.BytesInRow);
        return $"  {location.Name,-26} at rows · {Literal.Plain(location.BytesPerRow)}{column}, rows · {Literal.Plain(location.Type.Width * sizeof(float))} bytes, steps {Literal.Plain(first)} to {Literal.Plain(last)}";
    }
}

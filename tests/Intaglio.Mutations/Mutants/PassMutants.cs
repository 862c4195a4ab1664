namespace Intaglio.Mutations;

/// <summary>In fusions, in each pass, and in what a memory plan knows of lifetimes.</summary>
internal static class PassMutants
{
    private const string Graph = "generators/Intaglio.Compiler/Graph/";
    private const string Lowering = "generators/Intaglio.Compiler/Lowering/";
    private const string Passes = "generators/Intaglio.Compiler/Passes/";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(Graph + "Fusion.cs", "Operand.X => Expression.Full,", "Operand.X => Expression.X,", TestRun.Formulas),
        new(Graph + "Fusion.cs", "savesBetween ? Result : Saved,", "savesBetween ? next.Result : Saved,", TestRun.Formulas),
        new(Passes + "FuseBiasGradients.cs", "outputs: [node.Output, sum.Output]", "outputs: [sum.Output, node.Output]", TestRun.Passes),
        new(Passes + "FuseElementwise.cs", "producing.Fusion.HasFull ? operands[operands.Count - 1] : full", "producing.Fusion.HasFull ? operands[0] : full", TestRun.Passes),
        new(Passes + "FuseElementwise.cs", "var savesBetween = uses[x] > 1;", "var savesBetween = uses[x] > 2;", TestRun.Passes),
        new(Passes + "FuseElementwise.cs", " || graph.Outputs.Contains(x))", ")", TestRun.Passes),
        new(Passes + "FuseEmbeddings.cs", "[tokens.Output, positions.Output]", "[positions.Output, tokens.Output]", TestRun.Passes),
        new(Passes + "Simplify.cs", "node.Outputs.Any(uses.ContainsKey)", "node.Outputs.All(uses.ContainsKey)", TestRun.Passes),
        new(Passes + "Verify.cs", "output => !defined.Add(output) || inLoops.Contains(output)", "output => inLoops.Contains(output)", TestRun.Passes),
        new(Passes + "PlanMemory.cs", "offset += Bytes(value);", "offset += Bytes(value) / 2;", TestRun.Plans),
        new(Lowering + "Lifetimes.cs", "WithParts(value).Min(_schedule.Defined)", "WithParts(value).Max(_schedule.Defined)", TestRun.Plans),
        new(Lowering + "Lifetimes.cs", "WithParts(value).Max(_schedule.LastRead)", "WithParts(value).Min(_schedule.LastRead)", TestRun.Plans),
        new(Lowering + "Lifetimes.cs", "/ interleavedHeads : part.Type.Width;", "/ interleavedHeads : part.Type.Width - 1;", TestRun.Plans),
        new(Lowering + "SharedPlace.cs", "Start <= other._last && other.Start <= _last", "Start < other._last && other.Start < _last", TestRun.Plans),
        new(Lowering + "SharedPlace.cs", "offset + Width <= neighbour.Offset", "offset + Width <= neighbour.End", TestRun.Plans),
    ];
}

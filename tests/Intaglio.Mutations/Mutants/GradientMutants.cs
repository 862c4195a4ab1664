namespace Intaglio.Mutations;

/// <summary>In each op's gradient rule, and in what puts gradients together.</summary>
internal static class GradientMutants
{
    private const string Ops = "generators/Intaglio.Compiler/Ops/";
    private const string Graph = "generators/Intaglio.Compiler/Graph/";
    private const string Passes = "generators/Intaglio.Compiler/Passes/";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(Ops + "Attention.cs", "results[input < 3 ? input : 4]", "results[input < 3 ? 2 - input : 4]", TestRun.Gradients),
        new(Ops + "Embed.cs", "GradientBuilder.GradientName(weights), indices, gradient)", "GradientBuilder.GradientName(weights), node.Inputs[0], gradient)", TestRun.Gradients),
        new(Ops + "Gate.cs", "gradients.Contribute(x, gradients.Add(new GateGradient(Activation)", "gradients.Contribute(gradient, gradients.Add(new GateGradient(Activation)", TestRun.Gradients),
        new(Ops + "HeadLoss.cs", "node.Outputs[input + 1]", "node.Outputs[2 - input]", TestRun.Gradients),
        new(Ops + "HeadLoss.cs", "input < (TrainsBias ? 3 : 2)", "input < 2", TestRun.Gradients),
        new(Ops + "Map.cs", "reads is { } read ? [gradient, Input(node, read)!] : [gradient]", "reads is { } ? [gradient, gradient] : [gradient]", TestRun.Gradients),
        new(Ops + "Map.cs", "var rule = Fusion.Gradient(operand, out var reads);", "var rule = Fusion.Gradient(Operand.X, out var reads);", TestRun.Gradients),
        new(Ops + "MatMul.cs", "new MatMul(!Transposed), node.Name + \"Backward\"", "new MatMul(Transposed), node.Name + \"Backward\"", TestRun.Gradients),
        new(Ops + "MatMul.cs", "new WeightGradient(Transposed, HasBias: false)", "new WeightGradient(!Transposed, HasBias: false)", TestRun.Gradients),
        new(Ops + "Normalize.cs", "[gradient, x, gain, node.Outputs[1]], names", "[x, gradient, gain, node.Outputs[1]], names", TestRun.Gradients),
        new(Ops + "Normalize.cs", "new NormalizeGradient(this, ", "new NormalizeGradient(this with { Kind = NormalizationKind.LayerNorm }, ", TestRun.Gradients),
        new(Ops + "Repeat.cs", "new Repeat(body, Count, Direction.Backward, Stack)", "new Repeat(body, Count, Direction.Forward, Stack)", TestRun.Gradients),
        new(Ops + "Repeat.cs", "new Repeat(body, Count, Direction.Backward, Stack)", "new Repeat(body, Count - 1, Direction.Backward, Stack)", TestRun.Gradients),
        new(Ops + "Rotate.cs", "this with { Direction = Direction.Backward }", "this with { Direction = Direction.Forward }", TestRun.Gradients),
        new(Ops + "Rotate.cs", "[outputGradients[0]!, outputGradients[1]!, node.Inputs[2]]", "[outputGradients[0]!, node.Inputs[1], node.Inputs[2]]", TestRun.Gradients),
        new(Ops + "Split.cs", "[.. outputGradients.Select(gradient => gradient!)]", "[.. outputGradients.Select(gradient => gradient!).Reverse()]", TestRun.Gradients),
        new(Graph + "GradientBuilder.cs", "_gradients[value] = builder.Add(new Map(Fusion.Add), GradientName(value), [gradient, sofar]);", "_gradients[value] = gradient;", TestRun.Gradients),
        new(Passes + "Differentiate.cs", "foreach (var node in graph.Nodes.Reverse())", "foreach (var node in graph.Nodes)", TestRun.Gradients),
        new(Passes + "Differentiate.cs", "gradients.Of(forward.Inputs[0])!", "gradients.Of(forward.Outputs[0])!", TestRun.Gradients),
    ];
}

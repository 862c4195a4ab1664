namespace Intaglio.Mutations;

/// <summary>The mistakes that a tired person makes, spread over gradient rules, fusions and the kernels of both kinds of target.</summary>
internal static class Mutants
{
    private const string Compiler = "generators/Intaglio.Compiler/";
    private const string Cpu = "src/Intaglio/Numerics/Cpu/";
    private const string Gpu = "src/Intaglio/Numerics/Gpu/";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        // Gradient rules.
        new(Compiler + "Ops/MatMul.cs", "new MatMul(!Transposed), node.Name + \"Backward\"", "new MatMul(Transposed), node.Name + \"Backward\"", TestRun.Compiler),
        new(Compiler + "Ops/MatMul.cs", "new WeightGradient(Transposed, HasBias: false)", "new WeightGradient(!Transposed, HasBias: false)", TestRun.Compiler),
        new(Compiler + "Ops/Map.cs", "reads is { } read ? [gradient, Input(node, read)!] : [gradient]", "reads is { } ? [gradient, gradient] : [gradient]", TestRun.Compiler),
        new(Compiler + "Ops/Attention.cs", "gradients.Contribute(node.Inputs[input], results[input]);", "gradients.Contribute(node.Inputs[input], results[2 - input]);", TestRun.Compiler),
        new(Compiler + "Ops/Embed.cs", "GradientBuilder.GradientName(weights), indices, gradient)", "GradientBuilder.GradientName(weights), node.Inputs[0], gradient)", TestRun.Compiler),
        new(Compiler + "Graph/GradientBuilder.cs", "_gradients[value] = builder.Add(new Map(Fusion.Add), GradientName(value), [gradient, sofar]);", "_gradients[value] = gradient;", TestRun.Compiler),

        // Derivatives, from which every fusion's backward pass follows.
        new(Compiler + "Graph/Expression.cs", "Function.Tanh => 1 - Power", "Function.Tanh => 1 + Power", TestRun.Compiler),
        new(Compiler + "Graph/Expression.cs", "2 / Math.Sqrt(Math.PI)", "1 / Math.Sqrt(Math.PI)", TestRun.Compiler),
        new(Compiler + "Graph/Expression.cs", "(a.Derivative(by) * b) + (a * b.Derivative(by))", "(a.Derivative(by) * b) - (a * b.Derivative(by))", TestRun.Compiler),
        new(Compiler + "Graph/Expression.cs", "n * Power(a, n - 1)", "(n - 1) * Power(a, n - 1)", TestRun.Compiler),

        // Fusing.
        new(Compiler + "Graph/Fusion.cs", "Operand.X => Expression.Full,", "Operand.X => Expression.X,", TestRun.Compiler),
        new(Compiler + "Graph/Fusion.cs", "savesBetween ? Result : Saved,", "savesBetween ? next.Result : Saved,", TestRun.Compiler),
        new(Compiler + "Passes/FuseElementwise.cs", "producing.Fusion.HasFull ? operands[operands.Count - 1] : full", "producing.Fusion.HasFull ? operands[0] : full", TestRun.Compiler),

        // Kernels of the CPU.
        new(Cpu + "Rows/NormalizeRowsBackward.cs", "(normalized * TLane.Of(meanOfProduct))", "(normalized * TLane.Of(-meanOfProduct))", TestRun.Kernels),
        new(Cpu + "Loss/SoftmaxLoss.cs", "values[target] -= lossScale;", "values[target] += lossScale;", TestRun.Kernels),
        new(Cpu + "Loss/SoftmaxLoss.cs", "MathF.Log(sum) + largest - targetLogit", "MathF.Log(sum) - largest - targetLogit", TestRun.Kernels),
        new(Cpu + "Attention/AttendBackward.cs", "probability * (gradient - T.Of(delta)) * TScore.Derivative(product)", "probability * (gradient + T.Of(delta)) * TScore.Derivative(product)", TestRun.Kernels),
        new(Cpu + "Attention/AttendForward.cs", "F1.Of(scratch.Largest[row] - largest)", "F1.Of(largest - scratch.Largest[row])", TestRun.Kernels),
        new(Cpu + "Optimizer/AdamWUpdate.cs", "TLane.Of(1 - step.Beta2) * (g * g)", "TLane.Of(1 - step.Beta1) * (g * g)", TestRun.Kernels),

        // Kernels of GPUs.
        new(Gpu + "GpuNormalize.cs", "product * rstd * rstd / at.Width", "product * rstd / at.Width", TestRun.Kernels),
        new(Gpu + "GpuAttention.cs", "GpuVector.Store(sums, 1f, at.QueryGradient", "GpuVector.Store(sums, -1f, at.QueryGradient", TestRun.Kernels),
        new(Gpu + "GpuAttention.cs", "((weightGradient * keep) - at.Delta[rowHead])", "((weightGradient * keep) + at.Delta[rowHead])", TestRun.Kernels),
        new(Gpu + "GpuCrossEntropy.cs", "at.Logits[start + target] -= at.LossScale;", "at.Logits[start + target] -= 1f;", TestRun.Kernels),
        new(Gpu + "GpuNormalize.cs", "var rstd = 1f / MathF.Sqrt(variance + at.Epsilon);", "var rstd = 1f / MathF.Sqrt(variance - at.Epsilon);", TestRun.Kernels),
    ];
}

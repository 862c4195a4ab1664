namespace Intaglio.Mutations;

/// <summary>In the kernels of GPUs. Those that work by tiles are seen on OpenCL, the others on the simulated device too.</summary>
internal static class GpuMutants
{
    private const string Gpu = "src/Intaglio/Numerics/Gpu/";
    private const string Simulated = "simulated";
    private const string ByTiles = "tiles";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        // Rows.
        In("GpuNormalize.cs", "var rstd = 1f / MathF.Sqrt(variance + at.Epsilon);", "var rstd = 1f / MathF.Sqrt(variance - at.Epsilon);", Simulated, "Norm"),
        In("GpuNormalize.cs", "product * rstd * rstd / at.Width", "product * rstd / at.Width", Simulated, "NormBackward"),
        In("GpuNormalize.cs", "at.Centers != 0 ? GpuVector.Sum(", "at.Centers == 0 ? GpuVector.Sum(", Simulated, "Norm"),
        In("GpuNormalize.cs", "at.Centers != 0 ? sum / at.Width : 0f", "sum / at.Width", Simulated, "RMSNormBackward"),
        In("GpuNormalize.cs", "bias += gradient;", "bias -= gradient;", Simulated, "LayerNormBackward"),
        In("GpuRotary.cs", "(b * cosine) + (a * sine)", "(b * cosine) - (a * sine)", Simulated, "Rotate"),
        In("GpuRotary.cs", "at.Interleaved != 0 ? 2 * pair : pair", "pair", Simulated, "Rotate"),
        In("GpuGate.cs", "at.InputGradient[gate + at.Width] = valueGradient.Value;", "at.InputGradient[gate + at.Width] = -valueGradient.Value;", Simulated, "GateBackward"),
        In("GpuGate.cs", "index + (index / width * width)", "index", Simulated, "Gate"),

        // Attention.
        In("GpuAttention.cs", "GpuVector.Store(sums, 1f, at.QueryGradient", "GpuVector.Store(sums, -1f, at.QueryGradient", Simulated, "AttentionBackward"),
        In("GpuAttention.cs", "((weightGradient * keep) - at.Delta[rowHead])", "((weightGradient * keep) + at.Delta[rowHead])", Simulated, "AttentionBackward"),
        In("GpuHeads.cs", "=> head * TShape.KeyValueHeads / TShape.Heads;", "=> head % TShape.KeyValueHeads;", Simulated, "Grouped"),
        In("GpuAttention.cs", "var key = TMask.First(position);", "var key = 0;", Simulated, "CachedAttention"),
        In("GpuAttention.cs", "at.Cache[key + (at.Capacity * width)] = at.Value[", "at.Cache[key + (at.Capacity * width)] = at.Key[", Simulated, "CachedAttention"),
        In("GpuAttention.cs", "(index % at.BiasStride) - at.BiasOrigin", "index % at.BiasStride", Simulated, "AttentionBackward"),
        In("GpuHeads.cs", "at.Bounds[2 * sequence]", "0", Simulated, "padded"),
        In("GpuHeads.cs", "+ at.BiasOrigin + key - query", "+ at.BiasOrigin + query - key", ByTiles, "Biased"),
        In("GpuTiledAttention.cs", "largest[row] + GpuMath.Log(totals[row])", "largest[row] - GpuMath.Log(totals[row])", ByTiles, "Attention"),
        In("GpuTiledAttention.cs", "probability * ((weightGradient * keep) - at.Delta[rowHead])", "probability * ((weightGradient * keep) + at.Delta[rowHead])", ByTiles, "AttentionBackward"),
        In("GpuHeads.cs", "((keyValueHead * TShape.Heads) + TShape.KeyValueHeads - 1) / TShape.KeyValueHeads", "keyValueHead * TShape.Heads", ByTiles, "Grouped"),

        // Products, loss and optimizer.
        In("GpuTiledMatMul.cs", "sum3 = sum3.Add(x.Value3, w);", "sum3 = sum3.Add(x.Value2, w);", ByTiles, "MatMul"),
        In("GpuTiledMatMul.cs", "quad.Value3 = TStorage.Widen(source[at + (3 * stride)]);", "quad.Value3 = TStorage.Widen(source[at + (2 * stride)]);", ByTiles, "MatMul"),
        In("GpuCrossEntropy.cs", "at.Logits[start + target] -= at.LossScale * Slope", "at.Logits[start + target] -= Slope", Simulated, "CrossEntropy"),
        In("GpuOptimizer.cs", "+ (at.WeightDecay * weight)", "- (at.WeightDecay * weight)", Simulated, "AdamW"),
        In("GpuOptimizer.cs", "MathF.Sqrt(second / at.Correction2)", "MathF.Sqrt(second / at.Correction1)", Simulated, "AdamW"),
    ];

    private static Mutant In(string file, string original, string mutated, string target, string kernel) => new(Gpu + file, original, mutated, TestRun.Kernels(target, kernel));
}

namespace Intaglio.Mutations;

/// <summary>In the CPU's kernels.</summary>
internal static class CpuMutants
{
    private const string Cpu = "src/Intaglio/Numerics/Cpu/";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        // Rows.
        In("Rows/NormalizeRows.cs", "var mean = TShape.Centers ? Mean(source) : 0;", "var mean = Mean(source);", "RMSNorm"),
        In("Rows/NormalizeRows.cs", "1 / MathF.Sqrt(Variance(source, mean) + TShape.Epsilon)", "1 / MathF.Sqrt(Variance(source, mean) - TShape.Epsilon)", "Norm"),
        In("Rows/NormalizeRowsBackward.cs", "(normalized * TLane.Of(meanOfProduct))", "(normalized * TLane.Of(-meanOfProduct))", "NormBackward"),
        In("Rows/NormalizeRowsBackward.cs", "TShape.Centers ? F1.Sum(t1) / TShape.Width : 0", "F1.Sum(t1) / TShape.Width", "RMSNormBackward"),
        In("Rows/RotateRows.cs", "(a * cos) - (b * sin)", "(a * cos) + (b * sin)", "Rotate"),
        In("Rows/RotateRows.cs", "sin = -sin;", "cos = -cos;", "RotateBackward"),
        In("Rows/RotateRows.cs", "head + (2 * pair), head + (2 * pair) + 1,", "head + pair, head + Half + pair,", "Rotate"),
        In("Rows/GateRows.cs", "T.Load(gate + column), T.Load(gate + TShape.Width + column)", "T.Load(gate + TShape.Width + column), T.Load(gate + column)", "Gate"),
        In("Rows/GateRowsBackward.cs", "inputGradient + value, valueGradient", "inputGradient + value, -valueGradient", "GateBackward"),
        In("Rows/LookUpRows.cs", "sum + TWeight.Load<TLane>(positionTable, position)", "sum - TWeight.Load<TLane>(positionTable, position)", "Embed"),
        In("Rows/ScatterRows.cs", "T.Load(destination + column) + T.Load(source + column)", "T.Load(source + column)", "EmbedBackward"),

        // Attention.
        new(Cpu + "Attention/AttendForward.cs", "Rescale(scratch, row, before - largest)", "Rescale(scratch, row, largest - before)", TestRun.LongAttention),
        new(Cpu + "Attention/AttendForward.cs", "adds: !isFirst", "adds: false", TestRun.LongAttention),
        In("Attention/AttendForward.cs", "values.At(range.First, column)", "values.At(0, column)", "Windowed"),
        In("Attention/AttendForward.cs", "PackKeys(scratch, sequence, head / _operands.GroupSize, block, keys)", "PackKeys(scratch, sequence, head % _operands.KeyValueHeads, block, keys)", "Grouped"),
        In("Attention/AttendForward.cs", "T.Load(scratch.Largest + row) + T.Log(total)", "T.Load(scratch.Largest + row) - T.Log(total)", "Attention"),
        In("Attention/AttendBackward.cs", "probability * (gradient - T.Of(delta))", "probability * (gradient + T.Of(delta))", "AttentionBackward"),
        In("Attention/AttendBackward.cs", "scoreGradient * TScore.Derivative(product)", "scoreGradient * TScore.Derivative(probability)", "AttentionBackward"),
        In("Attention/AttendBackward.cs", "var firstHead = keyValueHead * _operands.GroupSize;", "var firstHead = keyValueHead;", "Grouped"),
        In("Attention/AttendBackward.cs", "gradient *= keep;", "gradient *= T.Of(1);", "Grouped"),
        In("Attention/AttendCache.cs", "head / (TShape.Heads / TShape.KeyValueHeads)", "head % TShape.KeyValueHeads", "CachedAttention"),
        In("Attention/AttendCache.cs", "var key = TMask.First(position); key < end", "var key = 0; key < end", "CachedAttention"),
        In("Attention/AttendForward.cs", "score += T.Load(row.Bias + key);", "score += T.Load(row.Bias);", "Biased"),
        In("Attention/AttendForward.cs", "T.WhereEqual(total, T.Of(0), T.Of(0),", "T.WhereEqual(total, T.Of(-1), T.Of(0),", "padded"),
        In("Attention/AttendBackward.cs", "AddVisible(scratch, scoreGradient, biasGradient", "AddVisible(scratch, probability, biasGradient", "Biased"),
        In("Attention/AttentionOperands.cs", "Bounds[(2 * sequence) + 1]", "KeyTime", "padded"),
        In("Attention/AttentionOperands.cs", "* KeyTime) + row) * ValueStride", "* KeyTime) + row) * KeyStride", "Across"),
        In("Attention/AttentionOperands.cs", "* Time * QueryStride) + (head * HeadStride)", "* Time * QueryStride) + (head * HeadSize)", "Interleaved"),
        In("Attention/KeyRange.cs", "T.WhereGreater(T.Of(First - key), T.Indices()", "T.WhereGreater(T.Of(First - key - 1), T.Indices()", "Windowed"),

        // Products.
        new(Cpu + "MatMul/MultiplyHalves.cs", "factors.Part<Float32>(Half, factors.Depth - Half)", "factors.Part<Float32>(0, factors.Depth - Half)", TestRun.Products),
        new(Cpu + "MatMul/MultiplyHalves.cs", "var row = block * _blockRows;", "var row = 0 * block * _blockRows;", TestRun.Products),
        new(Cpu + "MatMul/GradientProduct.cs", "factors.Columns), factors.Columns, factors.Rows)", "factors.Columns), factors.Columns, factors.Rows - 1)", TestRun.Products),
        new(Cpu + "MatMul/PanelItem.cs", "item / panels * Tiles", "0 * Tiles", TestRun.Products),
        new(Cpu + "MatMul/PackRight.cs", "(row * factors.RightStride) + (first * width)", "row * factors.RightStride", TestRun.Products),
        new(Cpu + "MatMul/AddToOutput.cs", "return x + full;", "return x - full;", TestRun.Products),

        // Threads.
        new(Cpu + "WorkerPool.cs", "Drain((thread + offset) % Threads, thread)", "Drain(thread, thread)", TestRun.Workers),
        new(Cpu + "WorkerPool.cs", "end - (int)(uint)state", "(int)(uint)state - 1", TestRun.Workers),

        // Loss and optimizer.
        In("Loss/SoftmaxLoss.cs", "values[target] -= lossScale *", "values[target] += lossScale *", "CrossEntropy"),
        In("Loss/SoftmaxLoss.cs", "MathF.Log(sum) + largest - targetLogit", "MathF.Log(sum) - largest - targetLogit", "CrossEntropy"),
        In("Optimizer/AdamWUpdate.cs", "TLane.Of(1 - step.Beta2) * (g * g)", "TLane.Of(1 - step.Beta1) * (g * g)", "AdamW"),
    ];

    private static Mutant In(string file, string original, string mutated, string kernel) => new(Cpu + file, original, mutated, TestRun.Kernels("cpu", kernel));
}

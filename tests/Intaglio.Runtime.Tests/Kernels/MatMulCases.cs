using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Products, with each flag of a fusion alone and all together, both layouts, both formats.</summary>
internal static class MatMulCases
{
    public static IEnumerable<KernelCase> All =>
    [
        Case<Inner19Columns21, Stored, Identity, Float32>(rows: 13, observed: 2.4e-7),
        Case<Inner19Columns21, StoredTransposed, Identity, Float32>(rows: 13, observed: 2.4e-7),
        Case<Inner19Columns21, Stored, Identity, Float32>(rows: 1, observed: 2.7e-7),
        Case<Inner19Columns21, StoredTransposed, Identity, Float32>(rows: 1, observed: 1.5e-7),
        Case<Inner32Columns48, Stored, Identity, Float32>(rows: 1, observed: 2.9e-7),
        Case<Inner32Columns48, StoredTransposed, Identity, Float32>(rows: 1, observed: 2.6e-7),
        Case<Inner32Columns48, Stored, Identity, Float32>(rows: 16, observed: 7.7e-7),
        Case<Inner32Columns48, StoredTransposed, Identity, Float32>(rows: 16, observed: 6.2e-7),
        Case<Inner40Columns131, Stored, Identity, Float32>(rows: 67, observed: 7.5e-7),
        Case<Inner40Columns131, StoredTransposed, Identity, Float32>(rows: 67, observed: 9.4e-7),
        Case<Inner19Columns21, Stored, AddRow, Float32>(rows: 13, observed: 2.6e-7),
        Case<Inner19Columns21, Stored, AddFull, Float32>(rows: 13, observed: 3.1e-7),
        Case<Inner19Columns21, Stored, RowSaves, Float32>(rows: 13, observed: 4.0e-7),
        Case<Inner19Columns21, Stored, DropoutOnly, Float32>(rows: 13, observed: 3.2e-7),
        Case<Inner19Columns21, Stored, Everything, Float32>(rows: 13, observed: 2.9e-7),
        Case<Inner40Columns131, StoredTransposed, Everything, Float32>(rows: 67, observed: 1.1e-6),
        Case<Inner19Columns21, Stored, Identity, BFloat16>(rows: 13, observed: 3.1e-7),
        Case<Inner19Columns21, StoredTransposed, Identity, BFloat16>(rows: 1, observed: 1.3e-7),
        Case<Inner40Columns131, StoredTransposed, Everything, BFloat16>(rows: 11, observed: 1.0e-6),
        Case<Inner40Columns131, Stored, Everything, BFloat16>(rows: 3, observed: 5.2e-7),
        InPlace<Inner19Columns21>(rows: 13, observed: 3.1e-7),
        NotTraining<Inner19Columns21>(rows: 13, observed: 2.4e-7),
        WeightGradient<Inner19Columns21, Stored>(rows: 13, hasBias: true, observed: 6.1e-7),
        WeightGradient<Inner19Columns21, StoredTransposed>(rows: 13, hasBias: false, observed: 8.2e-7),
        WeightGradient<Inner40Columns131, Stored>(rows: 67, hasBias: true, observed: 3.3e-6),
        WeightGradient<Inner40Columns131, StoredTransposed>(rows: 67, hasBias: true, observed: 2.7e-6),
    ];

    private static KernelCase Case<TSize, TLayout, TFusion, TWeight>(int rows, double observed)
        where TSize : struct, ISize
        where TLayout : struct, ILayout
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage => new(
            $"MatMul {rows} x {TSize.Inner} x {TSize.Columns}{(TLayout.Transposed ? " transposed" : "")}, {typeof(TFusion).Name}, {TWeight.Format}",
            observed,
            device => Error<TSize, TLayout, TFusion, TWeight>(device, rows, Workbench.Step, inPlace: false));

    private static KernelCase InPlace<TSize>(int rows, double observed)
        where TSize : struct, ISize => new(
            "MatMul whose output is the full operand",
            observed,
            device => Error<TSize, Stored, AddFull, Float32>(device, rows, Workbench.Step, inPlace: true));

    private static KernelCase NotTraining<TSize>(int rows, double observed)
        where TSize : struct, ISize => new(
            "MatMul with dropout outside training",
            observed,
            device => Error<TSize, Stored, Everything, Float32>(device, rows, Workbench.Step with { IsTraining = false }, inPlace: false));

    private static double Error<TSize, TLayout, TFusion, TWeight>(Device device, int rows, RandomStep random, bool inPlace)
        where TSize : struct, ISize
        where TLayout : struct, ILayout
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        const uint site = 5;
        using var bench = new Workbench(device);
        var x = bench.Normal(rows * TSize.Inner);
        var weight = bench.Normal<TWeight>(TSize.Inner * TSize.Columns, 0.3f);
        var row = bench.Normal<TWeight>(TSize.Columns);
        var full = bench.Normal(rows * TSize.Columns);

        // A first operand puts all others elsewhere than at offset 0.
        bench.Add(new float[3]);
        bench.AddWeight<TWeight>(new float[5]);
        var (xAt, weightAt, rowAt, fullAt) = (bench.Add(x), bench.AddWeight<TWeight>(weight), bench.AddWeight<TWeight>(row), bench.Add(full));
        var (outputAt, savedAt) = (inPlace ? fullAt : bench.Result(full.Length), bench.Result(full.Length));
        bench.Run(
            on => on.MatMul<ProductShape<TSize, TLayout, TFusion, TWeight>, TFusion, TWeight>(
                xAt,
                weightAt,
                TFusion.HasRow ? rowAt : Place.None,
                TFusion.HasFull ? fullAt : Place.None,
                outputAt,
                TFusion.Saves ? savedAt : Place.None,
                rows,
                site),
            random);

        var product = Reference.Product(x, weight, rows, TSize.Inner, TSize.Columns, TLayout.Transposed);
        var (output, saved) = Reference.Fuse<TFusion>(product, row, full, TSize.Columns, random, site);
        var error = Distance.Between(bench.Read(outputAt, output.Length), output);
        return TFusion.Saves ? Math.Max(error, Distance.Between(bench.Read(savedAt, saved.Length), saved)) : error;
    }

    private static KernelCase WeightGradient<TSize, TLayout>(int rows, bool hasBias, double observed)
        where TSize : struct, ISize
        where TLayout : struct, ILayout => new(
            $"WeightGradient {rows} x {TSize.Inner} x {TSize.Columns}{(TLayout.Transposed ? " transposed" : "")}{(hasBias ? " with bias" : "")}",
            observed,
            device =>
            {
                using var bench = new Workbench(device);
                var x = bench.Normal(rows * TSize.Inner);
                var gradient = bench.Normal(rows * TSize.Columns);
                var weightBefore = bench.Normal(TSize.Inner * TSize.Columns);
                var biasBefore = bench.Normal(TSize.Columns);
                var (xAt, gradientAt) = (bench.Add(x), bench.Add(gradient));
                var (weightAt, biasAt) = (bench.Add<float>(Region.Gradients, weightBefore), bench.Add<float>(Region.Gradients, biasBefore));
                bench.Run(on => on.WeightGradient<ProductShape<TSize, TLayout, Identity, Float32>>(xAt, gradientAt, weightAt, hasBias ? biasAt : null, rows));

                var weight = Reference.Doubles(weightBefore);
                var bias = Reference.Doubles(biasBefore);
                for (var r = 0; r < rows; r++)
                {
                    for (var c = 0; c < TSize.Columns; c++)
                    {
                        var value = (double)gradient[(r * TSize.Columns) + c];
                        if (hasBias)
                            bias[c] += value;
                        for (var k = 0; k < TSize.Inner; k++)
                            weight[TLayout.Transposed ? (c * TSize.Inner) + k : (k * TSize.Columns) + c] += x[(r * TSize.Inner) + k] * value;
                    }
                }

                return Math.Max(Distance.Between(bench.Read(weightAt, weight.Length), weight), Distance.Between(bench.Read(biasAt, bias.Length), bias));
            });
}

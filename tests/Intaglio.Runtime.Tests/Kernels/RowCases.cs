using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Elementwise launches, sums of rows and selections of rows.</summary>
internal static class RowCases
{
    public static IEnumerable<KernelCase> All =>
    [
        Map<Everything>(rows: 13, scale: 1, observed: 1.5e-7),
        Map<DropoutOnly>(rows: 200, scale: 1, observed: 8.9e-8),
        Map<AllFunctions>(rows: 50, scale: 3, observed: 2.3e-7),
        InPlace(rows: 13, observed: 1.5e-7),
        SumRows(rows: 37, observed: 5.8e-7),
        GatherRows(count: 9, observed: 0),
    ];

    private static KernelCase Map<TFusion>(int rows, float scale, double observed)
        where TFusion : struct, IFusion => new(
            $"Map {rows} x 21, {typeof(TFusion).Name}",
            observed,
            device => MapError<TFusion>(device, rows, scale, inPlace: false));

    private static KernelCase InPlace(int rows, double observed) => new("Map in place", observed, device => MapError<Everything>(device, rows, scale: 1, inPlace: true));

    private static double MapError<TFusion>(Device device, int rows, float scale, bool inPlace)
        where TFusion : struct, IFusion
    {
        const uint site = 4;
        using var bench = new Workbench(device);
        var x = bench.Normal(rows * 21, scale);
        var row = bench.Normal(21, scale);
        var full = bench.Normal(x.Length, scale);
        var (xAt, rowAt, fullAt) = (bench.Add(x), bench.Add(row), bench.Add(full));
        var (outputAt, savedAt) = (inPlace ? xAt : bench.Result(x.Length), bench.Result(x.Length));
        bench.Run(on => on.Map<MapOf21<TFusion>, TFusion>(xAt, TFusion.HasRow ? rowAt : Place.None, TFusion.HasFull ? fullAt : Place.None, outputAt, TFusion.Saves ? savedAt : Place.None, rows, site));

        var (output, saved) = Reference.Fuse<TFusion>(Reference.Doubles(x), row, full, 21, Workbench.Step, site);
        var error = Distance.Between(bench.Read(outputAt, x.Length), output);
        return TFusion.Saves ? Math.Max(error, Distance.Between(bench.Read(savedAt, x.Length), saved)) : error;
    }

    private static KernelCase SumRows(int rows, double observed) => new(
        $"SumRows {rows} x 21",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var x = bench.Normal(rows * 21);
            var before = bench.Normal(21);
            var (xAt, sumAt) = (bench.Add(x), bench.Add<float>(Region.Gradients, before));
            bench.Run(on => on.SumRows<MapOf21<Identity>>(xAt, sumAt, rows));

            var sum = Reference.Doubles(before);
            for (var i = 0; i < x.Length; i++)
                sum[i % 21] += x[i];
            return Distance.Between(bench.Read(sumAt, 21), sum);
        });

    private static KernelCase GatherRows(int count, double observed) => new(
        $"GatherRows {count} x 21",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var x = bench.Normal(30 * 21);
            var indices = bench.Integers(count, 30);
            var (xAt, indicesAt, outputAt) = (bench.Add(x), bench.Add(indices), bench.Result(count * 21));
            bench.Run(on => on.GatherRows<MapOf21<Identity>>(xAt, indicesAt, outputAt, count));
            return Distance.Between(bench.Read(outputAt, count * 21), [.. indices.SelectMany(index => Reference.Doubles(x[(index * 21)..((index + 1) * 21)]))]);
        });
}

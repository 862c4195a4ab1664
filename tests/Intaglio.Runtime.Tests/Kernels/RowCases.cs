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
        Map<Waves>(rows: 50, scale: 10, observed: 2.0e-7),
        Map<Softened>(rows: 50, scale: 3, observed: 2.0e-7),
        Map<Angles>(rows: 50, scale: 3, observed: 2.0e-7),
        Map<Selections>(rows: 50, scale: 3, observed: 5.0e-8),
        InPlace(rows: 13, observed: 1.5e-7),
        Rotate<RotaryOf10<Stored>>(rows: 9, back: false, observed: 1.5e-7),
        Rotate<RotaryOf10<StoredTransposed>>(rows: 9, back: true, observed: 1.3e-7),
        Rotate<RotaryOf64>(rows: 5, back: false, observed: 1.7e-7),
        Rotate<RotaryOf64>(rows: 5, back: true, observed: 1.3e-7),
        Gate<Identity>(rows: 13, observed: 1.8e-7),
        Gate<Everything>(rows: 13, observed: 1.9e-7),
        GateBackward(rows: 13, observed: 5.1e-7),
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

    // What is no head's stays as it is.
    private static KernelCase Rotate<TShape>(int rows, bool back, double observed)
        where TShape : struct, IRotaryShape => new(
            $"Rotate{(back ? "Backward" : "")} {rows} rows, {TShape.RotatedSize} of {TShape.HeadSize} columns{(TShape.Interleaved ? ", interleaved" : "")}",
            observed,
            device =>
            {
                using var bench = new Workbench(device);
                var angles = new RotaryAngles(TShape.RotatedSize, 10);
                var (query, key) = (bench.Normal(rows * TShape.QueryStride), bench.Normal(rows * TShape.KeyStride));
                var positions = bench.Integers(rows, 20);
                var (queryAt, keyAt, positionsAt, tableAt) = (bench.Add(query), bench.Add(key), bench.Add(positions), bench.Add<float>(Region.Tables, angles.Table(20)));
                bench.Run(on =>
                {
                    if (back)
                        on.RotateBackward<TShape>(queryAt, keyAt, positionsAt, tableAt, rows);
                    else
                        on.Rotate<TShape>(queryAt, keyAt, positionsAt, tableAt, rows);
                });

                return Math.Max(
                    Distance.Between(bench.Read(queryAt, query.Length), Turned(query, TShape.Heads, TShape.QueryStride)),
                    Distance.Between(bench.Read(keyAt, key.Length), Turned(key, TShape.KeyValueHeads, TShape.KeyStride)));

                double[] Turned(float[] x, int heads, int stride)
                {
                    var expected = Reference.Doubles(x);
                    for (var i = 0; i < rows * heads * (TShape.RotatedSize / 2); i++)
                    {
                        var (row, head, pair) = (i / (TShape.RotatedSize / 2) / heads, i / (TShape.RotatedSize / 2) % heads, i % (TShape.RotatedSize / 2));
                        var start = (row * stride) + (head * TShape.HeadStride);
                        var (a, b) = TShape.Interleaved ? (start + (2 * pair), start + (2 * pair) + 1) : (start + pair, start + pair + (TShape.RotatedSize / 2));
                        var (sine, cosine) = Math.SinCos((back ? -1 : 1) * positions[row] * Math.Pow(10, -2.0 * pair / TShape.RotatedSize));
                        (expected[a], expected[b]) = ((x[a] * cosine) - (x[b] * sine), (x[b] * cosine) + (x[a] * sine));
                    }

                    return expected;
                }
            });

    private static KernelCase Gate<TFusion>(int rows, double observed)
        where TFusion : struct, IFusion => new(
            $"Gate {rows} x 21, {typeof(TFusion).Name}",
            observed,
            device =>
            {
                const uint site = 6;
                using var bench = new Workbench(device);
                var x = bench.Normal(rows * 42);
                var row = bench.Normal(21);
                var full = bench.Normal(rows * 21);
                var (xAt, rowAt, fullAt, outputAt, savedAt) = (bench.Add(x), bench.Add(row), bench.Add(full), bench.Result(rows * 21), bench.Result(rows * 21));
                bench.Run(on => on.Gate<GateOf21<TFusion>, TanhGate, TFusion>(
                    xAt, TFusion.HasRow ? rowAt : Place.None, TFusion.HasFull ? fullAt : Place.None, outputAt, TFusion.Saves ? savedAt : Place.None, rows, site));

                var gated = Enumerable.Range(0, rows * 21).Select(i => Math.Tanh(x[(i / 21 * 42) + (i % 21)]) * x[(i / 21 * 42) + 21 + (i % 21)]).ToArray();
                var (output, saved) = Reference.Fuse<TFusion>(gated, row, full, 21, Workbench.Step, site);
                var error = Distance.Between(bench.Read(outputAt, output.Length), output);
                return TFusion.Saves ? Math.Max(error, Distance.Between(bench.Read(savedAt, saved.Length), saved)) : error;
            });

    private static KernelCase GateBackward(int rows, double observed) => new(
        $"GateBackward {rows} x 21",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var x = bench.Normal(rows * 42);
            var outputGradient = bench.Normal(rows * 21);
            var (xAt, outputGradientAt, inputGradientAt) = (bench.Add(x), bench.Add(outputGradient), bench.Result(x.Length));
            bench.Run(on => on.GateBackward<GateOf21<Identity>, TanhGate>(xAt, outputGradientAt, inputGradientAt, rows));

            var expected = new double[x.Length];
            for (var i = 0; i < rows * 21; i++)
            {
                var (gate, value) = ((i / 21 * 42) + (i % 21), (i / 21 * 42) + 21 + (i % 21));
                expected[gate] = outputGradient[i] * x[value] / Math.Pow(Math.Cosh(x[gate]), 2);
                expected[value] = outputGradient[i] * Math.Tanh(x[gate]);
            }

            return Distance.Between(bench.Read(inputGradientAt, x.Length), expected);
        });

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

using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>What pools and classifies sequences: rows cleared, scattered, averaged and scaled to length 1, and the loss of answers' spans.</summary>
internal static class SequenceCases
{
    private const int Width = 21;

    public static IEnumerable<KernelCase> All =>
    [
        Clear(rows: 7, observed: 0),
        ScatterRows(count: 9, rows: 5, observed: 5.8e-8),
        ScatterRows(count: 1, rows: 1, observed: 0),
        MeanRows(batch: 4, time: 9, hasBounds: true, observed: 5.2e-8),
        MeanRows(batch: 2, time: 9, hasBounds: false, observed: 6.3e-8),
        MeanRows(batch: 1, time: 1, hasBounds: false, observed: 0),
        MeanRowsBackward(batch: 4, time: 9, hasBounds: true, observed: 1.8e-8),
        MeanRowsBackward(batch: 2, time: 9, hasBounds: false, observed: 9.9e-9),
        NormalizeLength(rows: 6, observed: 5.1e-8),
        NormalizeLength(rows: 1, observed: 1.6e-8),
        NormalizeLengthBackward(rows: 6, observed: 4.6e-8),
        SpanCrossEntropy(hasBounds: true, wantsGradient: true, observed: 5.7e-8),
        SpanCrossEntropy(hasBounds: true, wantsGradient: false, observed: 5.7e-8),
        SpanCrossEntropy(hasBounds: false, wantsGradient: true, observed: 1.6e-7),
    ];

    private static KernelCase Clear(int rows, double observed) => new(
        $"Clear {rows} x 21",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var outputAt = bench.Result((rows + 1) * Width);
            bench.Run(on => on.Clear<MapOf21<Identity>>(outputAt, rows));

            // Not a row more.
            var output = bench.Read(outputAt, (rows + 1) * Width);
            return Math.Max(Distance.Between(output[..(rows * Width)], new double[rows * Width]), output[(rows * Width)..].Count(value => !float.IsNaN(value)));
        });

    private static KernelCase ScatterRows(int count, int rows, double observed) => new(
        $"ScatterRows {count} x 21 to {rows}",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var x = bench.Normal(count * Width);
            var indices = bench.Integers(count, rows);
            var (xAt, indicesAt, outputAt) = (bench.Add(x), bench.Add(indices), bench.Result(rows * Width));
            bench.Run(on => on.ScatterRows<MapOf21<Identity>>(xAt, indicesAt, outputAt, count, rows));

            var output = new double[rows * Width];
            for (var i = 0; i < x.Length; i++)
                output[(indices[i / Width] * Width) + (i % Width)] += x[i];
            return Distance.Between(bench.Read(outputAt, output.Length), output);
        });

    private static KernelCase MeanRows(int batch, int time, bool hasBounds, double observed) => new(
        $"MeanRows {batch} x {time} x 21{(hasBounds ? " within bounds" : "")}",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var x = bench.Normal(batch * time * Width);
            var bounds = Bounds(batch, time, hasBounds);
            var (xAt, boundsAt, outputAt) = (bench.Add(x), bench.Add(bounds), bench.Result(batch * Width));
            bench.Run(on => on.MeanRows<MapOf21<Identity>>(xAt, hasBounds ? boundsAt : Place.None, outputAt, batch, time));
            return Distance.Between(bench.Read(outputAt, batch * Width), Means(Reference.Doubles(x), bounds, time));
        });

    private static KernelCase MeanRowsBackward(int batch, int time, bool hasBounds, double observed) => new(
        $"MeanRowsBackward {batch} x {time} x 21{(hasBounds ? " within bounds" : "")}",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var outputGradient = bench.Normal(batch * Width);
            var bounds = Bounds(batch, time, hasBounds);
            var (outputGradientAt, boundsAt, inputGradientAt) = (bench.Add(outputGradient), bench.Add(bounds), bench.Result(batch * time * Width));
            bench.Run(on => on.MeanRowsBackward<MapOf21<Identity>>(outputGradientAt, hasBounds ? boundsAt : Place.None, inputGradientAt, batch, time));
            return Distance.Between(
                bench.Read(inputGradientAt, batch * time * Width),
                Reference.Slopes(x => Reference.Dot(Means(x, bounds, time), outputGradient), new double[batch * time * Width]));
        });

    private static KernelCase NormalizeLength(int rows, double observed) => new(
        $"NormalizeLength {rows} x 21",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var x = Vectors(bench, rows);
            var (xAt, outputAt, normsAt) = (bench.Add(x), bench.Result(x.Length), bench.Result(rows));
            bench.Run(on => on.NormalizeLength<MapOf21<Identity>>(xAt, outputAt, normsAt, rows));
            return Math.Max(
                Distance.Between(bench.Read(outputAt, x.Length), OfLengthOne(Reference.Doubles(x))),
                Distance.Between(bench.Read(normsAt, rows), Norms(Reference.Doubles(x))));
        });

    private static KernelCase NormalizeLengthBackward(int rows, double observed) => new(
        $"NormalizeLengthBackward {rows} x 21",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var x = Reference.Doubles(Vectors(bench, rows));
            var outputGradient = bench.Normal(x.Length);
            var output = Array.ConvertAll(OfLengthOne(x), value => (float)value);
            var norms = Array.ConvertAll(Norms(x), value => (float)value);
            var (outputGradientAt, outputAt, normsAt, inputGradientAt) = (bench.Add(outputGradient), bench.Add(output), bench.Add(norms), bench.Result(x.Length));
            bench.Run(on => on.NormalizeLengthBackward<MapOf21<Identity>>(outputGradientAt, outputAt, normsAt, inputGradientAt, rows));

            // Around a row of zeros differences say nothing: their step is longer than the shortest length.
            var expected = Reference.Slopes(at => Reference.Dot(OfLengthOne(at), outputGradient), x);
            for (var i = 0; i < expected.Length; i++)
                expected[i] = norms[i / Width] == 0 ? outputGradient[i] / 1e-12 : expected[i];
            return Distance.Between(bench.Read(inputGradientAt, x.Length), expected);
        });

    // Starts and ends inside the bounds, outside them, and negative.
    private static KernelCase SpanCrossEntropy(bool hasBounds, bool wantsGradient, double observed) => new(
        $"SpanCrossEntropy{(hasBounds ? " within bounds" : "")}{(wantsGradient ? " with its gradient" : "")}",
        observed,
        device =>
        {
            const int batch = 5, time = 9;
            const float lossScale = 0.125f;
            using var bench = new Workbench(device);
            var logits = bench.Normal(batch * time * 2, scale: 3);
            var bounds = Bounds(batch, time, hasBounds);
            int[] starts = [3, 8, -1, 0, 5], ends = [4, 2, 6, -1, 5];
            var (logitsAt, boundsAt, startsAt, endsAt) = (bench.Add(logits), bench.Add(bounds), bench.Add(starts), bench.Add(ends));
            var (lossesAt, gradientAt) = (bench.BatchResult(batch), bench.Result(logits.Length));
            bench.Run(on => on.SpanCrossEntropy(
                logitsAt, hasBounds ? boundsAt : Place.None, startsAt, endsAt, lossesAt, wantsGradient ? gradientAt : Place.None, lossScale, batch, time));

            var error = Distance.Between(bench.Read(lossesAt, batch), Losses(Reference.Doubles(logits)));
            return wantsGradient
                ? Math.Max(error, Distance.Between(bench.Read(gradientAt, logits.Length), Reference.Slopes(at => lossScale * Losses(at).Sum(), Reference.Doubles(logits))))
                : error;

            double[] Losses(double[] at) => [.. Enumerable.Range(0, batch).Select(sequence => (Side(at, sequence, 0, starts[sequence]) + Side(at, sequence, 1, ends[sequence])) / 2)];

            double Side(double[] at, int sequence, int column, int target)
            {
                var rows = Enumerable.Range(0, time).Where(row => row >= bounds[2 * sequence] && row < bounds[(2 * sequence) + 1]).ToList();
                double Logit(int row) => at[(((sequence * time) + row) * 2) + column];
                return rows.Contains(target) ? Math.Log(rows.Sum(row => Math.Exp(Logit(row)))) - Logit(target) : 0;
            }
        });

    // Padding behind, before and on both sides of texts; one text without a token.
    private static int[] Bounds(int batch, int time, bool hasBounds)
    {
        var bounds = Enumerable.Range(0, batch).SelectMany(_ => new[] { 0, time }).ToArray();
        if (hasBounds)
            new[] { 1, 5, 4, time, 3, 3, 0, 1 }.CopyTo(bounds, 0);
        return bounds;
    }

    private static double[] Means(double[] x, int[] bounds, int time)
    {
        var means = new double[bounds.Length / 2 * Width];
        for (var i = 0; i < x.Length; i++)
        {
            var (sequence, row, column) = (i / Width / time, i / Width % time, i % Width);
            var (first, end) = (bounds[2 * sequence], bounds[(2 * sequence) + 1]);
            means[(sequence * Width) + column] += row >= first && row < end ? x[i] / (end - first) : 0;
        }

        return means;
    }

    // The last of several is 0.
    private static float[] Vectors(Workbench bench, int rows)
    {
        var x = bench.Normal(rows * Width, scale: 2);
        if (rows > 1)
            Array.Clear(x, (rows - 1) * Width, Width);
        return x;
    }

    private static double[] Norms(double[] x) => [.. x.Chunk(Width).Select(row => Math.Sqrt(row.Sum(value => value * value)))];

    private static double[] OfLengthOne(double[] x)
    {
        var norms = Norms(x);
        return [.. x.Select((value, i) => value / Math.Max(norms[i / Width], 1e-12))];
    }
}

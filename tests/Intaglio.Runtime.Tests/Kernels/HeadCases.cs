using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Losses and their gradients: more rows than a chunk holds, some of them ignored.</summary>
internal static class HeadCases
{
    public static IEnumerable<KernelCase> All =>
    [
        Loss<Float32>(rows: 37, observed: 6.5e-7),
        Loss<BFloat16>(rows: 5, observed: 2.4e-7),
        Gradient(rows: 37, observed: 6.5e-7),
        Gradient(rows: 16, observed: 2.5e-7),
    ];

    private static KernelCase Loss<TWeight>(int rows, double observed)
        where TWeight : struct, IStorage => new(
            $"CrossEntropy {rows} x 37, {TWeight.Format}",
            observed,
            device =>
            {
                using var bench = new Workbench(device);
                var x = bench.Normal(rows * 13);
                var weight = bench.Normal<TWeight>(37 * 13);
                var targets = Targets(bench, rows);
                var (xAt, weightAt, targetsAt) = (bench.Add(x), bench.AddWeight<TWeight>(weight), bench.Add(targets));
                var (logitsAt, lossesAt) = (bench.Result(16 * 37), bench.BatchResult(rows));
                bench.Run(on => on.CrossEntropy<HeadOf13<TWeight>, TWeight>(xAt, weightAt, targetsAt, logitsAt, lossesAt, rows));
                return Distance.Between(bench.Read(lossesAt, rows), Losses(x, weight, targets).Losses);
            });

    private static KernelCase Gradient(int rows, double observed) => new(
        $"CrossEntropyWithGradient {rows} x 37",
        observed,
        device =>
        {
            const float lossScale = 0.125f;
            using var bench = new Workbench(device);
            var x = bench.Normal(rows * 13);
            var weight = bench.Normal(37 * 13);
            var targets = Targets(bench, rows);
            var before = bench.Normal(37 * 13);
            var (xAt, weightAt, targetsAt) = (bench.Add(x), bench.AddWeight<Float32>(weight), bench.Add(targets));
            var (logitsAt, lossesAt, inputGradientAt) = (bench.Result(16 * 37), bench.BatchResult(rows), bench.Result(rows * 13));
            var weightGradientAt = bench.Add<float>(Region.Gradients, before);
            bench.Run(on => on.CrossEntropyWithGradient<HeadOf13<Float32>>(xAt, weightAt, targetsAt, logitsAt, lossesAt, inputGradientAt, weightGradientAt, lossScale, rows));

            var (losses, gradient) = Losses(x, weight, targets);
            var inputGradient = new double[x.Length];
            var weightGradient = Reference.Doubles(before);
            for (var i = 0; i < rows * 37; i++)
            {
                var (r, v) = (i / 37, i % 37);
                for (var c = 0; c < 13; c++)
                {
                    inputGradient[(r * 13) + c] += lossScale * gradient[i] * weight[(v * 13) + c];
                    weightGradient[(v * 13) + c] += lossScale * gradient[i] * x[(r * 13) + c];
                }
            }

            double[] errors =
            [
                Distance.Between(bench.Read(lossesAt, rows), losses),
                Distance.Between(bench.Read(inputGradientAt, x.Length), inputGradient),
                Distance.Between(bench.Read(weightGradientAt, weight.Length), weightGradient),
            ];
            return errors.Max();
        });

    private static int[] Targets(Workbench bench, int rows)
    {
        var targets = bench.Integers(rows, 37);
        for (var i = 2; i < rows; i += 4)
            targets[i] = -1;
        return targets;
    }

    private static (double[] Losses, double[] Gradient) Losses(float[] x, float[] weight, int[] targets)
    {
        var logits = Reference.Product(x, weight, targets.Length, 13, 37, transposed: true);
        var losses = new double[targets.Length];
        var gradient = new double[logits.Length];
        for (var r = 0; r < targets.Length; r++)
        {
            if (targets[r] < 0)
                continue;

            var exponentials = logits.Skip(r * 37).Take(37).Select(Math.Exp).ToArray();
            losses[r] = Math.Log(exponentials.Sum()) - logits[(r * 37) + targets[r]];
            for (var v = 0; v < 37; v++)
                gradient[(r * 37) + v] = (exponentials[v] / exponentials.Sum()) - (v == targets[r] ? 1 : 0);
        }

        return (losses, gradient);
    }
}

using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Losses and their gradients: more rows than a chunk holds, some of them ignored.</summary>
internal static class HeadCases
{
    public static IEnumerable<KernelCase> All =>
    [
        Loss<PlainHead, Float32>(rows: 37, observed: 6.5e-7),
        Loss<PlainHead, BFloat16>(rows: 5, observed: 2.4e-7),
        Loss<BiasedHead, Float32>(rows: 37, observed: 3.2e-7),
        Loss<BiasedHead, BFloat16>(rows: 1, observed: 1.9e-7),
        Loss<CappedHead, Float32>(rows: 5, observed: 1.4e-7),
        Loss<BiasedCappedHead, BFloat16>(rows: 19, observed: 1.6e-7),
        Gradient<PlainHead>(rows: 37, observed: 6.5e-7),
        Gradient<PlainHead>(rows: 16, observed: 2.5e-7),
        Gradient<BiasedHead>(rows: 37, observed: 3.2e-7),
        Gradient<CappedHead>(rows: 18, observed: 2.0e-7),
        Gradient<BiasedCappedHead>(rows: 18, observed: 1.9e-7),
        Gradient<BiasedCappedHead>(rows: 1, observed: 1.2e-7),
    ];

    private static KernelCase Loss<TParts, TWeight>(int rows, double observed)
        where TParts : struct, IHeadParts
        where TWeight : struct, IStorage => new(
            $"CrossEntropy {rows} x 37, {typeof(TParts).Name}, {TWeight.Format}",
            observed,
            device =>
            {
                using var bench = new Workbench(device);
                var x = bench.Normal(rows * 13);
                var (weight, bias) = (bench.Normal<TWeight>(37 * 13), bench.Normal<TWeight>(37));
                var targets = Targets(bench, rows);
                var (xAt, weightAt, biasAt, targetsAt) = (bench.Add(x), bench.AddWeight<TWeight>(weight), bench.AddWeight<TWeight>(bias), bench.Add(targets));
                var (logitsAt, lossesAt) = (bench.Result(16 * 37), bench.BatchResult(rows));
                bench.Run(on => on.CrossEntropy<HeadOf13<TParts, TWeight>, TWeight>(xAt, weightAt, TParts.HasBias ? biasAt : Place.None, targetsAt, logitsAt, lossesAt, rows));
                return Distance.Between(bench.Read(lossesAt, rows), Losses<TParts>(Reference.Doubles(x), Reference.Doubles(weight), Reference.Doubles(bias), targets));
            });

    private static KernelCase Gradient<TParts>(int rows, double observed)
        where TParts : struct, IHeadParts => new(
            $"CrossEntropyWithGradient {rows} x 37, {typeof(TParts).Name}",
            observed,
            device =>
            {
                const float lossScale = 0.125f;
                using var bench = new Workbench(device);
                var x = bench.Normal(rows * 13);
                var (weight, bias) = (bench.Normal(37 * 13), bench.Normal(37));
                var targets = Targets(bench, rows);
                var (weightBefore, biasBefore) = (bench.Normal(37 * 13), bench.Normal(37));
                var (xAt, weightAt, biasAt, targetsAt) = (bench.Add(x), bench.AddWeight<Float32>(weight), bench.AddWeight<Float32>(bias), bench.Add(targets));
                var (logitsAt, lossesAt, inputGradientAt) = (bench.Result(16 * 37), bench.BatchResult(rows), bench.Result(rows * 13));
                var (weightGradientAt, biasGradientAt) = (bench.Add<float>(Region.Gradients, weightBefore), bench.Add<float>(Region.Gradients, biasBefore));
                bench.Run(on => on.CrossEntropyWithGradient<HeadOf13<TParts, Float32>>(
                    xAt,
                    weightAt,
                    TParts.HasBias ? biasAt : Place.None,
                    targetsAt,
                    logitsAt,
                    lossesAt,
                    inputGradientAt,
                    weightGradientAt,
                    TParts.HasBias ? biasGradientAt : Place.None,
                    lossScale,
                    rows));

                var (inputs, weights, biases) = (Reference.Doubles(x), Reference.Doubles(weight), Reference.Doubles(bias));
                double Loss() => lossScale * Losses<TParts>(inputs, weights, biases, targets).Sum();
                double[] errors =
                [
                    Distance.Between(bench.Read(lossesAt, rows), Losses<TParts>(inputs, weights, biases, targets)),
                    Distance.Between(bench.Read(inputGradientAt, x.Length), Reference.Slopes(_ => Loss(), inputs)),
                    Distance.Between(bench.Read(weightGradientAt, weight.Length), Reference.Sum(weightBefore, Reference.Slopes(_ => Loss(), weights))),
                    Distance.Between(bench.Read(biasGradientAt, bias.Length), Reference.Sum(biasBefore, Reference.Slopes(_ => Loss(), biases))),
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

    private static double[] Losses<TParts>(double[] x, double[] weight, double[] bias, int[] targets)
        where TParts : struct, IHeadParts
    {
        var losses = new double[targets.Length];
        for (var r = 0; r < targets.Length; r++)
        {
            if (targets[r] < 0)
                continue;

            var logits = new double[37];
            for (var v = 0; v < 37; v++)
            {
                var z = TParts.HasBias ? bias[v] : 0;
                for (var c = 0; c < 13; c++)
                    z += x[(r * 13) + c] * weight[(v * 13) + c];
                logits[v] = TParts.LogitSoftCap > 0 ? TParts.LogitSoftCap * Math.Tanh(z / TParts.LogitSoftCap) : z;
            }

            losses[r] = Math.Log(logits.Sum(Math.Exp)) - logits[targets[r]];
        }

        return losses;
    }
}

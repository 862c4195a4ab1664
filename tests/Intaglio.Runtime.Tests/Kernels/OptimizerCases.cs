using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>What the optimizer does to flat ranges.</summary>
internal static class OptimizerCases
{
    public static IEnumerable<KernelCase> All =>
    [
        AdamW(start: 0, count: 77, observed: 4.5e-8),
        AdamW(start: 32, count: 45, observed: 4.4e-8),
        SumOfSquares(count: 5, observed: 2.2e-8),
        SumOfSquares(count: 40_003, observed: 1.6e-8),
    ];

    private static KernelCase AdamW(int start, int count, double observed) => new(
        $"AdamW {start} to {start + count}",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var step = new AdamWStep(LearningRate: 0.01f, Beta1: 0.9f, Beta2: 0.99f, Epsilon: 1e-5f, WeightDecay: 0.1f, Correction1: 0.271f, Correction2: 0.029701f, GradientScale: 0.7f);
            var weights = bench.Normal(100);
            var gradients = bench.Normal(100);
            var firstMoments = bench.Normal(100, 0.1f);
            var secondMoments = Array.ConvertAll(bench.Normal(100, 0.1f), Math.Abs);
            var weightsAt = bench.Add<float>(Region.Weights, weights);
            bench.Add<float>(Region.Gradients, gradients);
            var (firstAt, secondAt) = (bench.Add<float>(Region.FirstMoments, firstMoments), bench.Add<float>(Region.SecondMoments, secondMoments));
            var execution = bench.Start();
            execution.AdamW(start, count, step);
            execution.Synchronize();

            var (w, m, v) = (Reference.Doubles(weights), Reference.Doubles(firstMoments), Reference.Doubles(secondMoments));
            for (var i = start; i < start + count; i++)
            {
                var g = (double)gradients[i] * step.GradientScale;
                m[i] = (step.Beta1 * m[i]) + ((1 - (double)step.Beta1) * g);
                v[i] = (step.Beta2 * v[i]) + ((1 - (double)step.Beta2) * g * g);
                w[i] -= step.LearningRate * ((m[i] / step.Correction1 / (Math.Sqrt(v[i] / step.Correction2) + step.Epsilon)) + (step.WeightDecay * w[i]));
            }

            double[] errors = [Distance.Between(bench.Read(weightsAt, 100), w), Distance.Between(bench.Read(firstAt, 100), m), Distance.Between(bench.Read(secondAt, 100), v)];
            return errors.Max();
        });

    private static KernelCase SumOfSquares(int count, double observed) => new(
        $"SumOfSquares of {count}",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var values = bench.Normal(count);
            bench.Add<float>(Region.Gradients, values);
            var sum = bench.Start().SumOfSquares(Region.Gradients, count);
            return Distance.Between([(float)sum], [values.Sum(value => (double)value * value)]);
        });
}

using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Biases by relative position: distances share buckets, and one bucket has none.</summary>
internal static class RelativeBiasCases
{
    private const int Heads = 3;
    private const int Buckets = 5;

    public static IEnumerable<KernelCase> All =>
    [
        Expand<Float32>(distances: 11, observed: 0),
        Expand<BFloat16>(distances: 1, observed: 0),
        Backward(batch: 4, distances: 11, observed: 2.8e-7),
        Backward(batch: 1, distances: 1, observed: 5.0e-8),
    ];

    private static KernelCase Expand<TWeight>(int distances, double observed)
        where TWeight : struct, IStorage => new(
            $"ExpandBias 3 x {distances}, {TWeight.Format}",
            observed,
            device =>
            {
                using var bench = new Workbench(device);
                var table = bench.Normal<TWeight>(Buckets * Heads);
                var buckets = bench.Integers(distances, Buckets - 1);
                var (tableAt, bucketsAt, outputAt) = (bench.AddWeight<TWeight>(table), bench.Add(buckets), bench.Result(Heads * distances));
                bench.Run(on => on.ExpandBias<ThreeHeadsOf5Buckets, TWeight>(tableAt, bucketsAt, outputAt, distances));
                return Distance.Between(bench.Read(outputAt, Heads * distances), Biases(Reference.Doubles(table), buckets));
            });

    private static KernelCase Backward(int batch, int distances, double observed) => new(
        $"ExpandBiasBackward {batch} x 3 x {distances}",
        observed,
        device =>
        {
            using var bench = new Workbench(device);
            var gradient = bench.Normal(batch * Heads * distances);
            var buckets = bench.Integers(distances, Buckets - 1);
            var before = bench.Normal(Buckets * Heads);
            var (gradientAt, bucketsAt, tableGradientAt) = (bench.Add(gradient), bench.Add(buckets), bench.Add<float>(Region.Gradients, before));
            bench.Run(on => on.ExpandBiasBackward<ThreeHeadsOf5Buckets>(gradientAt, bucketsAt, tableGradientAt, batch, distances));

            // Every sequence is given the same biases.
            var slopes = Reference.Slopes(table => gradient.Chunk(Heads * distances).Sum(sequence => Reference.Dot(Biases(table, buckets), sequence)), new double[Buckets * Heads]);
            return Distance.Between(bench.Read(tableGradientAt, Buckets * Heads), Reference.Sum(before, slopes));
        });

    private static double[] Biases(double[] table, int[] buckets) => [.. Enumerable.Range(0, Heads).SelectMany(head => buckets.Select(bucket => table[(bucket * Heads) + head]))];
}

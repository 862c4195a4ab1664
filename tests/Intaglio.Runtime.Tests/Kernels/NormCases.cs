using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>LayerNorm, RMSNorm and their gradients.</summary>
internal static class NormCases
{
    public static IEnumerable<KernelCase> All =>
    [
        Forward<NormOf21<Identity, Float32>, Float32>(rows: 13, observed: 8.8e-7),
        Forward<NormOf21<Identity, BFloat16>, BFloat16>(rows: 3, observed: 6.7e-7),
        Forward<NormOf32WithoutBias<Identity, Float32>, Float32>(rows: 5, observed: 2.9e-7),
        Forward<RmsNormOf21<Identity, Float32>, Float32>(rows: 13, observed: 1.5e-7),
        Forward<ThreeHeadNorms<Identity, Float32>, Float32>(rows: 5, observed: 2.0e-7),
        Forward<ThreeHeadNorms<Identity, BFloat16>, BFloat16>(rows: 1, observed: 8.8e-8),
        Forward<ApartHeadNorms<Identity, Float32>, Float32>(rows: 4, observed: 8.9e-7),
        GroupsBackward<ThreeHeadNorms<Identity, Float32>, Identity, Float32>(rows: 5, observed: 4.0e-7),
        GroupsBackward<ApartHeadNorms<AddFull, Float32>, AddFull, Float32>(rows: 4, observed: 3.1e-7),
        GroupsBackward<ApartHeadNorms<Identity, Float32>, Identity, Float32>(rows: 1, observed: 1.8e-7),
        GroupsBackward<NormOf21<Identity, Float32>, Identity, Float32>(rows: 3, observed: 3.7e-7),
        Backward<NormOf21<Identity, Float32>, Identity, Float32>(rows: 13, observed: 5.4e-7),
        Backward<RmsNormOf21<AddFull, Float32>, AddFull, Float32>(rows: 13, observed: 3.6e-7),
        Backward<NormOf21<AddFull, Float32>, AddFull, Float32>(rows: 13, observed: 5.4e-7),
        Backward<NormOf21<Everything, Float32>, Everything, Float32>(rows: 13, observed: 5.4e-7),
        Backward<NormOf32WithoutBias<Everything, Float32>, Everything, Float32>(rows: 130, observed: 1.2e-6),
        Backward<NormOf32WithoutBias<Everything, BFloat16>, Everything, BFloat16>(rows: 4, observed: 2.3e-7),
    ];

    private static KernelCase Forward<TShape, TWeight>(int rows, double observed)
        where TShape : struct, INormShape
        where TWeight : struct, IStorage => new(
            $"{Name<TShape>("")} {rows} x {TShape.Width}{(TShape.HasBias ? "" : " without bias")}, {TWeight.Format}",
            observed,
            device =>
            {
                using var bench = new Workbench(device);
                var x = Array.ConvertAll(bench.Normal(rows * TShape.InputStride), value => value + 3);
                var gain = bench.Normal<TWeight>(TShape.Width);
                var bias = bench.Normal<TWeight>(TShape.Width);
                var (xAt, gainAt, biasAt) = (bench.Add(x), bench.AddWeight<TWeight>(gain), bench.AddWeight<TWeight>(bias));
                var (outputAt, statisticsAt) = (bench.Result(rows * TShape.Groups * TShape.Width), bench.Result(rows * TShape.Groups * 2));
                bench.Run(on => on.Normalize<TShape, TWeight>(xAt, gainAt, TShape.HasBias ? biasAt : Place.None, outputAt, statisticsAt, rows));

                var groups = Reference.Groups<TShape, double>(Reference.Doubles(x));
                var statistics = Reference.Statistics<TShape>(groups);
                var output = Reference.Normalize<TShape>(groups, Reference.Doubles(gain), Reference.Doubles(bias));
                return Math.Max(Distance.Between(bench.Read(outputAt, output.Length), output), Distance.Between(bench.Read(statisticsAt, statistics.Length), statistics));
            });

    // Against finite differences. What lies between the groups stays as it is.
    private static KernelCase GroupsBackward<TShape, TFusion, TWeight>(int rows, double observed)
        where TShape : struct, INormShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage => new(
            $"{Name<TShape>("Backward")} {rows} x {TShape.Width} by finite differences, {typeof(TFusion).Name}",
            observed,
            device =>
            {
                using var bench = new Workbench(device);
                var (x, gain, bias) = (bench.Normal(rows * TShape.InputStride), bench.Normal<TWeight>(TShape.Width), bench.Normal<TWeight>(TShape.Width));
                var outputGradient = bench.Normal(rows * TShape.Groups * TShape.Width);
                var (gainBefore, biasBefore) = (bench.Normal(TShape.Width), bench.Normal(TShape.Width));
                var groups = Reference.Groups<TShape, double>(Reference.Doubles(x));
                var (xAt, outputGradientAt, gainAt) = (bench.Add(x), bench.Add(outputGradient), bench.AddWeight<TWeight>(gain));
                var statisticsAt = bench.Add(Array.ConvertAll(Reference.Statistics<TShape>(groups), value => (float)value));
                var (gainGradientAt, biasGradientAt) = (bench.Add<float>(Region.Gradients, gainBefore), bench.Add<float>(Region.Gradients, biasBefore));
                var full = bench.Normal(x.Length);
                var inputGradientAt = bench.Add(full);
                bench.Run(on => on.NormalizeBackward<TShape, TFusion, TWeight>(
                    outputGradientAt, xAt, gainAt, statisticsAt, Place.None, TFusion.HasFull ? inputGradientAt : Place.None, inputGradientAt, Place.None, gainGradientAt, TShape.HasBias ? biasGradientAt : Place.None, rows));

                var (gains, biases) = (Reference.Doubles(gain), Reference.Doubles(bias));
                var plain = Reference.Slopes(at => Reference.Dot(Reference.Normalize<TShape>(at, gains, biases), outputGradient), groups);
                var (inputGradient, fullGroups) = (bench.Read(inputGradientAt, x.Length), Reference.Groups<TShape, float>(full));
                var (fused, _) = Reference.Fuse<TFusion>(plain, new float[TShape.Width], fullGroups, TShape.Width, Workbench.Step, site: 0);
                Assert.Equal((TShape.InputStride - (TShape.Groups * TShape.Width)) * rows, inputGradient.Zip(full).Count(pair => pair.First == pair.Second));
                double[] errors =
                [
                    Distance.Between(Reference.Groups<TShape, float>(inputGradient), fused),
                    Distance.Between(
                        bench.Read(gainGradientAt, TShape.Width),
                        Reference.Sum(gainBefore, Reference.Slopes(at => Reference.Dot(Reference.Normalize<TShape>(groups, at, biases), outputGradient), gains))),
                    Distance.Between(
                        bench.Read(biasGradientAt, TShape.Width),
                        Reference.Sum(biasBefore, Reference.Slopes(at => Reference.Dot(Reference.Normalize<TShape>(groups, gains, at), outputGradient), biases))),
                ];
                return errors.Max();
            });

    private static string Name<TShape>(string direction)
        where TShape : struct, INormShape =>
        $"{(TShape.Centers ? "LayerNorm" : "RMSNorm")}{direction}{(TShape.Groups == 1 ? "" : $" of {TShape.Groups} groups")}";

    private static KernelCase Backward<TShape, TFusion, TWeight>(int rows, double observed)
        where TShape : struct, INormShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage => new(
            $"{Name<TShape>("Backward")} {rows} x {TShape.Width}{(TShape.HasBias ? "" : " without bias")}, {typeof(TFusion).Name}, {TWeight.Format}",
            observed,
            device =>
            {
                const uint site = 9;
                using var bench = new Workbench(device);
                var width = TShape.Width;
                var x = bench.Normal(rows * width);
                var outputGradient = bench.Normal(rows * width);
                var gain = bench.Normal<TWeight>(width);
                var row = bench.Normal<TWeight>(width);
                var full = bench.Normal(rows * width);
                var gainBefore = bench.Normal(width);
                var biasBefore = bench.Normal(width);
                var statistics = Array.ConvertAll(Reference.Statistics<TShape>(Reference.Doubles(x)), value => (float)value);
                var (xAt, outputGradientAt, statisticsAt) = (bench.Add(x), bench.Add(outputGradient), bench.Add(statistics));
                var (gainAt, rowAt, fullAt) = (bench.AddWeight<TWeight>(gain), bench.AddWeight<TWeight>(row), bench.Add(full));
                var (gainGradientAt, biasGradientAt) = (bench.Add<float>(Region.Gradients, gainBefore), bench.Add<float>(Region.Gradients, biasBefore));
                var savedAt = bench.Result(x.Length);

                // The residual's gradient is added where it lies, as in a backward pass.
                var inputGradientAt = TFusion.HasFull ? fullAt : bench.Result(x.Length);
                bench.Run(on => on.NormalizeBackward<TShape, TFusion, TWeight>(
                    outputGradientAt,
                    xAt,
                    gainAt,
                    statisticsAt,
                    TFusion.HasRow ? rowAt : Place.None,
                    TFusion.HasFull ? fullAt : Place.None,
                    inputGradientAt,
                    TFusion.Saves ? savedAt : Place.None,
                    gainGradientAt,
                    TShape.HasBias ? biasGradientAt : Place.None,
                    rows,
                    site));

                var gainGradient = Reference.Doubles(gainBefore);
                var biasGradient = Reference.Doubles(biasBefore);
                var plain = new double[x.Length];
                for (var r = 0; r < rows; r++)
                {
                    double mean = statistics[2 * r], rstd = statistics[(2 * r) + 1], sum = 0, product = 0;
                    for (var c = 0; c < width; c++)
                    {
                        var gradient = (double)outputGradient[(r * width) + c];
                        var normed = (x[(r * width) + c] - mean) * rstd;
                        gainGradient[c] += gradient * normed;
                        if (TShape.HasBias)
                            biasGradient[c] += gradient;
                        sum += gradient * gain[c];
                        product += gradient * gain[c] * normed;
                    }

                    for (var c = 0; c < width; c++)
                    {
                        var normed = (x[(r * width) + c] - mean) * rstd;
                        plain[(r * width) + c] = rstd * (((double)outputGradient[(r * width) + c] * gain[c]) - (TShape.Centers ? sum / width : 0) - (normed * product / width));
                    }
                }

                var (output, saved) = Reference.Fuse<TFusion>(plain, row, full, width, Workbench.Step, site);
                double[] errors =
                [
                    Distance.Between(bench.Read(inputGradientAt, x.Length), output),
                    Distance.Between(bench.Read(gainGradientAt, width), gainGradient),
                    Distance.Between(bench.Read(biasGradientAt, width), biasGradient),
                    TFusion.Saves ? Distance.Between(bench.Read(savedAt, x.Length), saved) : 0,
                ];
                return errors.Max();
            });
}

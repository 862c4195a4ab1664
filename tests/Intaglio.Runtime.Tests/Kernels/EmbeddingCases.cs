using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Lookups and their gradient; tokens repeat.</summary>
internal static class EmbeddingCases
{
    public static IEnumerable<KernelCase> All =>
    [
        Lookup<EmbeddingOf13<Identity, Float32>, Identity, Float32>(rows: 11, observed: 5.2e-8),
        Lookup<EmbeddingOf13<DropoutOnly, Float32>, DropoutOnly, Float32>(rows: 11, observed: 9.9e-8),
        Lookup<EmbeddingOf13<Identity, BFloat16>, Identity, BFloat16>(rows: 11, observed: 0),
        Lookup<EmbeddingWithoutPositions<Identity, Float32>, Identity, Float32>(rows: 3, observed: 0),
        Gradient<EmbeddingOf13<Identity, Float32>>(rows: 29, observed: 2.4e-7),
        Gradient<EmbeddingWithoutPositions<Identity, Float32>>(rows: 29, observed: 1.3e-7),
        Gradient<PaddedEmbedding<Identity, Float32>>(rows: 29, observed: 2.4e-7),
    ];

    private static KernelCase Lookup<TShape, TFusion, TWeight>(int rows, double observed)
        where TShape : struct, IEmbeddingShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage => new(
            $"Embed {rows} x {TShape.Width}{(TShape.Positions > 0 ? " with positions" : "")}, {typeof(TFusion).Name}, {TWeight.Format}",
            observed,
            device =>
            {
                const uint site = 2;
                using var bench = new Workbench(device);
                var tokens = bench.Integers(rows, TShape.Vocabulary);
                var positions = bench.Integers(rows, Math.Max(1, TShape.Positions));
                var tokenTable = bench.Normal<TWeight>(TShape.Vocabulary * TShape.Width);
                var positionTable = bench.Normal<TWeight>(Math.Max(1, TShape.Positions) * TShape.Width);
                var (tokensAt, positionsAt) = (bench.Add(tokens), bench.Add(positions));
                var (tokenTableAt, positionTableAt) = (bench.AddWeight<TWeight>(tokenTable), bench.AddWeight<TWeight>(positionTable));
                var outputAt = bench.Result(rows * TShape.Width);
                bench.Run(on => on.Embed<TShape, TFusion, TWeight>(
                    tokensAt, TShape.Positions > 0 ? positionsAt : Place.None, tokenTableAt, TShape.Positions > 0 ? positionTableAt : Place.None, outputAt, rows, site));

                var plain = new double[rows * TShape.Width];
                for (var i = 0; i < plain.Length; i++)
                {
                    var (r, c) = (i / TShape.Width, i % TShape.Width);
                    plain[i] = tokenTable[(tokens[r] * TShape.Width) + c] + (TShape.Positions > 0 ? (double)positionTable[(positions[r] * TShape.Width) + c] : 0);
                }

                var unused = new float[plain.Length];
                var (output, _) = Reference.Fuse<TFusion>(plain, unused, unused, TShape.Width, Workbench.Step, site);
                return Distance.Between(bench.Read(outputAt, output.Length), output);
            });

    private static KernelCase Gradient<TShape>(int rows, double observed)
        where TShape : struct, IEmbeddingShape => new(
            $"EmbedBackward {rows} x {TShape.Width}{(TShape.Positions > 0 ? " with positions" : "")}{(TShape.PaddingToken < 0 ? "" : " and padding")}",
            observed,
            device =>
            {
                using var bench = new Workbench(device);
                var tokens = bench.Integers(rows, TShape.Vocabulary);
                if (TShape.PaddingToken >= 0)
                    tokens[0] = TShape.PaddingToken;
                var positions = bench.Integers(rows, Math.Max(1, TShape.Positions));
                var gradient = bench.Normal(rows * TShape.Width);
                var tokenBefore = bench.Normal(TShape.Vocabulary * TShape.Width);
                var positionBefore = bench.Normal(Math.Max(1, TShape.Positions) * TShape.Width);
                var (tokensAt, positionsAt, gradientAt) = (bench.Add(tokens), bench.Add(positions), bench.Add(gradient));
                var (tokenAt, positionAt) = (bench.Add<float>(Region.Gradients, tokenBefore), bench.Add<float>(Region.Gradients, positionBefore));
                bench.Run(on => on.EmbedBackward<TShape>(
                    tokensAt, TShape.Positions > 0 ? positionsAt : Place.None, gradientAt, tokenAt, TShape.Positions > 0 ? positionAt : Place.None, rows));

                var token = Reference.Doubles(tokenBefore);
                var position = Reference.Doubles(positionBefore);
                for (var i = 0; i < gradient.Length; i++)
                {
                    var (r, c) = (i / TShape.Width, i % TShape.Width);
                    token[(tokens[r] * TShape.Width) + c] += tokens[r] == TShape.PaddingToken ? 0 : gradient[i];
                    if (TShape.Positions > 0)
                        position[(positions[r] * TShape.Width) + c] += gradient[i];
                }

                return Math.Max(Distance.Between(bench.Read(tokenAt, token.Length), token), Distance.Between(bench.Read(positionAt, position.Length), position));
            });
}

namespace Intaglio.Numerics.Cpu;

/// <summary>output += leftᵀ · right: the gradient of a weight, whose sums are as long as a batch has tokens.</summary>
internal static unsafe class GradientProduct
{
    // Rows of a tile by half of it, and a panel, fit the caches. Shorter parts would cost more in reading and writing the output.
    private const int LongestInHalves = 1024;

    // Of an output that is longer for its sums, adding the halves takes longer than it saves.
    private const long MostElementsPerTerm = 1024;

    /// <summary>Adds the product.</summary>
    /// <param name="on">Where.</param>
    /// <param name="factors">The product; its left factor is stored transposed, its right one as it stands.</param>
    /// <param name="output">What it is added to.</param>
    public static void Add<T>(CpuExecution on, in Factors factors, float* output)
        where T : struct, IWideLane<T>
    {
        var isInHalves = IsInHalves<T>(factors);
        var parts = RowBlocks.Items(factors.Depth, isInHalves ? LongestInHalves : Product.LongestPart<T>(factors));
        var depth = RowBlocks.Items(factors.Depth, parts);
        for (var start = 0; start < factors.Depth; start += depth)
        {
            var part = factors.Part<Float32>(start, Math.Min(depth, factors.Depth - start));
            if (isInHalves)
                Tiles.Choose<T, Halves<T>>(part.Columns, new(on, part, output));
            else
                Product.Run<T, AddToOutput, Float32>(on, part, Addition(output, part.Columns));
        }
    }

    private static bool IsInHalves<T>(in Factors factors)
        where T : struct, IWideLane<T>
        => factors.Columns % (Tiles.VectorsFor<T>(factors.Columns) * T.Count) == 0
        && (long)factors.Rows * factors.Columns <= Math.Min(Gemm.CacheFloats, MostElementsPerTerm * factors.Depth)
        && !Gemm.IsSmall(factors);

    private static FusionOperands<AddToOutput, Float32> Addition(float* output, int columns) => new(null, output, output, null, columns, default);

    private readonly struct Halves<T>(CpuExecution on, Factors factors, float* output) : ITileAction
        where T : struct, IWideLane<T>
    {
        public void Invoke<TTile>()
            where TTile : struct, ITile
        {
            var multiply = new MultiplyHalves<T, TTile>(factors, output, on.Workspace, on.Pool.Threads);
            on.Pool.Run(ref multiply, multiply.Items);
            var add = new MapRows<T, AddToOutput>(on.Workspace.Shared, Addition(output, factors.Columns), factors.Columns, factors.Rows);
            on.Pool.Run(ref add, add.Items);
        }
    }
}

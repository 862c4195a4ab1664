namespace Intaglio.Numerics.Cpu;

/// <summary>Chooses the algorithm of a product. How a sum falls into parts depends on the shape alone.</summary>
internal static unsafe class Product
{
    // Longer sums that may come in parts do: so that a panel and a block of rows fit the second-level cache together, and if possible all panels the
    // workspace, since each filling of it packs the rows again. Shorter parts would cost more in reading and writing the output.
    private const int MostOfPart = 1024;
    private const int LeastOfPart = 512;

    // Reading fewer is not worth waking threads for: about 3 μs.
    private const long FewestWeights = 1 << 16;

    /// <summary>fusion(left · right).</summary>
    public static void Run<T, TFusion, TWeight>(CpuExecution on, in Factors factors, in FusionOperands<TFusion, TWeight> fusion)
        where T : struct, IWideLane<T>
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        if (FewRows<T, TFusion, TWeight>.Suit(factors) || (!factors.LeftTransposed && factors.Depth > Gemm.LongestDepth))
        {
            var work = new FewRows<T, TFusion, TWeight>(factors, fusion, on.Workspace);
            if ((long)factors.Columns * factors.Depth < FewestWeights)
                WorkerPool.RunAlone(ref work, work.Items);
            else
                on.Pool.Run(ref work, work.Items);
            return;
        }

        Gemm.Run<T, TFusion, TWeight>(on.Pool, on.Workspace, factors, fusion);
    }

    /// <summary>left · right, for sums of any length.</summary>
    public static void RunPlain<T, TWeight>(CpuExecution on, in Factors factors, float* output)
        where T : struct, IWideLane<T>
        where TWeight : struct, IStorage
    {
        var parts = RowBlocks.Items(factors.Depth, LongestPart<T>(factors));
        var depth = RowBlocks.Items(factors.Depth, parts);
        for (var start = 0; start < factors.Depth; start += depth)
        {
            var part = factors.Part<TWeight>(start, Math.Min(depth, factors.Depth - start));
            if (start > 0)
                Run<T, AddToOutput, TWeight>(on, part, new(null, output, output, null, factors.Columns, default));
            else
                Run<T, Identity, TWeight>(on, part, new(null, null, output, null, factors.Columns, default));
        }
    }

    /// <summary>How many terms of a sum that may come in parts are taken at once.</summary>
    public static int LongestPart<T>(in Factors factors)
        where T : struct, IWideLane<T>
        => Math.Clamp(CpuWorkspace.SharedFloats / (factors.Columns + (5 * T.Count)), LeastOfPart, MostOfPart);
}

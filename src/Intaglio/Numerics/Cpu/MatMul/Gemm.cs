namespace Intaglio.Numerics.Cpu;

/// <summary>
/// Matrix products by packed panels (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3), 2008). Every element is
/// one sum from the first index to the last, so neither blocks nor threads change a bit.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>The longest sum: a tile's rows, and the line after them, must fit a thread's memory.</summary>
    public const int LongestDepth = (PackedFloats / 8) - 16;

    /// <summary>Where a thread's packed rows begin: behind the sums of a tile.</summary>
    public const int PackedStart = 448;

    /// <summary>As much of a matrix stays in usual second-level caches of two cores.</summary>
    public const int CacheFloats = 1 << 19;

    // Rows of larger factors are so far apart that a panel's meet in the same lines of the second-level cache.
    private const int MostUnpacked = 5 << 17;

    // Packing six rows as eight writes a little more than it keeps.
    private const int PackedFloats = CpuWorkspace.ThreadFloats - PackedStart - 64;

    // At least so many items for the threads to share.
    private const int FewestItems = 12;

    // Less work than this, in multiplications, is not worth waking threads for: about 5 μs.
    private const long FewestMultiplications = 1 << 18;

    // 128 rows of the left factor stay in the second-level cache while all panels pass.
    private const int BlockRows = 128;

    // With more rows each panel is multiplied so often that packing it costs little, and rows that all threads pack no longer stay in their caches.
    private const int FewRows = 2 * BlockRows;

    /// <summary>Whether one thread is as fast as several.</summary>
    public static bool IsSmall(in Factors factors) => (long)factors.Rows * factors.Columns * factors.Depth < FewestMultiplications;

    /// <summary>c = fusion(a · b) for a depth of at most <see cref="LongestDepth"/>.</summary>
    public static void Run<T, TFusion, TWeight>(WorkerPool pool, CpuWorkspace workspace, in Factors factors, in FusionOperands<TFusion, TWeight> fusion)
        where T : struct, IWideLane<T>
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        var whole = factors.Columns - FewLast<T, TWeight>(factors);
        if (whole > 0)
            Tiles.Choose<T, Panels<T, TFusion, TWeight>>(whole, new(pool, workspace, factors with { Columns = whole }, fusion));
        if (whole == factors.Columns)
            return;

        var last = new FewColumns<T, TFusion, TWeight>(factors, fusion, whole);
        pool.Run(ref last, last.Items);
    }

    // How many columns are left over by whole panels, where they are too few for one of their own.
    private static int FewLast<T, TWeight>(in Factors factors)
        where T : struct, IWideLane<T>
        where TWeight : struct, IStorage
    {
        if (factors.LeftTransposed || !factors.RightTransposed || TWeight.Format != NumberFormat.FP32)
            return 0;

        var (wide, narrow) = Tiles.HasManyRegisters ? (4 * T.Count, 3 * T.Count) : (3 * T.Count, 2 * T.Count);
        var left = Math.Min(factors.Columns % wide, factors.Columns % narrow);
        return left <= FewColumns<T, Identity, TWeight>.Most ? left : 0;
    }

    private static void Run<T, TTile, TFusion, TWeight>(WorkerPool pool, CpuWorkspace workspace, in Factors factors, in FusionOperands<TFusion, TWeight> fusion)
        where T : struct, IWideLane<T>
        where TTile : struct, ITile
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        var product = new PanelProduct<T, TTile, TFusion, TWeight>(factors, fusion);
        var width = PanelProduct<T, TTile, TFusion, TWeight>.Width;
        var panels = CeilingOf(factors.Columns, width);
        var panelsAtOnce = Math.Min(panels, (int)(CpuWorkspace.SharedFloats / PackRight<T, TWeight>.Stride(factors.Depth, width)));
        var isSmall = IsSmall(factors);
        var parts = PanelItem.Parts(factors.Rows, pool.Threads);
        if (!isSmall && (parts * panels >= FewestItems || panels <= parts) && FitsByPanels<TTile>(factors, width, parts))
        {
            var packLeft = new PackLeft<TTile>(factors, workspace.Shared);
            pool.Run(ref packLeft, packLeft.Items);
            var packAndMultiply = new PackAndMultiply<T, TTile, TFusion, TWeight>(factors, product, workspace, parts);
            pool.Run(ref packAndMultiply, packAndMultiply.Items);
            return;
        }

        if (!isSmall && IsUnpacked<TTile, TWeight>(factors, width, parts))
        {
            var packLeft = new PackLeft<TTile>(factors, workspace.Shared);
            pool.Run(ref packLeft, packLeft.Items);
            var multiply = new MultiplyUnpacked<T, TTile, TFusion, TWeight>(factors, product, workspace.Shared, workspace, parts);
            pool.Run(ref multiply, multiply.Items);
            return;
        }

        for (var first = 0; first < panels; first += panelsAtOnce)
        {
            var count = Math.Min(panelsAtOnce, panels - first);
            var pack = new PackRight<T, TWeight>(factors, workspace.Shared, width, first, count);
            var multiply = new MultiplyPanels<T, TTile, TFusion, TWeight>(factors, product, workspace, first, count, Blocks<T, TTile>(factors, count, isSmall ? 1 : pool.Threads));
            if (isSmall)
            {
                WorkerPool.RunAlone(ref pack, pack.Items);
                WorkerPool.RunAlone(ref multiply, multiply.Items);
            }
            else
            {
                pool.Run(ref pack, pack.Items);
                pool.Run(ref multiply, multiply.Items);
            }
        }
    }

    // Whether threads can take a panel each: all rows fit the shared memory, and a panel a thread's part.
    private static bool FitsByPanels<TTile>(in Factors factors, int width, int parts)
        where TTile : struct, ITile
        => factors is { LeftTransposed: false, RightTransposed: true }
        && (factors.Rows <= FewRows * parts || (long)factors.Rows * factors.Depth <= CacheFloats)
        && CeilingOf(factors.Rows, TTile.Rows) * PackLeft<TTile>.Stride(factors.Depth) <= CpuWorkspace.SharedFloats
        && (long)factors.Depth * width <= CpuWorkspace.ThreadFloats - PackedStart;

    // Whether the right factor is read as it lies: once for each tile of rows.
    private static bool IsUnpacked<TTile, TWeight>(in Factors factors, int width, int parts)
        where TTile : struct, ITile
        where TWeight : struct, IStorage
        => !factors.RightTransposed && TWeight.Format == NumberFormat.FP32
        && factors.Columns % width == 0
        && (factors.Rows <= BlockRows * parts || (factors.Rows <= 4 * BlockRows * parts && (long)factors.Depth * factors.Columns <= MostUnpacked))
        && CeilingOf(factors.Rows, TTile.Rows) * PackLeft<TTile>.Stride(factors.Depth) <= CpuWorkspace.SharedFloats;

    // How rows and panels are shared out: from blocks as large as the caches like, the longer side is halved until there are enough items; which items a sum is part of does not change it.
    private static (int Rows, int Panels) Blocks<T, TTile>(in Factors factors, int panels, int threads)
        where T : struct, IWideLane<T>
        where TTile : struct, ITile
    {
        var fitting = (int)(PackedFloats / PackLeft<TTile>.Stride(factors.Depth)) * TTile.Rows;
        var most = Math.Min(BlockRows / TTile.Rows * TTile.Rows, fitting);
        var least = Math.Min(most, 4 * TTile.Rows);
        var rowBlocks = CeilingOf(factors.Rows, most);
        var panelGroups = 1;

        // Items that share rows pack them once each, and rows of a factor that is stored transposed are slow to pack: as long as an item has six tiles, it gets rows of its own.
        if (factors.LeftTransposed && threads > 1 && rowBlocks < FewestItems)
            rowBlocks = Math.Min(FewestItems, CeilingOf(factors.Rows, 6 * TTile.Rows));

        while (threads > 1 && rowBlocks * panelGroups < FewestItems)
        {
            var rows = CeilingOf(factors.Rows, rowBlocks);
            var columns = CeilingOf(panels, panelGroups) * TTile.Vectors * T.Count;
            if (columns > 2 * rows && panelGroups < panels)
                panelGroups *= 2;
            else if (rows > least)
                rowBlocks *= 2;
            else if (panelGroups < panels)
                panelGroups *= 2;
            else
                break;
        }

        var tiles = CeilingOf(factors.Rows, TTile.Rows);
        return (TTile.Rows * EvenShare(tiles, CeilingOf(tiles, rowBlocks), panelGroups, threads), CeilingOf(panels, panelGroups));
    }

    // At most so many tiles an item that no thread has much more to do than another.
    private static int EvenShare(int tiles, int most, int groups, int threads)
    {
        var (share, least) = (most, int.MaxValue);
        for (var count = most; count > most / 2; count--)
        {
            var longest = CeilingOf(CeilingOf(tiles, count) * groups, threads) * count;
            if (longest < least)
                (share, least) = (count, longest);
        }

        return share;
    }

    private static int CeilingOf(int dividend, int divisor) => (dividend + divisor - 1) / divisor;

    private readonly struct Panels<T, TFusion, TWeight>(WorkerPool pool, CpuWorkspace workspace, Factors factors, FusionOperands<TFusion, TWeight> fusion) : ITileAction
        where T : struct, IWideLane<T>
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        public void Invoke<TTile>()
            where TTile : struct, ITile
            => Run<T, TTile, TFusion, TWeight>(pool, workspace, factors, fusion);
    }
}

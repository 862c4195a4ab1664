using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// output += leftᵀ · right with the first half of each sum and the second as items of their own ("split-K"; the second goes to the shared memory). With two threads, each
/// reads its half of both factors alone and packs its rows for itself. Sharing out the result instead, each thread needs all of both: what one of them packs, the other fetches from its caches,
/// which took a fifth of the product where the two share none. In training the rows of the factors were written by the same threads, so that each finds its half in its own caches.
/// </summary>
/// <param name="factors">The product: its left factor is stored transposed, its right one as it stands, and its columns are whole panels.</param>
/// <param name="output">What the first halves are added to.</param>
/// <param name="workspace">Its shared part receives the second halves; each thread's part holds a block of rows.</param>
/// <param name="threads">How many threads there are.</param>
internal readonly unsafe struct MultiplyHalves<T, TTile>(Factors factors, float* output, CpuWorkspace workspace, int threads) : IWork
    where T : struct, IWideLane<T>
    where TTile : struct, ITile
{
    // So many rows by half a sum leave room in the second-level cache for a panel.
    private const int MostRows = 128;

    // An item with fewer would read panels more often than it is worth.
    private const int FewestTiles = 6;

    // Items of a half, so that a thread that the system takes away does not keep the other waiting for long.
    private const int FewestBlocks = 4;

    private readonly int _blockRows = BlockRows(factors.Rows, threads);

    private static int Width => TTile.Vectors * T.Count;

    public int Items => 2 * Blocks;

    private int Blocks => RowBlocks.Items(factors.Rows, _blockRows);

    private int Half => (factors.Depth + 1) / 2;

    public void Invoke(int item, int thread)
    {
        if (item < Blocks)
            Multiply<AddToOutput>(factors.Part<Float32>(0, Half), new(null, output, output, null, factors.Columns, default), item, thread);
        else
            Multiply<Identity>(factors.Part<Float32>(Half, factors.Depth - Half), new(null, null, workspace.Shared, null, factors.Columns, default), item - Blocks, thread);
    }

    private void Multiply<TFusion>(in Factors half, in FusionOperands<TFusion, Float32> fusion, int block, int thread)
        where TFusion : struct, IFusion
    {
        var sums = workspace.Thread(thread);
        var packed = sums + Gemm.PackedStart;
        var row = block * _blockRows;
        Packing.TilesOfColumns<TTile>(half.Left + row, half.LeftStride, Math.Min(_blockRows, half.Rows - row), half.Depth, packed, PackLeft<TTile>.Stride(half.Depth));
        for (var column = 0; column < half.Columns; column += Width)
            MultiplyPanel(new PanelProduct<T, TTile, TFusion, Float32>(half, fusion), half, packed, sums, row, column);
    }

    [MethodImpl(Jit.HotLoop)]
    private void MultiplyPanel<TFusion>(PanelProduct<T, TTile, TFusion, Float32> product, in Factors half, float* packed, float* sums, int row, int column)
        where TFusion : struct, IFusion
    {
        var tileFloats = PackLeft<TTile>.Stride(half.Depth);
        var panel = (float*)half.Right + column;

        // What this thread is likely to read next: a panel of as many rows, or the columns that are the next block's rows.
        var isLast = column + Width == half.Columns;
        var nextRow = row + _blockRows;
        var next = isLast ? half.Left + nextRow : panel + Width;
        var nextStride = (isLast ? half.LeftStride : half.RightStride) * sizeof(float);
        var nextCount = isLast ? Math.Min(_blockRows, half.Rows - nextRow) : Width;

        var rows = Math.Min(_blockRows, half.Rows - row);
        for (var (index, line) = (0, 0); index < rows; index += TTile.Rows, line += Ahead.LineFloats)
        {
            var ahead = line < nextCount ? new(next + line, nextStride) : Ahead.Nothing(panel);
            product.Multiply(packed + (index / TTile.Rows * tileFloats), panel, half.RightStride, sums, row + index, Math.Min(TTile.Rows, rows - index), column, ahead);
        }
    }

    private static int BlockRows(int rows, int threads)
    {
        var tiles = RowBlocks.Items(rows, TTile.Rows);
        var blocks = Math.Max(RowBlocks.Items(rows, MostRows), Math.Min(Math.Max(FewestBlocks, threads), RowBlocks.Items(tiles, FewestTiles)));
        return RowBlocks.Items(tiles, blocks) * TTile.Rows;
    }
}

using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>Multiplies blocks of rows by groups of packed panels and applies the fusion to each finished tile.</summary>
/// <param name="factors">The product.</param>
/// <param name="product">What is done with a tile.</param>
/// <param name="workspace">Holds the panels; the rows are packed into each thread's part.</param>
/// <param name="first">The first panel.</param>
/// <param name="count">How many panels are packed.</param>
/// <param name="block">Rows and panels of an item.</param>
internal readonly unsafe struct MultiplyPanels<T, TTile, TFusion, TWeight>(
    Factors factors, PanelProduct<T, TTile, TFusion, TWeight> product, CpuWorkspace workspace, int first, int count, (int Rows, int Panels) block) : IWork
    where T : struct, IWideLane<T>
    where TTile : struct, ITile
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    private static int Width => PanelProduct<T, TTile, TFusion, TWeight>.Width;

    private readonly int _groups = (count + block.Panels - 1) / block.Panels;

    private readonly nint _tileFloats = PackLeft<TTile>.Stride(factors.Depth);

    private readonly nint _panelFloats = PackRight<T, TWeight>.Stride(factors.Depth, Width);

    public int Items => (factors.Rows + block.Rows - 1) / block.Rows * _groups;

    public void Invoke(int item, int thread)
    {
        var row = RowOf(item);
        var rows = Math.Min(block.Rows, factors.Rows - row);
        var panel = item % _groups * block.Panels;
        var end = Math.Min(panel + block.Panels, count);
        var sums = workspace.Thread(thread);
        var packed = sums + Gemm.PackedStart;

        PackRows(row, rows, packed);
        for (; panel < end; panel++)
            MultiplyPanel(packed, panel, sums, row, rows, panel + 1 < end ? -1 : RowOf(item + 1));
    }

    private void PackRows(int row, int rows, float* packed)
    {
        if (factors.LeftTransposed)
        {
            Packing.TilesOfColumns<TTile>(factors.Left + row, factors.LeftStride, rows, factors.Depth, packed, _tileFloats);
            return;
        }

        for (var index = 0; index < rows; index += TTile.Rows)
        {
            Packing.TileRows<TTile>(
                factors.Left + ((row + index) * factors.LeftStride), factors.LeftStride, factors.Rows - row - index, factors.Depth, packed + (index / TTile.Rows * _tileFloats));
        }
    }

    [MethodImpl(Jit.HotLoop)]
    private void MultiplyPanel(float* packed, int panel, float* sums, int row, int rows, int nextRow)
    {
        var column = (first + panel) * Width;
        var columns = workspace.Shared + (panel * _panelFloats);
        var tiles = RowBlocks.Items(rows, TTile.Rows);
        for (var index = 0; index < rows; index += TTile.Rows)
        {
            var ahead = nextRow < 0 ? InNextPanel(columns, index / TTile.Rows, tiles) : nextRow == row ? Ahead.Nothing(columns) : InRows(nextRow, index / TTile.Rows, columns);
            product.Multiply(packed + (index / TTile.Rows * _tileFloats), columns, Width, sums, row + index, Math.Min(TTile.Rows, rows - index), column, ahead);
        }
    }

    // Each tile asks for its part of the panel after this one: what comes from another core's cache comes slowly, and asked for at once would keep all else waiting.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Ahead InNextPanel(float* panel, int tile, int tiles)
    {
        var step = RowBlocks.Items(Width * sizeof(float), tiles);
        return new((byte*)(panel + _panelFloats) + ((nint)tile * factors.Depth * step), step);
    }

    // The rows that this thread is likely to pack next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Ahead InRows(int row, int tile, float* present)
    {
        var start = tile * Ahead.LineFloats;
        if (start >= Math.Min(block.Rows, factors.Rows - row))
            return Ahead.Nothing(present);

        return factors.LeftTransposed
            ? new(factors.Left + row + start, factors.LeftStride * sizeof(float))
            : new(factors.Left + ((row + start) * factors.LeftStride), Ahead.LineBytes);
    }

    private int RowOf(int item) => item / _groups * block.Rows;
}

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
    private readonly int _groups = (count + block.Panels - 1) / block.Panels;

    public int Items => (factors.Rows + block.Rows - 1) / block.Rows * _groups;

    public void Invoke(int item, int thread)
    {
        var row = item / _groups * block.Rows;
        var rows = Math.Min(block.Rows, factors.Rows - row);
        var panel = item % _groups * block.Panels;
        var end = Math.Min(panel + block.Panels, count);
        var sums = workspace.Thread(thread);
        var packed = sums + Gemm.PackedStart;

        PackRows(row, rows, packed);
        for (; panel < end; panel++)
        {
            var column = (first + panel) * TTile.Vectors * T.Count;
            MultiplyPanel(packed, workspace.Shared + ((nint)panel * factors.Depth * TTile.Vectors * T.Count), sums, row, rows, column);
        }
    }

    private void PackRows(int row, int rows, float* packed)
    {
        if (factors.LeftTransposed)
        {
            Packing.TilesOfColumns<TTile>(factors.Left + row, factors.LeftStride, rows, factors.Depth, packed);
            return;
        }

        for (var index = 0; index < rows; index += TTile.Rows)
        {
            Packing.TileRows<TTile>(
                factors.Left + ((row + index) * factors.LeftStride), factors.LeftStride, factors.Rows - row - index, factors.Depth, packed + ((nint)index * factors.Depth));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyPanel(float* packed, float* panel, float* sums, int row, int rows, int column)
    {
        for (var index = 0; index < rows; index += TTile.Rows)
            product.Multiply(packed + ((nint)index * factors.Depth), panel, sums, row + index, Math.Min(TTile.Rows, rows - index), column, Ahead.Nothing(panel));
    }
}

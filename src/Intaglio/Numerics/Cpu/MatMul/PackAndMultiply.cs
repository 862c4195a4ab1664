using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// Multiplies all rows, packed before, by one panel after the other, each packed by the thread that multiplies by it. While it does, it asks for the columns of the panel
/// that it is likely to pack next: with few rows, waiting for weights would take as long as a seventh of the product.
/// </summary>
/// <param name="factors">The product; its right factor is stored transposed.</param>
/// <param name="product">What is done with a tile.</param>
/// <param name="workspace">Holds the rows; a panel is packed into its thread's part.</param>
internal readonly unsafe struct PackAndMultiply<T, TTile, TFusion, TWeight>(
    Factors factors, PanelProduct<T, TTile, TFusion, TWeight> product, CpuWorkspace workspace) : IWork
    where T : struct, IWideLane<T>
    where TTile : struct, ITile
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    private static int Width => PanelProduct<T, TTile, TFusion, TWeight>.Width;

    public int Items => RowBlocks.Items(factors.Columns, Width);

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var sums = workspace.Thread(thread);
        var panel = sums + Gemm.PackedStart;
        var column = item * Width;
        Packing.Rows<T, TWeight>(factors.Right, column * factors.RightStride, factors.RightStride, factors.Columns - column, factors.Depth, panel, Width);

        var tiles = RowBlocks.Items(factors.Rows, TTile.Rows);
        for (var index = 0; index < tiles; index++)
        {
            var row = index * TTile.Rows;
            var tile = workspace.Shared + (index * PackLeft<TTile>.Stride(factors.Depth));
            var ahead = item + 1 < Items ? PartOf(item + 1, index, tiles) : Ahead.Nothing(panel);
            product.Multiply(tile, panel, Width, sums, row, Math.Min(TTile.Rows, factors.Rows - row), column, ahead);
        }
    }

    // The part of a panel's columns, which lie one after another, that is read ahead during one of the tiles.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Ahead PartOf(int item, int part, int parts)
    {
        var step = RowBlocks.Items(Width * TWeight.Bytes, parts);
        return new((byte*)factors.Right + ((((nint)item * Width * TWeight.Bytes) + (part * step)) * factors.Depth), step);
    }
}

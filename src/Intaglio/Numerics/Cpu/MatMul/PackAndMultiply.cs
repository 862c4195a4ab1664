using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// Multiplies rows, packed before, by one panel after the other, each packed by the thread that multiplies by it. While it does, it asks for the columns of the panel
/// that it is likely to pack next: with few rows, waiting for weights would take as long as a seventh of the product.
/// </summary>
/// <param name="factors">The product; its right factor is stored transposed.</param>
/// <param name="product">What is done with a tile.</param>
/// <param name="workspace">Holds the rows; a panel is packed into its thread's part.</param>
/// <param name="parts">Into how many parts the rows fall.</param>
internal readonly unsafe struct PackAndMultiply<T, TTile, TFusion, TWeight>(
    Factors factors, PanelProduct<T, TTile, TFusion, TWeight> product, CpuWorkspace workspace, int parts) : IWork
    where T : struct, IWideLane<T>
    where TTile : struct, ITile
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    private static int Width => PanelProduct<T, TTile, TFusion, TWeight>.Width;

    public int Items => parts * Panels;

    private int Panels => RowBlocks.Items(factors.Columns, Width);

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var sums = workspace.Thread(thread);
        var panel = sums + Gemm.PackedStart;
        var at = new PanelItem(item, Panels, RowBlocks.Items(factors.Rows, TTile.Rows), parts);
        var column = at.Panel * Width;
        Packing.Rows<T, TWeight>(factors.Right, column * factors.RightStride, factors.RightStride, factors.Columns - column, factors.Depth, panel, Width);

        for (var index = 0; index < at.Count; index++)
        {
            var row = (at.Start + index) * TTile.Rows;
            var tile = workspace.Shared + ((at.Start + index) * PackLeft<TTile>.Stride(factors.Depth));
            var ahead = at.HasNext ? PartOf(at.Panel + 1, index, at.Count) : Ahead.Nothing(panel);
            product.Multiply(tile, panel, Width, sums, row, Math.Min(TTile.Rows, factors.Rows - row), column, ahead);
        }
    }

    // The piece of the next panel's columns, which lie one after another, that is read ahead during one of the tiles.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Ahead PartOf(int next, int piece, int pieces)
    {
        var step = RowBlocks.Items(Width * TWeight.Bytes, pieces);
        return new((byte*)factors.Right + ((((nint)next * Width * TWeight.Bytes) + (piece * step)) * factors.Depth), step);
    }
}

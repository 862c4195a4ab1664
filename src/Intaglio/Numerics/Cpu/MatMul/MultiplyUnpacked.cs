using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// Multiplies rows, packed before, by columns of the right factor as they lie: where there are few rows, packing the columns would take as long as multiplying by them.
/// </summary>
/// <param name="factors">The product; its right factor stands as it is, in single precision, and its columns are whole panels.</param>
/// <param name="product">What is done with a tile.</param>
/// <param name="tiles">The packed rows.</param>
/// <param name="workspace">Each thread's part holds the sums of a tile.</param>
/// <param name="parts">Into how many parts the rows fall.</param>
internal readonly unsafe struct MultiplyUnpacked<T, TTile, TFusion, TWeight>(
    Factors factors, PanelProduct<T, TTile, TFusion, TWeight> product, float* tiles, CpuWorkspace workspace, int parts) : IWork
    where T : struct, IWideLane<T>
    where TTile : struct, ITile
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    private readonly nint _tileFloats = PackLeft<TTile>.Stride(factors.Depth);

    private static int Width => PanelProduct<T, TTile, TFusion, TWeight>.Width;

    public int Items => parts * Panels;

    private int Panels => factors.Columns / Width;

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var sums = workspace.Thread(thread);
        var at = new PanelItem(item, Panels, RowBlocks.Items(factors.Rows, TTile.Rows), parts);
        var column = at.Panel * Width;
        var panel = (float*)factors.Right + column;
        for (var index = 0; index < at.Count; index++)
        {
            // The first tiles ask for a line of each row of the panel that this thread is likely to take next.
            var line = index * Ahead.LineFloats;
            var ahead = at.HasNext && line < Width ? new(panel + Width + line, factors.RightStride * sizeof(float)) : Ahead.Nothing(panel);
            var row = (at.Start + index) * TTile.Rows;
            product.Multiply(tiles + ((at.Start + index) * _tileFloats), panel, factors.RightStride, sums, row, Math.Min(TTile.Rows, factors.Rows - row), column, ahead);
        }
    }
}

using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>Multiplies packed rows by a packed panel and applies the fusion to each finished tile.</summary>
/// <param name="factors">The product.</param>
/// <param name="fusion">What follows it.</param>
internal readonly unsafe struct PanelProduct<T, TTile, TFusion, TWeight>(Factors factors, FusionOperands<TFusion, TWeight> fusion)
    where T : struct, IVectorLane<T>
    where TTile : struct, ITile
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    /// <summary>Columns of a panel.</summary>
    public static int Width => TTile.Vectors * T.Count;

    /// <summary>Computes one tile of the result.</summary>
    /// <param name="tile">The packed rows.</param>
    /// <param name="panel">The columns.</param>
    /// <param name="panelStride">Floats from one row of theirs to the next: their width where they are packed.</param>
    /// <param name="sums">Memory for the tile's sums.</param>
    /// <param name="row">The first row.</param>
    /// <param name="rows">Rows that exist.</param>
    /// <param name="column">The first column.</param>
    /// <param name="ahead">What will be read after it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(float* tile, float* panel, nint panelStride, float* sums, int row, int rows, int column, Ahead ahead)
    {
        var columns = Math.Min(Width, factors.Columns - column);
        for (var index = 0; index < rows; index++)
            fusion.Prefetch(row + index, column, columns);
        TTile.Multiply<T>(tile, panel, panelStride, factors.Depth, sums, ahead);
        for (var index = 0; index < rows; index++)
            fusion.StoreRow<T>(sums + (index * Width), row + index, column, columns);
    }
}

namespace Intaglio.Numerics.Cpu;

/// <summary>Rows of a head as the right factor of weighted sums: as they lie, or packed in panels.</summary>
/// <param name="start">The first row's first float.</param>
/// <param name="rowStride">Floats from one row to the next.</param>
/// <param name="columnStride">Floats from one column of a row to the next, where both begin panels: 1 where the rows lie as they are.</param>
internal readonly unsafe struct RightRows(float* start, nint rowStride, nint columnStride)
{
    /// <summary>Floats from one row to the next.</summary>
    public nint RowStride => rowStride;

    /// <summary>A row's floats from a column on, with which a panel begins.</summary>
    public float* At(int row, int column) => start + (row * rowStride) + (column * columnStride);
}

namespace Intaglio.Numerics.Cpu;

/// <summary>Packs panels of a product's right factor as [panel][depth][width], a line between them, for all threads to read.</summary>
/// <param name="factors">The product.</param>
/// <param name="panels">Where they go.</param>
/// <param name="width">Columns of a panel.</param>
/// <param name="first">The first panel.</param>
/// <param name="count">How many.</param>
internal readonly unsafe struct PackRight<T, TWeight>(Factors factors, float* panels, int width, int first, int count) : IWork
    where T : struct, IWideLane<T>
    where TWeight : struct, IStorage
{
    // Rows of a row-major factor that one item reads, in one run over all panels.
    private const int ItemRows = 32;

    private const int CacheLineFloats = 16;

    public int Items => factors.RightTransposed ? count : (factors.Depth + ItemRows - 1) / ItemRows;

    /// <summary>Floats from one panel to the next: a line more than a panel has, for the reason that tiles have.</summary>
    public static nint Stride(int depth, int width) => ((nint)depth * width) + CacheLineFloats;

    public void Invoke(int item, int thread)
    {
        if (factors.RightTransposed)
        {
            var column = (first + item) * width;
            Packing.Rows<T, TWeight>(factors.Right, column * factors.RightStride, factors.RightStride, factors.Columns - column, factors.Depth, Panel(item), width);
            return;
        }

        var row = item * ItemRows;
        var rows = Math.Min(ItemRows, factors.Depth - row);
        var start = (row * factors.RightStride) + (first * width);
        Packing.Columns<T, TWeight>(
            factors.Right, start, factors.RightStride, Math.Min(count * width, factors.Columns - (first * width)), rows, panels + ((nint)row * width), width, Stride(factors.Depth, width));
    }

    private float* Panel(int panel) => panels + (panel * Stride(factors.Depth, width));
}

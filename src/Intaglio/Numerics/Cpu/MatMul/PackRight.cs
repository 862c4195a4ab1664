namespace Intaglio.Numerics.Cpu;

/// <summary>Packs panels of a product's right factor as [panel][depth][width], for all threads to read.</summary>
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

    public int Items => factors.RightTransposed ? count : (factors.Depth + ItemRows - 1) / ItemRows;

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
        for (var panel = 0; panel < count; panel++)
        {
            var column = (first + panel) * width;
            Packing.Columns<T, TWeight>(
                factors.Right, (row * factors.RightStride) + column, factors.RightStride, Math.Min(width, factors.Columns - column), rows, Panel(panel) + ((nint)row * width), width);
        }
    }

    private float* Panel(int panel) => panels + ((nint)panel * factors.Depth * width);
}

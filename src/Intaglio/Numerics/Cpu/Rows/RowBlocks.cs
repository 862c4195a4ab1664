namespace Intaglio.Numerics.Cpu;

/// <summary>How launches over rows are cut into items: by shape alone, so that no result depends on the number of threads.</summary>
internal static class RowBlocks
{
    // 64 KiB: long enough to outweigh claiming an item, short enough for many items.
    private const int ItemElements = 1 << 14;

    /// <summary>Columns of an item where rows must be visited in order: whole cache lines, and enough of them for a run.</summary>
    public const int ItemColumns = 64;

    /// <summary>Rows of an item.</summary>
    public static int RowsOf(int width) => Math.Max(1, ItemElements / width);

    /// <summary>Items that cover <paramref name="count"/> in pieces of <paramref name="size"/>.</summary>
    public static int Items(int count, int size) => (count + size - 1) / size;
}

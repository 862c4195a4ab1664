namespace Intaglio.Numerics.Cpu;

/// <summary>
/// An item of a product whose rows are packed before: a part of the rows by a panel of columns. Items of one part follow one another, so that where each thread has a part it reads the rows
/// that it packed itself, and the rows of the result stay with it; with a part for all threads, each would fetch what the others packed out of their caches.
/// </summary>
/// <param name="item">Which one.</param>
/// <param name="panels">Panels of the product.</param>
/// <param name="tiles">Tiles of rows.</param>
/// <param name="parts">Into how many parts they fall.</param>
internal readonly struct PanelItem(int item, int panels, int tiles, int parts)
{
    // With fewer rows, packing or reading a panel for each part takes longer than it saves.
    private const int FewestRows = 128;

    /// <summary>The panel.</summary>
    public int Panel { get; } = item % panels;

    /// <summary>The first tile of the part.</summary>
    public int Start => item / panels * Tiles;

    /// <summary>How many tiles it has.</summary>
    public int Count => Math.Min(Tiles, tiles - Start);

    /// <summary>Whether another panel of the same rows follows.</summary>
    public bool HasNext => Panel + 1 < panels;

    private int Tiles => RowBlocks.Items(tiles, parts);

    /// <summary>Parts for so many rows: one for each thread where they are long enough.</summary>
    public static int Parts(int rows, int threads) => Math.Clamp(rows / FewestRows, 1, threads);
}

namespace Intaglio.Numerics;

/// <summary>
/// Where the host's inputs and outputs lie in <see cref="Region.Batch"/>: columns of 4-byte values, one value a row each. What has a value for each sequence takes the
/// beginning of a column, for a batch has no more sequences than rows.
/// </summary>
/// <param name="Rows">Rows of the batch, a multiple of 16 (see <see cref="RowsFor"/>).</param>
/// <param name="SourceRows">Rows of an encoder-decoder's source, a multiple of 16; 0 in other models.</param>
public readonly record struct BatchLayout(int Rows, int SourceRows = 0)
{
    private const int Columns = 12;
    private const int SourceColumns = 5;

    /// <summary>The layout of whole sequences.</summary>
    public BatchLayout(BatchShape shape)
        : this(RowsFor(shape.Batch, shape.Time), RowsFor(shape.Batch, shape.SourceTime))
    {
    }

    /// <summary>The token of each row, int.</summary>
    public Place Tokens => Column(0);

    /// <summary>The token to predict at each row, or the label of each row or sequence, int; a negative one is ignored.</summary>
    public Place Targets => Column(1);

    /// <summary>Each row's position in its sequence, int.</summary>
    public Place Positions => Column(2);

    /// <summary>Each row's cache slot, int.</summary>
    public Place Slots => Column(3);

    /// <summary>The rows whose logits are wanted, int.</summary>
    public Place Outputs => Column(4);

    /// <summary>The loss of each row or sequence in nats, float; 0 where the target is ignored.</summary>
    public Place Losses => Column(5);

    /// <summary>Each row's type, int, such as which of two sentences it belongs to.</summary>
    public Place TokenTypes => Column(6);

    /// <summary>The row that stands for each sequence, int.</summary>
    public Place PooledRows => Column(7);

    /// <summary>Where each sequence's answer ends, int; <see cref="Targets"/> says where it starts.</summary>
    public Place EndTargets => Column(8);

    /// <summary>The last position of the source in each row's slot of the cache, int.</summary>
    public Place SourceEnds => Column(9);

    /// <summary>Two for each sequence, int: its first token that is no padding, and the one after its last.</summary>
    public Place Bounds => Column(10);

    /// <summary>The token of each row of the source, int.</summary>
    public Place SourceTokens => SourceColumn(0);

    /// <summary>Each row's position in its source, int.</summary>
    public Place SourcePositions => SourceColumn(1);

    /// <summary>Each source row's cache slot, int.</summary>
    public Place SourceSlots => SourceColumn(2);

    /// <summary>As <see cref="Bounds"/>, of the source.</summary>
    public Place SourceBounds => SourceColumn(3);

    /// <summary>Size of the whole region in bytes.</summary>
    public long Bytes => (((long)Rows * Columns) + ((long)SourceRows * SourceColumns)) * sizeof(int);

    /// <summary><c>batch · time</c> rounded up to a multiple of 16, so that every offset in the arena is aligned to 64 bytes.</summary>
    public static int RowsFor(int batch, int time) => checked((batch * time) + 15) & ~15;

    private Place Column(int index) => new(Region.Batch, (long)Rows * index * sizeof(int));

    private Place SourceColumn(int index) => new(Region.Batch, (((long)Rows * Columns) + ((long)SourceRows * index)) * sizeof(int));
}

namespace Intaglio.Numerics;

/// <summary>Where the host's inputs and outputs lie in <see cref="Region.Batch"/>: six columns of 4-byte values, one value a row each.</summary>
/// <param name="Rows">Rows of the batch, a multiple of 16 (see <see cref="RowsFor"/>).</param>
public readonly record struct BatchLayout(int Rows)
{
    private const int Columns = 6;

    /// <summary>The token of each row, int.</summary>
    public Place Tokens => Column(0);

    /// <summary>The token to predict at each row, int; a negative one is ignored.</summary>
    public Place Targets => Column(1);

    /// <summary>Each row's position in its sequence, int.</summary>
    public Place Positions => Column(2);

    /// <summary>Each row's cache slot, int.</summary>
    public Place Slots => Column(3);

    /// <summary>The rows whose logits are wanted, int.</summary>
    public Place Outputs => Column(4);

    /// <summary>Each row's loss in nats, float; 0 where the target is ignored.</summary>
    public Place Losses => Column(5);

    /// <summary>Size of the whole region in bytes.</summary>
    public long Bytes => (long)Rows * Columns * sizeof(int);

    /// <summary><c>batch · time</c> rounded up to a multiple of 16, so that every offset in the arena is aligned to 64 bytes.</summary>
    public static int RowsFor(int batch, int time) => checked((batch * time) + 15) & ~15;

    private Place Column(int index) => new(Region.Batch, (long)Rows * index * sizeof(int));
}

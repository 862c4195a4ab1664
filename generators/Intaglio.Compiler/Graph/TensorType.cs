namespace Intaglio.Compiler;

/// <summary>One side of a tensor: a constant, or a symbol that a call binds.</summary>
internal readonly record struct Dimension(string? Symbol, int Size)
{
    /// <summary>Batch · time: the tokens of a call; in an encoder-decoder those of the decoder.</summary>
    public static Dimension Rows { get; } = new("rows", 0);

    /// <summary>Batch · source time: the tokens that an encoder-decoder's encoder reads.</summary>
    public static Dimension SourceRows { get; } = new("sourceRows", 0);

    /// <summary>The sequences of a call.</summary>
    public static Dimension Sequences { get; } = new("batch", 0);

    /// <summary>The rows whose logits are wanted; at most <see cref="Rows"/>.</summary>
    public static Dimension Outputs { get; } = new("outputs", 0);

    /// <summary>Whether memory for it is counted in rows of the source; all others are at most as many as the other rows.</summary>
    public bool IsOfSource => Symbol == SourceRows.Symbol;

    public bool IsSymbolic => Symbol is not null;

    public static implicit operator Dimension(int size) => new(null, size);

    public override string ToString() => Symbol ?? Literal.Plain(Size);
}

/// <summary>A tensor's storage and sides. Index tensors (tokens, positions) hold 32-bit integers.</summary>
internal sealed record TensorType(NumberFormat Format, EquatableArray<Dimension> Shape, bool IsIndex = false)
{
    /// <summary>Elements a row of an activation.</summary>
    public int Width => Shape.Skip(1).Aggregate(1, (width, side) => width * side.Size);

    /// <summary>Elements of a tensor without symbolic sides.</summary>
    public long Count => Shape.Aggregate(1L, (count, side) => count * side.Size);

    public static TensorType Activation(Dimension rows, int width) => new(NumberFormat.FP32, new([rows, width]));

    public static TensorType Parameter(NumberFormat format, params IEnumerable<int> sides) => new(format, new(sides.Select(side => (Dimension)side)));

    public static TensorType Indices(Dimension rows) => new(NumberFormat.FP32, new([rows]), IsIndex: true);

    public override string ToString() => $"[{string.Join(", ", Shape)}]";
}

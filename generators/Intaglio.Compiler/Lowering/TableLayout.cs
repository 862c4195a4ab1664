namespace Intaglio.Compiler;

/// <summary>A table that the host makes once from a formula.</summary>
/// <param name="Name">Its name in emitted code.</param>
/// <param name="Summary">What it holds.</param>
/// <param name="Creation">How the runtime makes it, as C#.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Offset">Where it starts.</param>
internal sealed record PlacedTable(string Name, string Summary, string Creation, long Bytes, long Offset);

/// <summary>Where the tables lie that positions need.</summary>
internal sealed class TableLayout
{
    /// <summary>The angles of rotary positions.</summary>
    public const string Rotary = nameof(Rotary);

    /// <summary>ALiBi's slopes times distances.</summary>
    public const string Alibi = nameof(Alibi);

    /// <summary>The bucket of each distance, looking both ways.</summary>
    public const string Buckets = nameof(Buckets);

    /// <summary>The bucket of each distance, looking back alone.</summary>
    public const string CausalBuckets = nameof(CausalBuckets);

    /// <summary>Sines and cosines.</summary>
    public const string Sinusoids = nameof(Sinusoids);

    // A cache line, and more than a vector that reads past the end.
    private const int Alignment = 256;

    private readonly List<PlacedTable> _tables = [];

    public TableLayout(ModelSpec spec)
    {
        var (positions, context) = (spec.PositionEncoding, (long)spec.ContextLength);
        var attention = spec.Main.Attention;
        switch (positions.Kind)
        {
            case PositionEncodingKind.Rotary:
                var rotated = positions.RotatedSize(attention.HeadSize);
                Add(Rotary, $"Cosines and sines of each position, [{context}, {rotated}].", RotaryAngles(positions, rotated), context * rotated);
                break;
            case PositionEncodingKind.Alibi:
                var isCausal = spec.Main.IsCausal;
                Add(Alibi, $"What each head adds to scores at each distance, [{attention.Heads}, {context * (isCausal ? 1 : 2)}].", $"new AlibiTable({Literal.Plain(attention.Heads)}, IsCausal: {(isCausal ? "true" : "false")})", attention.Heads * context * (isCausal ? 1 : 2));
                break;
            case PositionEncodingKind.RelativeBuckets:
                if (spec.Stacks.Any(stack => !stack.IsCausal))
                    AddBuckets(Buckets, positions, context, isCausal: false);
                if (spec.Stacks.Any(stack => stack.IsCausal))
                    AddBuckets(CausalBuckets, positions, context, isCausal: true);
                break;
            case PositionEncodingKind.Sinusoidal:
                Add(Sinusoids, $"Sines and cosines of each position, [{context}, {spec.HiddenSize}].", $"new SinusoidTable({Literal.Plain(spec.HiddenSize)}, IsInterleaved: {(positions.Layout == RotaryLayout.Interleaved ? "true" : "false")})", context * spec.HiddenSize);
                break;
        }
    }

    public IReadOnlyList<PlacedTable> Tables => _tables;

    private void AddBuckets(string name, PositionEncodingSpec positions, long context, bool isCausal) => Add(
        name,
        $"The bucket of each distance from -{context - 1} to {context - 1}{(isCausal ? "; keys after the query are in bucket 0" : "")}, [{(2 * context) - 1}].",
        $"new BucketTable({Literal.Plain(positions.Buckets)}, {Literal.Plain(positions.MaxDistance)}, IsCausal: {(isCausal ? "true" : "false")})",
        (2 * context) - 1);

    private void Add(string name, string summary, string creation, long elements)
    {
        var offset = _tables.Sum(table => (table.Bytes + Alignment - 1) / Alignment * Alignment);
        _tables.Add(new(name, summary, creation, elements * sizeof(float), offset));
    }

    private static string RotaryAngles(PositionEncodingSpec positions, int rotated)
    {
        var theta = Decimal(positions.RotaryTheta);
        return positions.Scaling is { Kind: not RotaryScalingKind.None } scaling
            ? $"new RotaryAngles({Literal.Plain(rotated)}, {theta}, {Scaling(scaling)})"
            : $"new RotaryAngles({Literal.Plain(rotated)}, {theta})";
    }

    private static string Scaling(RotaryScalingSpec scaling)
    {
        var (factor, original) = (Decimal(scaling.Factor), Literal.Plain(scaling.OriginalContext));
        return scaling.Kind switch
        {
            RotaryScalingKind.Linear => $"new RotaryScaling.Linear({factor})",
            RotaryScalingKind.DynamicNtk => $"new RotaryScaling.DynamicNtk({factor}, {original})",
            RotaryScalingKind.Yarn => $"new RotaryScaling.Yarn({factor}, {original})",
            _ => $"new RotaryScaling.Llama3({factor}, {Decimal(scaling.LowFrequencyFactor)}, {Decimal(scaling.HighFrequencyFactor)}, {original})",
        };
    }

    // The shortest decimal of a float.
    private static string Decimal(float value) => Literal.Double((double)(decimal)value);
}

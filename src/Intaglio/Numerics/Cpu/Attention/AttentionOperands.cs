namespace Intaglio.Numerics.Cpu;

/// <summary>Sizes and operands of attention over whole sequences.</summary>
internal readonly unsafe struct AttentionOperands
{
    /// <summary>Sequences.</summary>
    public required int Batch { get; init; }

    /// <summary>Rows of a sequence.</summary>
    public required int Time { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Floats from one row of queries, keys, values and their gradients to the next.</summary>
    public required int RowStride { get; init; }

    /// <summary>Which probabilities are dropped.</summary>
    public required Dropout Dropout { get; init; }

    /// <summary>[rows, Heads, HeadSize], in rows of <see cref="RowStride"/>.</summary>
    public required float* Query { get; init; }

    /// <summary>[rows, KeyValueHeads, HeadSize], in rows of <see cref="RowStride"/>.</summary>
    public required float* Key { get; init; }

    /// <summary>As the keys.</summary>
    public required float* Value { get; init; }

    /// <summary>[rows, Heads, HeadSize].</summary>
    public required float* Output { get; init; }

    /// <summary>[rows, Heads].</summary>
    public required float* LogSumExp { get; init; }

    /// <summary>As the output.</summary>
    public float* OutputGradient { get; init; }

    /// <summary>[rows, Heads].</summary>
    public float* Delta { get; init; }

    /// <summary>As the queries.</summary>
    public float* QueryGradient { get; init; }

    /// <summary>As the keys.</summary>
    public float* KeyGradient { get; init; }

    /// <summary>As the keys.</summary>
    public float* ValueGradient { get; init; }

    /// <summary>Floats from one row of the output to the next.</summary>
    public int OutputStride => Heads * HeadSize;

    /// <summary>Query heads that share a key and value head.</summary>
    public int GroupSize => Heads / KeyValueHeads;

    /// <summary>The first float of a head in a sequence's first row, of queries or their gradient.</summary>
    public nint QueryOffset(int sequence, int head) => ((nint)sequence * Time * RowStride) + (head * HeadSize);

    /// <summary>The first float of a key and value head in a sequence's first row, of keys, values or their gradients.</summary>
    public nint KeyOffset(int sequence, int keyValueHead) => ((nint)sequence * Time * RowStride) + (keyValueHead * HeadSize);

    /// <summary>The first float of a head in a sequence's first row of the output or its gradient.</summary>
    public nint OutputOffset(int sequence, int head) => ((nint)sequence * Time * OutputStride) + (head * HeadSize);

    /// <summary>Index of a row's value of a head among logarithms and deltas.</summary>
    public nint RowOffset(int sequence, int head, int row) => ((((nint)sequence * Time) + row) * Heads) + head;

    /// <summary>The random element of a query's first key.</summary>
    public uint DropoutElement(int sequence, int head, int query) => unchecked(((((uint)sequence * (uint)Heads) + (uint)head) * (uint)Time + (uint)query) * (uint)Time);
}

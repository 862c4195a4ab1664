namespace Intaglio.Numerics.Cpu;

/// <summary>Sizes and operands of attention over whole sequences.</summary>
internal readonly unsafe struct AttentionOperands
{
    /// <summary>Sequences.</summary>
    public required int Batch { get; init; }

    /// <summary>Queries of a sequence.</summary>
    public required int Time { get; init; }

    /// <summary>Keys of a sequence.</summary>
    public required int KeyTime { get; init; }

    /// <summary>The position of each sequence's first query among its keys.</summary>
    public int FirstPosition { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Floats from one row of queries and of their gradient to the next.</summary>
    public required int QueryStride { get; init; }

    /// <summary>Floats from one row of keys and of their gradient to the next.</summary>
    public required int KeyStride { get; init; }

    /// <summary>Floats from one row of values and of their gradient to the next.</summary>
    public required int ValueStride { get; init; }

    /// <summary>Floats from one head to the next in queries and their gradient.</summary>
    public required int HeadStride { get; init; }

    /// <summary>Floats from one head to the next in keys, values and their gradients.</summary>
    public required nint KeyHeadStride { get; init; }

    /// <summary>Which probabilities are dropped.</summary>
    public required Dropout Dropout { get; init; }

    /// <summary>[Batch · Time, Heads, HeadSize] at its strides.</summary>
    public required float* Query { get; init; }

    /// <summary>[Batch · KeyTime, KeyValueHeads, HeadSize] at its strides.</summary>
    public required float* Key { get; init; }

    /// <summary>As the keys.</summary>
    public required float* Value { get; init; }

    /// <summary>[Heads, BiasStride], distance 0 at <see cref="BiasOrigin"/>.</summary>
    public required float* Bias { get; init; }

    /// <summary>Distances a head.</summary>
    public required int BiasStride { get; init; }

    /// <summary>Where distance 0 stands.</summary>
    public required int BiasOrigin { get; init; }

    /// <summary>[Batch, 2]: the first visible key of each sequence and the one after its last; null where all keys are visible.</summary>
    public required int* Bounds { get; init; }

    /// <summary>[rows, Heads, HeadSize].</summary>
    public required float* Output { get; init; }

    /// <summary>[rows, Heads]; null where nothing is differentiated.</summary>
    public required float* LogSumExp { get; init; }

    /// <summary>As the output.</summary>
    public float* OutputGradient { get; init; }

    /// <summary>[rows, Heads].</summary>
    public float* Delta { get; init; }

    /// <summary>As the queries.</summary>
    public float* QueryGradient { get; init; }

    /// <summary>As the keys.</summary>
    public float* KeyGradient { get; init; }

    /// <summary>As the values.</summary>
    public float* ValueGradient { get; init; }

    /// <summary>[Batch, Heads, BiasStride]; null where it is not asked for.</summary>
    public float* BiasGradient { get; init; }

    /// <summary>Floats from one row of the output to the next.</summary>
    public int OutputStride => Heads * HeadSize;

    /// <summary>Query heads that share a key and value head.</summary>
    public int GroupSize => Heads / KeyValueHeads;

    /// <summary>The first float of a head in a sequence's first row, of queries or their gradient.</summary>
    public nint QueryOffset(int sequence, int head) => ((nint)sequence * Time * QueryStride) + (head * HeadStride);

    /// <summary>The first float of a key head in a sequence's row, of keys or their gradient.</summary>
    public nint KeyOffset(int sequence, int keyValueHead, int row) => ((((nint)sequence * KeyTime) + row) * KeyStride) + (keyValueHead * KeyHeadStride);

    /// <summary>The first float of a value head in a sequence's row, of values or their gradient.</summary>
    public nint ValueOffset(int sequence, int keyValueHead, int row) => ((((nint)sequence * KeyTime) + row) * ValueStride) + (keyValueHead * KeyHeadStride);

    /// <summary>The first float of a head in a sequence's first row of the output or its gradient.</summary>
    public nint OutputOffset(int sequence, int head) => ((nint)sequence * Time * OutputStride) + (head * HeadSize);

    /// <summary>Index of a row's value of a head among logarithms and deltas.</summary>
    public nint RowOffset(int sequence, int head, int row) => ((((nint)sequence * Time) + row) * Heads) + head;

    /// <summary>The random element of a query's key.</summary>
    public uint DropoutElement(int sequence, int head, int query, int key) => unchecked((((((uint)sequence * (uint)Heads) + (uint)head) * (uint)Time + (uint)query) * (uint)KeyTime) + (uint)key);

    /// <summary>Where the bias of a key is for the query at a position.</summary>
    public float* BiasAt(int head, int position, int key) => Bias + ((nint)head * BiasStride) + BiasOrigin + key - position;

    /// <summary>Where the gradient of the bias of a query's key is.</summary>
    public float* BiasGradientAt(int sequence, int head, int query, int key) => BiasGradient + ((((nint)sequence * Heads) + head) * BiasStride) + BiasOrigin + key - query;

    /// <summary>Asks for a head's part of some rows, where the sequence has them: the next item's, which would come from far away.</summary>
    /// <param name="item">Which sequence and head, counted together; none where there are no more.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    public void Ask(int item, int first, int count)
    {
        if (item >= Batch * Heads)
            return;

        var (sequence, head) = (item / Heads, item % Heads);
        var query = Query + QueryOffset(sequence, head);
        for (var row = first; row < Math.Min(first + count, Time); row++)
        {
            HeadRows.Ask(query + ((nint)row * QueryStride), HeadSize);
            if (OutputGradient == null)
                continue;

            HeadRows.Ask(Output + OutputOffset(sequence, head) + ((nint)row * OutputStride), HeadSize);
            HeadRows.Ask(OutputGradient + OutputOffset(sequence, head) + ((nint)row * OutputStride), HeadSize);
        }

        for (var row = first; row < Math.Min(first + count, KeyTime); row++)
        {
            HeadRows.Ask(Key + KeyOffset(sequence, head / GroupSize, row), HeadSize);
            HeadRows.Ask(Value + ValueOffset(sequence, head / GroupSize, row), HeadSize);
        }
    }

    /// <summary>Asks for rows of a head's gradients, which will be written: of keys and values, and of queries some rows later.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="head">The query head.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="later">By how many rows the queries' lie after those.</param>
    public void AskGradients(int sequence, int head, int first, int count, int later)
    {
        var query = QueryGradient + QueryOffset(sequence, head);
        for (var row = first + later; row < Math.Min(first + later + count, Time); row++)
            HeadRows.Ask(query + ((nint)row * QueryStride), HeadSize);

        for (var row = first; row < Math.Min(first + count, KeyTime); row++)
        {
            HeadRows.Ask(KeyGradient + KeyOffset(sequence, head / GroupSize, row), HeadSize);
            HeadRows.Ask(ValueGradient + ValueOffset(sequence, head / GroupSize, row), HeadSize);
        }
    }

    /// <summary>The keys of a sequence that are not padding.</summary>
    public KeyRange KeysOf(int sequence) => Bounds == null ? new(0, KeyTime) : new(Bounds[2 * sequence], Bounds[(2 * sequence) + 1]);
}

namespace Intaglio.Numerics;

/// <summary>
/// Where keys and values lie in <see cref="Region.Cache"/>: layer by layer those of the tokens so far, then layer by layer those of the source that an encoder-decoder attends to, then
/// what its relative positions add to scores.
/// </summary>
/// <param name="Layers">Layers of the decoder.</param>
/// <param name="Slots">Sequences side by side.</param>
/// <param name="Capacity">Tokens of a slot.</param>
/// <param name="SourceCapacity">Tokens of a slot's source; 0 where there is none.</param>
/// <param name="TokenBytes">Bytes of keys and values that one token takes in one layer.</param>
/// <param name="SourceTokenBytes">Bytes of keys and values that one token of a source takes in one layer.</param>
/// <param name="BiasHeads">Heads with relative positions; 0 where there are none.</param>
public readonly record struct CacheLayout(int Layers, int Slots, int Capacity, int SourceCapacity, int TokenBytes, int SourceTokenBytes, int BiasHeads)
{
    private long LayerBytes => (long)Slots * Capacity * TokenBytes;

    private long SourceBytes => (long)Slots * SourceCapacity * SourceTokenBytes;

    /// <summary>Size of the whole region in bytes.</summary>
    public long Bytes => Bias.Offset + ((long)BiasHeads * Capacity * sizeof(float));

    /// <summary>What is added to scores, [BiasHeads, Capacity] floats.</summary>
    public Place Bias => new(Region.Cache, Layers * (LayerBytes + SourceBytes));

    /// <summary>Keys and values of the tokens so far: [slot][keys, values][head][Capacity][HeadSize] floats.</summary>
    public Place Layer(int layer) => new(Region.Cache, layer * LayerBytes);

    /// <summary>Keys and values of the source, laid out in the same way.</summary>
    public Place Source(int layer) => new(Region.Cache, (Layers * LayerBytes) + (layer * SourceBytes));
}

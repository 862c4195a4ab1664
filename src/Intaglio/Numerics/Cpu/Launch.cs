namespace Intaglio.Numerics.Cpu;

/// <summary>The algorithms of <see cref="ITarget"/>, as indices of <see cref="CpuExecution"/>'s counters; each has its member's name.</summary>
internal enum Launch
{
    Embed,
    EmbedBackward,
    Normalize,
    NormalizeBackward,
    MatMul,
    WeightGradient,
    Rotate,
    RotateBackward,
    Attention,
    AttentionBackward,
    StoreKeys,
    CachedAttention,
    Map,
    Gate,
    GateBackward,
    SumRows,
    GatherRows,
    Clear,
    ScatterRows,
    MeanRows,
    MeanRowsBackward,
    NormalizeLength,
    NormalizeLengthBackward,
    ExpandBias,
    ExpandBiasBackward,
    CrossEntropy,
    CrossEntropyWithGradient,
    SpanCrossEntropy,
}

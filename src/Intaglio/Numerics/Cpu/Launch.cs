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
    CachedAttention,
    Map,
    Gate,
    GateBackward,
    SumRows,
    GatherRows,
    CrossEntropy,
    CrossEntropyWithGradient,
}

namespace Intaglio.Numerics.Cpu;

/// <summary>The algorithms of <see cref="ITarget"/>, as indices of <see cref="CpuExecution"/>'s counters; each has its member's name.</summary>
internal enum Launch
{
    Embed,
    EmbedBackward,
    LayerNorm,
    LayerNormBackward,
    MatMul,
    WeightGradient,
    Attention,
    AttentionBackward,
    CachedAttention,
    Map,
    SumRows,
    GatherRows,
    CrossEntropy,
    CrossEntropyWithGradient,
}

using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Gpu;

/// <summary>What the two kinds of attention kernels have in common: scores, which heads go together, and which random number is whose.</summary>
internal static class GpuHeads
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score<TScore>(float product)
        where TScore : struct, IScoreModifier => TScore.Invoke<G1>(new(product)).Value;

    /// <summary>The score's derivative by the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Slope<TScore>(float product)
        where TScore : struct, IScoreModifier => TScore.Derivative<G1>(new(product)).Value;

    /// <summary>The head of keys and values that a query head reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int KeyValueHead<TShape>(int head)
        where TShape : struct, IAttentionShape => head * TShape.KeyValueHeads / TShape.Heads;

    /// <summary>The first query head that reads this head of keys and values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstHead<TShape>(int keyValueHead)
        where TShape : struct, IAttentionShape => ((keyValueHead * TShape.Heads) + TShape.KeyValueHeads - 1) / TShape.KeyValueHeads;

    /// <summary>Which element of [batch, head, query, key] an attention weight is; wraps where there are more than 2³².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Element<TShape>(int sequence, int head, int query, int time, int key)
        where TShape : struct, IAttentionShape => ((uint)((((sequence * TShape.Heads) + head) * time) + query) * (uint)time) + (uint)key;
}

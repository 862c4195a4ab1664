using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>What the two kinds of attention kernels have in common: scores, which heads go together, and which random number is whose.</summary>
internal static class GpuHeads
{
    /// <summary>The score of a product, with the bias of its head and distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score<TShape, TScore>(float product, ArrayView<float> bias, int index)
        where TShape : struct, IAttentionShape
        where TScore : struct, IScoreModifier
    {
        var score = TScore.Invoke<G1>(new(product)).Value;
        if (TShape.HasBias)
            score += bias[index];
        return score;
    }

    /// <summary>Where the bias of a pair is, in its table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BiasAt(AttentionArguments at, int head, int query, int key) => (head * at.BiasStride) + at.BiasOrigin + key - query;

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

    /// <summary>Where a head begins in a row of queries, or of their gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int QueryAt<TShape>(int row, int head)
        where TShape : struct, IAttentionShape => (row * TShape.QueryStride) + (head * TShape.HeadStride);

    /// <summary>Where a key head begins in a row of keys, or of their gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int KeyAt<TShape>(int row, int keyValueHead)
        where TShape : struct, IAttentionShape => (row * TShape.KeyStride) + (keyValueHead * TShape.HeadStride);

    /// <summary>Where a value head begins in a row of values, or of their gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ValueAt<TShape>(int row, int keyValueHead)
        where TShape : struct, IAttentionShape => (row * TShape.ValueStride) + (keyValueHead * TShape.HeadStride);

    /// <summary>A sequence's first key that is not padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstKey(AttentionArguments at, int sequence) => at.HasBounds != 0 ? at.Bounds[2 * sequence] : 0;

    /// <summary>One past a sequence's last key that is not padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndKey(AttentionArguments at, int sequence) => at.HasBounds != 0 ? at.Bounds[(2 * sequence) + 1] : at.KeyTime;

    /// <summary>The first key that a query sees of those from <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int First<TMask>(int query, int first)
        where TMask : struct, IMask => TMask.First(query) > first ? TMask.First(query) : first;

    /// <summary>One past the last key that a query sees of those before <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int End<TMask>(int query, int keyTime, int end)
        where TMask : struct, IMask => TMask.End(query, keyTime) < end ? TMask.End(query, keyTime) : end;

    /// <summary>Which element of [batch, head, query, key] an attention weight is; wraps where there are more than 2³².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Element<TShape>(AttentionArguments at, int sequence, int head, int query, int key)
        where TShape : struct, IAttentionShape => ((uint)((((sequence * TShape.Heads) + head) * at.Time) + query) * (uint)at.KeyTime) + (uint)key;

    /// <summary>What dropout multiplies an attention weight by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Keep<TShape>(AttentionArguments at, int sequence, int head, int query, int key)
        where TShape : struct, IAttentionShape => TShape.DropoutRate > 0 ? at.Dropout.Keep(Element<TShape>(at, sequence, head, query, key)) : 1f;
}

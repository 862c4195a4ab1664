using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>A range of keys within a block of keys, counted from the block's first; empty where End ≤ First.</summary>
internal readonly record struct KeyRange(int First, int End)
{
    public bool IsEmpty => End <= First;

    /// <summary>What a query sees of a range.</summary>
    /// <param name="query">The query.</param>
    /// <param name="keys">How many keys the sequence has.</param>
    /// <param name="block">The first key of the range's block.</param>
    /// <param name="range">Keys of the block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KeyRange Of<TMask>(int query, int keys, int block, KeyRange range)
        where TMask : struct, IMask
        => new(Math.Max(TMask.First(query) - block, range.First), Math.Min(TMask.End(query, keys) - block, range.End));

    /// <summary>What several queries see of a range between them, perhaps with keys between that none does: the first and the last of them tell.</summary>
    public static KeyRange OfRows<TMask>(int query, int rows, int keys, int block, KeyRange range)
        where TMask : struct, IMask
    {
        var first = Of<TMask>(query, keys, block, range);
        var last = Of<TMask>(query + rows - 1, keys, block, range);
        return new(Math.Min(first.First, last.First), Math.Max(first.End, last.End));
    }

    /// <summary>What a block has of a range that is counted from the sequence's first key.</summary>
    public KeyRange InBlock(int block, int blockKeys) => new(Math.Max(First - block, 0), Math.Min(End - block, blockKeys));

    /// <summary>What is in both ranges.</summary>
    public KeyRange And(KeyRange other) => new(Math.Max(First, other.First), Math.Min(End, other.End));

    /// <summary>Whether any of keys key, ..., key + count - 1 is in the range.</summary>
    public bool Overlaps(int key, int count) => key < End && key + count > First;

    /// <summary>Whether all of them are.</summary>
    public bool Covers(int key, int count) => key >= First && key + count <= End;

    /// <summary>The values of keys key, key + 1, ... with another value where they are outside the range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Mask<T>(T values, int key, float outside)
        where T : struct, ICpuLane<T>
    {
        var masked = T.WhereGreater(T.Of(First - key), T.Indices(), T.Of(outside), values);
        return T.WhereGreater(T.Of(End - key), T.Indices(), masked, T.Of(outside));
    }

    /// <summary>The range widened to multiples.</summary>
    public KeyRange WidenedTo(int multiple) => new(First / multiple * multiple, (End + multiple - 1) / multiple * multiple);
}

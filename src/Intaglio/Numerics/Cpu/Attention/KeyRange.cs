using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>A range of keys within a block of keys, counted from the block's first; empty where End ≤ First.</summary>
internal readonly record struct KeyRange(int First, int End)
{
    public bool IsEmpty => End <= First;

    /// <summary>What a query sees of a block of keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KeyRange Of<TMask>(int query, int keys, int block, int blockKeys)
        where TMask : struct, IMask
        => new(Math.Max(TMask.First(query) - block, 0), Math.Min(TMask.End(query, keys) - block, blockKeys));

    /// <summary>What several queries see of a block of keys between them.</summary>
    public static KeyRange OfRows<TMask>(int query, int rows, int keys, int block, int blockKeys)
        where TMask : struct, IMask
    {
        var union = new KeyRange(blockKeys, 0);
        for (var row = 0; row < rows; row++)
        {
            var range = Of<TMask>(query + row, keys, block, blockKeys);
            if (!range.IsEmpty)
                union = new(Math.Min(union.First, range.First), Math.Max(union.End, range.End));
        }

        return union;
    }

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

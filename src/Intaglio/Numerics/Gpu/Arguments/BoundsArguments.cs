using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>The rows of each sequence that count: those of a text, not its padding.</summary>
public struct BoundsArguments
{
    /// <summary>[batch, 2]: the first row that counts and the one after the last.</summary>
    public ArrayView<int> Values;

    /// <summary>0 where whole sequences count, 1 where the values say what does.</summary>
    public int HasValues;

    /// <summary>Rows of a sequence.</summary>
    public int Time;

    /// <summary>The first row that counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int First(int sequence) => HasValues != 0 ? Values[2 * sequence] : 0;

    /// <summary>The row after the last that counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int End(int sequence) => HasValues != 0 ? Values[(2 * sequence) + 1] : Time;
}

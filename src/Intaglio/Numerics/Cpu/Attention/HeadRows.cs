using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Intaglio.Numerics.Cpu;

/// <summary>Copies one head's part of rows: pieces of memory too far apart for the processor to see that it will need the next ones.</summary>
internal static unsafe class HeadRows
{
    private const int PrefetchedRows = 8;
    private const int CacheLineFloats = 16;

    /// <summary>Copies rows.</summary>
    /// <param name="source">The first row's part.</param>
    /// <param name="sourceStride">Floats from one to the next.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="destinationStride">Floats from one to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="size">Floats of each.</param>
    /// <param name="following">Rows after them that will be copied next.</param>
    [MethodImpl(Jit.HotLoop)]
    public static void Copy<T>(float* source, nint sourceStride, float* destination, nint destinationStride, int rows, int size, int following = 0)
        where T : struct, IVectorLane<T>
    {
        for (; rows > 0; rows--, source += sourceStride, destination += destinationStride)
        {
            Prefetch(source + (Math.Min(PrefetchedRows, rows - 1 + following) * sourceStride), size);
            Prefetch(destination + (Math.Min(PrefetchedRows, rows - 1) * destinationStride), size);
            var column = 0;
            for (; column <= size - T.Count; column += T.Count)
                T.Store(destination + column, T.Load(source + column));
            for (; column < size; column++)
                destination[column] = source[column];
        }
    }

    /// <summary>Asks for a row's part, into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask(float* row, int size)
    {
        if (!Sse.IsSupported)
            return;

        for (var column = 0; column < size; column += CacheLineFloats)
            Sse.Prefetch1(row + column);
    }

    /// <summary>Asks for a row's part, into the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* row, int size)
    {
        if (!Sse.IsSupported)
            return;

        for (var column = 0; column < size; column += CacheLineFloats)
            Sse.Prefetch0(row + column);
    }
}

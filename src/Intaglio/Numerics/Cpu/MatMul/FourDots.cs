using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Intaglio.Numerics.Cpu;

/// <summary>Scalar products of rows with four rows of a matrix at a time, which share what is loaded and how the lanes are summed.</summary>
/// <typeparam name="T">The lane.</typeparam>
/// <typeparam name="TWeight">The matrix's format.</typeparam>
internal static unsafe class FourDots<T, TWeight>
    where T : struct, IWideLane<T>
    where TWeight : struct, IStorage
{
    private const int CacheLine = 64;

    /// <summary>Of one row with four rows of a matrix.</summary>
    /// <param name="x">The row.</param>
    /// <param name="w0">The first row of the matrix.</param>
    /// <param name="w1">The second.</param>
    /// <param name="w2">The third.</param>
    /// <param name="w3">The fourth.</param>
    /// <param name="depth">How long they are.</param>
    /// <param name="sums">Four floats.</param>
    /// <param name="asksAhead">Whether what follows the fourth row will be read next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfRow(float* x, byte* w0, byte* w1, byte* w2, byte* w3, nint depth, float* sums, bool asksAhead)
    {
        T c0 = T.Of(0), c1 = T.Of(0), c2 = T.Of(0), c3 = T.Of(0);
        var ahead = After(w3, depth);
        nint k = 0;
        for (; k <= depth - T.Count; k += T.Count)
        {
            if (asksAhead)
                Ask(ref ahead);

            var value = T.Load(x + k);
            c0 = T.MultiplyAdd(value, TWeight.Load<T>(w0, k), c0);
            c1 = T.MultiplyAdd(value, TWeight.Load<T>(w1, k), c1);
            c2 = T.MultiplyAdd(value, TWeight.Load<T>(w2, k), c2);
            c3 = T.MultiplyAdd(value, TWeight.Load<T>(w3, k), c3);
        }

        F4.Store(sums, T.Sums(c0, c1, c2, c3));
        if (k < depth)
            AddLast(x, w0, w1, w2, w3, k, depth, sums);
    }

    /// <summary>Of two rows with four rows of a matrix, which are loaded once.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="stride">Floats from the first row to the second.</param>
    /// <param name="w0">The first row of the matrix.</param>
    /// <param name="w1">The second.</param>
    /// <param name="w2">The third.</param>
    /// <param name="w3">The fourth.</param>
    /// <param name="depth">How long they are.</param>
    /// <param name="sums">Four floats of the first row.</param>
    /// <param name="sumStride">Floats from there to those of the second.</param>
    /// <param name="asksAhead">Whether what follows the fourth row will be read next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfTwoRows(float* x, nint stride, byte* w0, byte* w1, byte* w2, byte* w3, nint depth, float* sums, int sumStride, bool asksAhead)
    {
        T c0 = T.Of(0), c1 = T.Of(0), c2 = T.Of(0), c3 = T.Of(0);
        T d0 = T.Of(0), d1 = T.Of(0), d2 = T.Of(0), d3 = T.Of(0);
        var y = x + stride;
        var ahead = After(w3, depth);
        nint k = 0;
        for (; k <= depth - T.Count; k += T.Count)
        {
            if (asksAhead)
                Ask(ref ahead);

            var (value, other) = (T.Load(x + k), T.Load(y + k));
            var weight = TWeight.Load<T>(w0, k);
            c0 = T.MultiplyAdd(value, weight, c0);
            d0 = T.MultiplyAdd(other, weight, d0);
            weight = TWeight.Load<T>(w1, k);
            c1 = T.MultiplyAdd(value, weight, c1);
            d1 = T.MultiplyAdd(other, weight, d1);
            weight = TWeight.Load<T>(w2, k);
            c2 = T.MultiplyAdd(value, weight, c2);
            d2 = T.MultiplyAdd(other, weight, d2);
            weight = TWeight.Load<T>(w3, k);
            c3 = T.MultiplyAdd(value, weight, c3);
            d3 = T.MultiplyAdd(other, weight, d3);
        }

        F4.Store(sums, T.Sums(c0, c1, c2, c3));
        F4.Store(sums + sumStride, T.Sums(d0, d1, d2, d3));
        if (k == depth)
            return;

        AddLast(x, w0, w1, w2, w3, k, depth, sums);
        AddLast(y, w0, w1, w2, w3, k, depth, sums + sumStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* After(byte* row, nint depth) => row + (depth * TWeight.Bytes);

    // The four rows that follow, a piece in each step: the processor sees that each row is read from its beginning to its end, but not that the next ones follow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(ref byte* ahead)
    {
        if (!Sse.IsSupported)
            return;

        for (var offset = 0; offset < 4 * T.Count * TWeight.Bytes; offset += CacheLine)
            Sse.Prefetch0(ahead + offset);
        ahead += 4 * T.Count * TWeight.Bytes;
    }

    // What is left of the sums' terms: fewer than a lane holds.
    private static void AddLast(float* x, byte* w0, byte* w1, byte* w2, byte* w3, nint k, nint depth, float* sums)
    {
        F1 c0 = F1.Load(sums), c1 = F1.Load(sums + 1), c2 = F1.Load(sums + 2), c3 = F1.Load(sums + 3);
        for (; k < depth; k++)
        {
            var value = F1.Load(x + k);
            c0 = F1.MultiplyAdd(value, TWeight.Load<F1>(w0, k), c0);
            c1 = F1.MultiplyAdd(value, TWeight.Load<F1>(w1, k), c1);
            c2 = F1.MultiplyAdd(value, TWeight.Load<F1>(w2, k), c2);
            c3 = F1.MultiplyAdd(value, TWeight.Load<F1>(w3, k), c3);
        }

        F1.Store(sums, c0);
        F1.Store(sums + 1, c1);
        F1.Store(sums + 2, c2);
        F1.Store(sums + 3, c3);
    }
}

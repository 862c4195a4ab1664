using System.Runtime.CompilerServices;
using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;

namespace Intaglio.Benchmarks;

/// <summary>Multiplications and additions on nothing but registers: as many as the processor can do.</summary>
/// <param name="results">One for each item, so that no loop is left out.</param>
internal readonly unsafe struct MultiplyAddLoop<T>(float* results) : IWork
    where T : struct, IVectorLane<T>
{
    private const int Rounds = 1 << 16;
    private const int Sums = 12;

    /// <summary>Floating-point operations of an item.</summary>
    public static double Operations => 2.0 * Rounds * Sums * T.Count;

    // More sums than latency times units (4 · 2), and few enough for 16 registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke(int item, int thread)
    {
        var (x, y) = (T.Of(0.999f), T.Of(item));
        T c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y;
        for (var round = 0; round < Rounds; round++)
        {
            c0 = T.MultiplyAdd(c0, x, y);
            c1 = T.MultiplyAdd(c1, x, y);
            c2 = T.MultiplyAdd(c2, x, y);
            c3 = T.MultiplyAdd(c3, x, y);
            c4 = T.MultiplyAdd(c4, x, y);
            c5 = T.MultiplyAdd(c5, x, y);
            c6 = T.MultiplyAdd(c6, x, y);
            c7 = T.MultiplyAdd(c7, x, y);
            c8 = T.MultiplyAdd(c8, x, y);
            c9 = T.MultiplyAdd(c9, x, y);
            c10 = T.MultiplyAdd(c10, x, y);
            c11 = T.MultiplyAdd(c11, x, y);
        }

        results[item] = T.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }
}

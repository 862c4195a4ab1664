using System.Runtime.CompilerServices;
using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;

namespace Intaglio.Benchmarks;

/// <summary>Reads memory from its first byte to its last and does next to nothing with it.</summary>
/// <param name="memory">Far more than the caches hold.</param>
/// <param name="results">One for each item, so that no loop is left out.</param>
internal readonly unsafe struct StreamLoop<T>(float* memory, float* results) : IWork
    where T : struct, IVectorLane<T>
{
    /// <summary>Floats of an item: 1 MiB.</summary>
    public const int Floats = 1 << 18;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke(int item, int thread)
    {
        var source = memory + ((nint)item * Floats);
        T c0 = T.Of(0), c1 = T.Of(0), c2 = T.Of(0), c3 = T.Of(0);
        for (var index = 0; index < Floats; index += 4 * T.Count)
        {
            c0 += T.Load(source + index);
            c1 += T.Load(source + index + T.Count);
            c2 += T.Load(source + index + (2 * T.Count));
            c3 += T.Load(source + index + (3 * T.Count));
        }

        results[item] = T.Sum(c0 + c1 + c2 + c3);
    }
}

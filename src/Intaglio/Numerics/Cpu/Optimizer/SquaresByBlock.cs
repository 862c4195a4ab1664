using System.Numerics;
using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>Σ values² of each block of fixed length, in double precision.</summary>
internal readonly unsafe struct SquaresByBlock(float* values, double* sums, long count) : IWork
{
    private const int ItemElements = 1 << 16;

    /// <summary>The longest range whose blocks' sums fit the shared workspace.</summary>
    public const long LongestCount = (long)ItemElements * CpuWorkspace.SharedFloats * sizeof(float) / sizeof(double);

    public int Items => checked((int)((count + ItemElements - 1) / ItemElements));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var index = (nint)item * ItemElements;
        var end = (nint)Math.Min(count, index + ItemElements);
        var lower = Vector<double>.Zero;
        var upper = Vector<double>.Zero;
        for (; index <= end - Vector<float>.Count; index += Vector<float>.Count)
        {
            Vector.Widen(Unsafe.ReadUnaligned<Vector<float>>(values + index), out var low, out var high);
            lower += low * low;
            upper += high * high;
        }

        var sum = Vector.Sum(lower + upper);
        for (; index < end; index++)
            sum += (double)values[index] * values[index];
        sums[item] = sum;
    }
}

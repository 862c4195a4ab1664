namespace Intaglio.Numerics.Cpu;

/// <summary>
/// The working memory of launches, taken once: a part that all threads of a launch share, for packed weights and partial sums, and a part for each
/// thread. Its size does not depend on the model; algorithms cut their blocks to fit it.
/// </summary>
internal readonly unsafe struct CpuWorkspace(float* start)
{
    /// <summary>Floats that all threads share: 4.5 MiB.</summary>
    public const int SharedFloats = 9 << 17;

    /// <summary>Floats of each thread: 640 KiB, which leaves some of a usual second-level cache to what passes.</summary>
    public const int ThreadFloats = 5 << 15;

    /// <summary>The part that all threads share.</summary>
    public float* Shared => start;

    /// <summary>Size for a number of threads.</summary>
    public static long BytesFor(int threads) => (SharedFloats + ((long)threads * ThreadFloats)) * sizeof(float);

    /// <summary>One thread's part.</summary>
    public float* Thread(int thread) => start + SharedFloats + ((nint)thread * ThreadFloats);
}

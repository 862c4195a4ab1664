namespace Intaglio;

public abstract partial class Device
{
    /// <summary>This computer's processor: plain memory and SIMD code, with no other library.</summary>
    /// <param name="threads">How many threads work on a launch, the caller's among them; 0 for one a logical processor. Results do not depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative.</exception>
    public static Device Cpu(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        return new CpuDevice(threads == 0 ? Environment.ProcessorCount : threads);
    }
}

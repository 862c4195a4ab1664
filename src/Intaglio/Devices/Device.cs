namespace Intaglio;

/// <summary>A device that models run on. Dispose it after everything made on it.</summary>
public abstract partial class Device : IDisposable
{
    private long _allocatedBytes;
    private long _peakBytes;

    /// <summary>How the device is written in options, such as <c>cpu</c> or <c>opencl:0</c>.</summary>
    public abstract string Id { get; }

    /// <summary>The hardware's own name.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes of all buffers that exist now, the launches' own working memory included.</summary>
    public long AllocatedBytes => Interlocked.Read(ref _allocatedBytes);

    /// <summary>The most that <see cref="AllocatedBytes"/> has been.</summary>
    public long PeakBytes => Interlocked.Read(ref _peakBytes);

    /// <summary>Bytes of working memory that each execution takes for itself: packed tiles on a CPU, partial sums on a GPU.</summary>
    public abstract long WorkspaceBytes { get; }

    /// <summary>Allocates cleared memory.</summary>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public abstract DeviceBuffer Allocate(long bytes);

    /// <summary>Makes a view of the device for one user.</summary>
    /// <param name="kernels">The class that holds the model's GPU entry points; a CPU does not look at it.</param>
    public abstract Execution CreateExecution(Type kernels);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Name})";

    /// <summary>Counts an allocation (or, negative, a release).</summary>
    private protected void CountBytes(long bytes)
    {
        var now = Interlocked.Add(ref _allocatedBytes, bytes);
        long peak;
        while (now > (peak = Interlocked.Read(ref _peakBytes)) && Interlocked.CompareExchange(ref _peakBytes, now, peak) != peak)
        {
        }
    }
}

namespace Intaglio;

/// <summary>Memory on a device, aligned to 64 bytes or more where the device is a CPU, and zero when allocated.</summary>
public abstract class DeviceBuffer : IDisposable
{
    /// <summary>Size in bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Copies from the host; returns when <paramref name="source"/> may be reused.</summary>
    /// <param name="source">Values to copy.</param>
    /// <param name="byteOffset">Where they go.</param>
    public abstract void Write<T>(ReadOnlySpan<T> source, long byteOffset = 0)
        where T : unmanaged;

    /// <summary>Copies to the host, after all launches before it have ended.</summary>
    /// <param name="destination">Where the values go.</param>
    /// <param name="byteOffset">Where they come from.</param>
    public abstract void Read<T>(Span<T> destination, long byteOffset = 0)
        where T : unmanaged;

    /// <summary>Sets every byte to zero.</summary>
    public abstract void Clear();

    /// <inheritdoc/>
    public abstract void Dispose();
}

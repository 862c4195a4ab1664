using System.Runtime.InteropServices;

namespace Intaglio;

/// <summary>Native memory.</summary>
internal sealed unsafe partial class CpuBuffer : DeviceBuffer
{
    private const nuint CacheLine = 64;
    private const nuint HugePage = 2 << 20;

    // madvise's MADV_HUGEPAGE: the tables of a large buffer's small pages would not fit the processor's cache of them.
    private const int AdviseHugePages = 14;

    private readonly CpuDevice _device;
    private byte* _start;

    /// <summary>Allocates cleared memory.</summary>
    public CpuBuffer(CpuDevice device, long bytes)
    {
        _device = device;
        Bytes = bytes;
        _start = AllocateNative(bytes);
        device.Count(bytes);
        NativeMemory.Clear(_start, (nuint)bytes);
    }

    /// <inheritdoc/>
    public override long Bytes { get; }

    /// <summary>The device that the buffer is on.</summary>
    public Device Device => _device;

    /// <summary>The first byte.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed.</exception>
    public byte* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start == null, this);
            return _start;
        }
    }

    /// <inheritdoc/>
    public override void Write<T>(ReadOnlySpan<T> source, long byteOffset = 0)
    {
        var bytes = MemoryMarshal.AsBytes(source);
        bytes.CopyTo(Range(byteOffset, bytes.Length));
    }

    /// <inheritdoc/>
    public override void Read<T>(Span<T> destination, long byteOffset = 0)
    {
        var bytes = MemoryMarshal.AsBytes(destination);
        Range(byteOffset, bytes.Length).CopyTo(bytes);
    }

    /// <inheritdoc/>
    public override void Clear() => NativeMemory.Clear(Start, (nuint)Bytes);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_start == null)
            return;

        NativeMemory.AlignedFree(_start);
        _start = null;
        _device.Count(-Bytes);
    }

    private static byte* AllocateNative(long bytes)
    {
        if (bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
            throw OutOfMemory(bytes, null);

        var isLarge = (nuint)bytes >= 2 * HugePage;
        try
        {
            var start = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, isLarge ? HugePage : CacheLine);

            // Advice only: memory without huge pages works as well, if slower.
            if (isLarge && OperatingSystem.IsLinux())
                _ = Advise(start, (nuint)bytes, AdviseHugePages);
            return start;
        }
        catch (OutOfMemoryException exception)
        {
            throw OutOfMemory(bytes, exception);
        }
    }

    private static DeviceException OutOfMemory(long bytes, Exception? inner)
        => new($"cpu: {bytes / 1048576.0:N0} MiB were asked for and {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1048576.0:N0} MiB exist; use a smaller batch, context or model.", inner);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);

    private Span<byte> Range(long byteOffset, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Bytes - byteOffset, nameof(bytes));
        return new(Start + byteOffset, bytes);
    }
}

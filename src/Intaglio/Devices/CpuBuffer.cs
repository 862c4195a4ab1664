using System.Runtime.InteropServices;

namespace Intaglio;

/// <summary>Native memory.</summary>
internal sealed unsafe partial class CpuBuffer : DeviceBuffer
{
    private const nuint CacheLine = 64;
    private const nuint HugePage = 2 << 20;

    /// <summary>
    /// Bytes before the buffer and after it that may be read, so that loops take whole vectors: one of a bias by distance may begin before its table and end after
    /// it, by less than its own length, and the widest vector is as long as a cache line.
    /// </summary>
    internal const int Slack = (int)CacheLine;

    // madvise's MADV_HUGEPAGE: the tables of a large buffer's small pages would not fit the processor's cache of them.
    private const int AdviseHugePages = 14;

    private readonly CpuDevice _device;
    private byte* _memory;

    /// <summary>Allocates cleared memory.</summary>
    public CpuBuffer(CpuDevice device, long bytes)
    {
        _device = device;
        Bytes = bytes;
        _memory = AllocateNative(bytes);
        device.Count(bytes);
        NativeMemory.Clear(_memory, SizeOf(bytes));
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
            ObjectDisposedException.ThrowIf(_memory == null, this);
            return _memory + Slack;
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
        if (_memory == null)
            return;

        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _device.Count(-Bytes);
    }

    /// <summary>A part of the memory itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in the buffer.</exception>
    public Span<byte> Range(long byteOffset, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Bytes - byteOffset, nameof(bytes));
        return new(Start + byteOffset, bytes);
    }

    private static byte* AllocateNative(long bytes)
    {
        if (bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
            throw OutOfMemory(bytes, null);

        // Whole huge pages: what is left of them would lie in small ones, which compete for the same lines of the caches, or do not, as chance has it.
        var isLarge = (nuint)bytes >= HugePage;
        var alignment = isLarge ? HugePage : CacheLine;
        var size = (SizeOf(bytes) + alignment - 1) / alignment * alignment;
        try
        {
            var memory = (byte*)NativeMemory.AlignedAlloc(size, alignment);

            // Advice only: memory without huge pages works as well, if slower.
            if (isLarge && OperatingSystem.IsLinux())
                _ = Advise(memory, size, AdviseHugePages);
            return memory;
        }
        catch (OutOfMemoryException exception)
        {
            throw OutOfMemory(bytes, exception);
        }
    }

    private static nuint SizeOf(long bytes) => Slack + (nuint)bytes + Slack;

    private static DeviceException OutOfMemory(long bytes, Exception? inner)
        => new($"cpu: {bytes / 1048576.0:N0} MiB were asked for and {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1048576.0:N0} MiB exist; use a smaller batch, context or model.", inner);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}

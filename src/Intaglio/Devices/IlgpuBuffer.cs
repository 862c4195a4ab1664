using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Intaglio;

/// <summary>A buffer that ILGPU allocated.</summary>
internal sealed class IlgpuBuffer(IlgpuDevice device, MemoryBuffer1D<byte, Stride1D.Dense> memory, long bytes) : DeviceBuffer
{
    /// <summary>Buffers are multiples of this at least, in bytes.</summary>
    public const int Granule = 16;

    private bool _isDisposed;

    /// <inheritdoc/>
    public override long Bytes => bytes;

    /// <summary>Where it is.</summary>
    public IlgpuDevice Device => device;

    /// <summary>All of it, as kernels see it.</summary>
    public ArrayView<byte> View => memory.View.BaseView;

    /// <inheritdoc/>
    public override unsafe void Write<T>(ReadOnlySpan<T> source, long byteOffset = 0)
    {
        var length = (long)source.Length * Unsafe.SizeOf<T>();
        Check(byteOffset, length);
        if (length == 0)
            return;

        fixed (T* pointer = source)
        {
            lock (device.Queue)
            {
                try
                {
                    device.Write(memory, byteOffset, pointer, length);
                }
                catch (AcceleratorException error)
                {
                    throw device.Lost("in a copy from the host", error);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override unsafe void Read<T>(Span<T> destination, long byteOffset = 0)
    {
        var length = (long)destination.Length * Unsafe.SizeOf<T>();
        Check(byteOffset, length);
        if (length == 0)
            return;

        fixed (T* pointer = destination)
        {
            lock (device.Queue)
            {
                try
                {
                    device.Read(memory, byteOffset, pointer, length);
                }
                catch (AcceleratorException error)
                {
                    throw device.Lost("in a copy to the host", error);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        lock (device.Queue)
        {
            try
            {
                device.Clear(memory);
            }
            catch (AcceleratorException error)
            {
                throw device.Lost("while a buffer was cleared", error);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        try
        {
            device.Synchronize();
            memory.Dispose();
        }
        catch (Exception fault) when (fault is DeviceException or AcceleratorException)
        {
            // A lost device takes nothing back, and this must not hide the error that told of the loss.
        }

        device.Release(bytes);
    }

    private void Check(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset, "byteOffset");
        if (length > bytes - offset)
            throw new ArgumentException($"{length:N0} bytes at {offset:N0} are more than the buffer's {bytes:N0}.");
    }
}

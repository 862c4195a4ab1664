using System.Runtime.InteropServices;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>A device that is memory alone: checkpoints need no more.</summary>
internal sealed class HostDevice : Device
{
    public override string Id => "host";

    public override string Name => "memory for tests";

    public override long WorkspaceBytes => 0;

    public int LiveBuffers { get; private set; }

    /// <summary>Runs whenever a buffer is read: the place for accidents in the middle of a save.</summary>
    public Action Reading { get; set; } = static () => { };

    public override DeviceBuffer Allocate(long bytes)
    {
        LiveBuffers++;
        return new Buffer(this, new byte[bytes]);
    }

    public override Execution CreateExecution(Type kernels) => throw new NotSupportedException();

    public override void Dispose()
    {
    }

    private sealed class Buffer(HostDevice device, byte[] memory) : DeviceBuffer
    {
        private bool _isDisposed;

        public override long Bytes => memory.Length;

        public override void Write<T>(ReadOnlySpan<T> source, long byteOffset = 0) =>
            MemoryMarshal.AsBytes(source).CopyTo(memory.AsSpan((int)byteOffset));

        public override void Read<T>(Span<T> destination, long byteOffset = 0)
        {
            device.Reading();
            var bytes = MemoryMarshal.AsBytes(destination);
            memory.AsSpan((int)byteOffset, bytes.Length).CopyTo(bytes);
        }

        public override void Clear() => Array.Clear(memory);

        public override void Dispose()
        {
            if (!_isDisposed)
                device.LiveBuffers--;
            _isDisposed = true;
        }
    }
}

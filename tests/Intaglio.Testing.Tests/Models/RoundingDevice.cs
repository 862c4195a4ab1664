using System.Runtime.InteropServices;
using Intaglio.Numerics;

namespace Intaglio.Testing.Tests;

/// <summary>A CPU that forgets the last bits of what is written to it: a device with a fault.</summary>
/// <param name="id">What it takes itself for.</param>
/// <param name="bits">How many bits of a number it forgets.</param>
internal sealed class RoundingDevice(string id, int bits) : Device
{
    private readonly Device _cpu = Cpu(threads: 1);

    public override string Id => id;

    public override string Name => "faulty";

    public override long WorkspaceBytes => _cpu.WorkspaceBytes;

    public override DeviceBuffer Allocate(long bytes) => new Buffer(_cpu.Allocate(bytes), bits);

    public override Execution CreateExecution(Type kernels) => new RoundingExecution(_cpu.CreateExecution(kernels));

    public override void Dispose() => _cpu.Dispose();

    private sealed class Buffer(DeviceBuffer inner, int bits) : DeviceBuffer
    {
        public DeviceBuffer Inner => inner;

        public override long Bytes => inner.Bytes;

        public override void Write<T>(ReadOnlySpan<T> source, long byteOffset = 0)
        {
            if (typeof(T) != typeof(float))
            {
                inner.Write(source, byteOffset);
                return;
            }

            var rounded = MemoryMarshal.Cast<T, int>(source).ToArray();
            for (var i = 0; i < rounded.Length; i++)
                rounded[i] = rounded[i] >> bits << bits;
            inner.Write<int>(rounded, byteOffset);
        }

        public override void Read<T>(Span<T> destination, long byteOffset = 0) => inner.Read(destination, byteOffset);

        public override void Clear() => inner.Clear();

        public override void Dispose() => inner.Dispose();
    }

    private sealed class RoundingExecution(Execution inner) : Execution
    {
        public override IReadOnlyDictionary<string, long> LaunchCounts => inner.LaunchCounts;

        public override void Bind(Region region, DeviceBuffer buffer) => inner.Bind(region, ((Buffer)buffer).Inner);

        public override void Run<TAction>(ref TAction action)
        {
            inner.Random = Random;
            inner.Run(ref action);
        }

        public override double SumOfSquares(Region region, long count) => inner.SumOfSquares(region, count);

        public override void AdamW(long start, long count, in AdamWStep step) => inner.AdamW(start, count, step);

        public override void Synchronize() => inner.Synchronize();

        public override void Dispose() => inner.Dispose();
    }
}

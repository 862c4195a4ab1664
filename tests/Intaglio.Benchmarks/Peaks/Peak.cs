using System.Runtime.Intrinsics;
using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;

namespace Intaglio.Benchmarks;

/// <summary>What the machine can do at most on some threads: measured beside each case, since a shared machine is not the same from one minute to the next.</summary>
internal sealed unsafe class Peak : IDisposable
{
    private const int StreamItems = 384;
    private const int ItemsPerThread = 100;

    private readonly WorkerPool _pool;
    private readonly Device _device;
    private readonly CpuBuffer _results;
    private readonly Lazy<CpuBuffer> _memory;

    /// <param name="device">A processor with its threads.</param>
    public Peak(Device device)
    {
        var cpu = (CpuDevice)device;
        (_device, _pool) = (device, cpu.Pool);
        _results = new(cpu, sizeof(float) * Math.Max(StreamItems, ItemsPerThread * _pool.Threads));
        _memory = new(() => new(cpu, (long)StreamItems * StreamLoop<F1>.Floats * sizeof(float)));
    }

    /// <summary>Floating-point operations of <see cref="MultiplyAdd"/>.</summary>
    public double Operations => ItemsPerThread * _pool.Threads
        * (Vector512.IsHardwareAccelerated ? MultiplyAddLoop<F16>.Operations : Vector256.IsHardwareAccelerated ? MultiplyAddLoop<F8>.Operations : MultiplyAddLoop<F4>.Operations);

    /// <summary>Bytes of <see cref="Stream"/>.</summary>
    public static double Bytes => (double)StreamItems * StreamLoop<F1>.Floats * sizeof(float);

    public string Machine => $"{_device.Name}, {Environment.ProcessorCount} logical processors, {_pool.Threads} threads, {Width}-bit vectors, .NET {Environment.Version}";

    /// <summary>Multiplies and adds for about 20 ms, on the vectors that the library takes.</summary>
    public void MultiplyAdd()
    {
        if (Vector512.IsHardwareAccelerated)
            MultiplyAdd<F16>();
        else if (Vector256.IsHardwareAccelerated)
            MultiplyAdd<F8>();
        else
            MultiplyAdd<F4>();
    }

    /// <summary>Reads 384 MiB.</summary>
    public void Stream()
    {
        if (Vector512.IsHardwareAccelerated)
            Stream<F16>();
        else if (Vector256.IsHardwareAccelerated)
            Stream<F8>();
        else
            Stream<F4>();
    }

    public void Dispose()
    {
        _results.Dispose();
        if (_memory.IsValueCreated)
            _memory.Value.Dispose();
    }

    private static int Width => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private void MultiplyAdd<T>()
        where T : struct, IVectorLane<T>
    {
        var work = new MultiplyAddLoop<T>((float*)_results.Start);
        _pool.Run(ref work, ItemsPerThread * _pool.Threads);
    }

    private void Stream<T>()
        where T : struct, IVectorLane<T>
    {
        var work = new StreamLoop<T>((float*)_memory.Value.Start, (float*)_results.Start);
        _pool.Run(ref work, StreamItems);
    }
}

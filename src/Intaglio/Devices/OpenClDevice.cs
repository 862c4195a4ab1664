using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using Intaglio.Numerics.Gpu;

namespace Intaglio;

/// <summary>A device reached through OpenCL.</summary>
internal sealed class OpenClDevice : IlgpuDevice
{
    private readonly int _index;
    private readonly bool _isCpu;

    private OpenClDevice(Context context, CLAccelerator accelerator, int index, bool? usesTiles)
        : base(context, accelerator)
    {
        _index = index;
        _isCpu = OpenClPlatform.IsCpu(accelerator.Device);
        UsesTiles = usesTiles ?? (!_isCpu && accelerator.MaxNumThreadsPerGroup >= GpuTiledMatMul.GroupSize);
    }

    /// <inheritdoc/>
    public override string Id => $"opencl:{_index}";

    /// <inheritdoc/>
    public override string Name => OpenClPlatform.NameOf(((CLAccelerator)Accelerator).Device);

    /// <inheritdoc/>
    public override bool UsesTiles { get; }

    /// <inheritdoc/>
    public override int CoarseGroup => Math.Min(_isCpu ? 8 : 64, Accelerator.MaxNumThreadsPerGroup);

    /// <inheritdoc/>
    public override int FineGroup => Math.Min(_isCpu ? 64 : 128, Accelerator.MaxNumThreadsPerGroup);

    /// <inheritdoc/>
    public override int MaxGroups => 1 << 20;

    /// <summary>Opens the device of an index.</summary>
    /// <param name="index">Which.</param>
    /// <param name="usesTiles">What <see cref="UsesTiles"/> is to be; null for what suits the device. Tests run both kinds of kernels on one device.</param>
    public static OpenClDevice Open(int index, bool? usesTiles = null)
    {
        if (OpenClPlatform.WhyNone() is { } none)
            throw new DeviceException($"opencl:{index} cannot be used: {none}.");

        var context = Context.Create(builder => OpenClPlatform.Register(builder));
        try
        {
            var devices = context.GetCLDevices();
            if (index >= devices.Count)
                throw new DeviceException($"There is no opencl:{index}; the last OpenCL device is opencl:{devices.Count - 1}.");
            if (OpenClPlatform.WhyNot(devices[index]) is { } reason)
                throw new DeviceException($"opencl:{index} ({OpenClPlatform.NameOf(devices[index])}) cannot be used: {reason}.");

            return new(context, devices[index].CreateCLAccelerator(context), index, usesTiles);
        }
        catch (AcceleratorException error)
        {
            context.Dispose();
            throw new DeviceException($"opencl:{index} could not be opened: {error.Message}.", error);
        }
        catch (DeviceException)
        {
            context.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override unsafe void Write(MemoryBuffer destination, long offset, void* source, long bytes) =>
        CLException.ThrowIfFailed(CLAPI.CurrentAPI.WriteBuffer(Accelerator.DefaultStream, destination.NativePtr, blockingWrite: true, (nint)offset, (nint)bytes, (nint)source));

    /// <inheritdoc/>
    public override unsafe void Read(MemoryBuffer source, long offset, void* destination, long bytes) =>
        CLException.ThrowIfFailed(CLAPI.CurrentAPI.ReadBuffer(Accelerator.DefaultStream, source.NativePtr, blockingRead: true, (nint)offset, (nint)bytes, (nint)destination));

    /// <inheritdoc/>
    public override void Clear(MemoryBuffer buffer) =>
        CLException.ThrowIfFailed(CLAPI.CurrentAPI.FillBuffer(Accelerator.DefaultStream, buffer.NativePtr, 0L, 0, (nint)buffer.LengthInBytes));
}

using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Intaglio;

/// <summary>An NVIDIA GPU through CUDA: the same program as every other device, its kernels compiled to PTX.</summary>
internal sealed class CudaAcceleratorDevice : IlgpuDevice
{
    private const int Group = 128;

    private readonly int _index;

    private CudaAcceleratorDevice(Context context, CudaAccelerator accelerator, int index)
        : base(context, accelerator) => _index = index;

    /// <inheritdoc/>
    public override string Id => $"cuda:{_index}";

    /// <inheritdoc/>
    public override string Name => CudaPlatform.NameOf((CudaDevice)Accelerator.Device);

    /// <inheritdoc/>
    public override bool UsesTiles => true;

    /// <inheritdoc/>
    public override int CoarseGroup => Group / 2;

    /// <inheritdoc/>
    public override int FineGroup => Group;

    /// <inheritdoc/>
    public override int MaxGroups => 1 << 20;

    /// <summary>Opens the device of an index.</summary>
    public static CudaAcceleratorDevice Open(int index)
    {
        if (CudaPlatform.WhyNone() is { } none)
            throw new DeviceException($"cuda:{index} cannot be used: {none}.");

        var context = Context.Create(builder => CudaPlatform.Register(builder));
        try
        {
            var devices = context.GetCudaDevices();
            if (index >= devices.Count)
                throw new DeviceException($"There is no cuda:{index}; the last CUDA device is cuda:{devices.Count - 1}.");

            return new(context, devices[index].CreateCudaAccelerator(context), index);
        }
        catch (AcceleratorException error)
        {
            context.Dispose();
            throw new DeviceException($"cuda:{index} could not be opened: {error.Message}.", error);
        }
        catch (DeviceException)
        {
            context.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override unsafe void Write(MemoryBuffer destination, long offset, void* source, long bytes) =>
        Copy(destination.NativePtr + (nint)offset, (nint)source, bytes);

    /// <inheritdoc/>
    public override unsafe void Read(MemoryBuffer source, long offset, void* destination, long bytes) =>
        Copy((nint)destination, source.NativePtr + (nint)offset, bytes);

    /// <inheritdoc/>
    public override void Clear(MemoryBuffer buffer) =>
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.Memset(buffer.NativePtr, 0, (nint)buffer.LengthInBytes, Accelerator.DefaultStream));

    // Addresses of host and device are distinct, so that the driver knows which way; the host's memory is the caller's again when this returns.
    private void Copy(nint destination, nint source, long bytes)
    {
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.MemcpyAsync(destination, source, (nint)bytes, Accelerator.DefaultStream));
        Accelerator.DefaultStream.Synchronize();
    }
}

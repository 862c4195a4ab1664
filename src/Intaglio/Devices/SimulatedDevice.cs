using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace Intaglio;

/// <summary>ILGPU's simulator: each GPU thread is a thread of the host, so groups are as small as they can be and still be groups.</summary>
internal sealed class SimulatedDevice : IlgpuDevice
{
    private const int GroupSize = 2;
    private const int Groups = 2;

    /// <summary>What <see cref="Device.List"/> calls it.</summary>
    public const string Description = "ILGPU's simulator on the CPU, 2 groups of 2 threads";

    /// <summary>Opens the simulator.</summary>
    public SimulatedDevice()
        : this(Context.Create(builder => builder.CPU(new CPUDevice(GroupSize, 1, Groups))))
    {
    }

    private SimulatedDevice(Context context)
        : base(context, context.GetCPUDevice(0).CreateCPUAccelerator(context, CPUAcceleratorMode.Parallel, ThreadPriority.Normal))
    {
    }

    /// <inheritdoc/>
    public override string Id => "simulated";

    /// <inheritdoc/>
    public override string Name => Description;

    /// <inheritdoc/>
    public override bool UsesTiles => false;

    /// <inheritdoc/>
    public override int CoarseGroup => GroupSize;

    /// <inheritdoc/>
    public override int FineGroup => GroupSize;

    /// <inheritdoc/>
    public override int MaxGroups => Groups;

    // Launches have ended when they return, and the memory is the host's own.

    /// <inheritdoc/>
    public override unsafe void Write(MemoryBuffer destination, long offset, void* source, long bytes) =>
        Buffer.MemoryCopy(source, (byte*)destination.NativePtr + offset, destination.LengthInBytes - offset, bytes);

    /// <inheritdoc/>
    public override unsafe void Read(MemoryBuffer source, long offset, void* destination, long bytes) =>
        Buffer.MemoryCopy((byte*)source.NativePtr + offset, destination, bytes, bytes);

    /// <inheritdoc/>
    public override unsafe void Clear(MemoryBuffer buffer) => NativeMemory.Clear((void*)buffer.NativePtr, (nuint)buffer.LengthInBytes);
}

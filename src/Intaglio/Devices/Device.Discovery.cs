using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Intaglio;

public abstract partial class Device
{
    /// <summary>Raised before a GPU kernel is compiled, which takes a noticeable time, once a kernel and device; on the thread that launches it.</summary>
    public event EventHandler<KernelCompilingEventArgs>? KernelCompiling;

    /// <summary>A graphics processor through CUDA or OpenCL where there is one, else the CPU. OpenCL devices that are CPUs are passed over: SIMD code is faster there.</summary>
    public static Device Best() => FirstGpu() ?? Cpu();

    /// <summary>An OpenCL device.</summary>
    /// <param name="index">Which, in the order of <see cref="List"/>.</param>
    /// <exception cref="DeviceException">There is no such device, or it cannot be used; the message says why.</exception>
    public static Device OpenCl(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return OpenClDevice.Open(index);
    }

    /// <summary>An NVIDIA GPU. Its kernels are compiled and checked offline; on a GPU they have not run yet.</summary>
    /// <param name="index">Which, in the order of <see cref="List"/>.</param>
    /// <exception cref="DeviceException">There is no driver or no such device; the message says what.</exception>
    public static Device Cuda(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return CudaAcceleratorDevice.Open(index);
    }

    /// <summary>
    /// A simulator that runs GPU kernels on CPU threads, for checking them; 30 to 100 times too slow for work. Two groups of two threads each.
    /// </summary>
    public static Device Simulated() => new SimulatedDevice();

    /// <summary>
    /// The device that an option names: <c>cpu</c>, <c>cpu:2</c> (with 2 threads), <c>opencl</c>, <c>opencl:1</c>, <c>cuda</c>, <c>cuda:1</c> or <c>simulated</c>.
    /// </summary>
    /// <exception cref="DeviceException">The text names no device, or one that cannot be used.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var separator = text.IndexOf(':', StringComparison.Ordinal);
        var kind = separator < 0 ? text : text[..separator];
        int? number = null;
        if (separator >= 0)
        {
            if (!int.TryParse(text.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
                throw NotADevice(text);
            number = parsed;
        }

        return (kind, number) switch
        {
            ("cpu", null) => Cpu(),
            ("cpu", > 0) => Cpu(number.Value),
            ("opencl", _) => OpenCl(number ?? 0),
            ("simulated", null) => Simulated(),
            ("cuda", _) => Cuda(number ?? 0),
            _ => throw NotADevice(text),
        };
    }

    /// <summary>Every device that could be asked for, usable or not.</summary>
    public static IReadOnlyList<DeviceDescription> List() =>
    [
        new("cpu", $"{Environment.ProcessorCount} logical processors, {RuntimeInformation.ProcessArchitecture}", IsUsable: true, Reason: null),
        .. OpenClDevices(),
        .. CudaDevices(),
        new("simulated", SimulatedDevice.Description, IsUsable: true, Reason: null),
    ];

    /// <summary>Raises <see cref="KernelCompiling"/>.</summary>
    private protected void OnKernelCompiling(string kernel) => KernelCompiling?.Invoke(this, new(kernel));

    // These are methods of their own so that no ILGPU assembly is loaded before one of them runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<DeviceDescription> OpenClDevices() => OpenClPlatform.List();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<DeviceDescription> CudaDevices() => CudaPlatform.List();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Device? FirstGpu() => CudaPlatform.IsThere ? Cuda() : OpenClPlatform.FirstGpu() is { } index ? OpenCl(index) : null;

    private static DeviceException NotADevice(string text) =>
        new($"'{text}' is not a device; expected cpu, cpu:THREADS, opencl, opencl:INDEX, cuda, cuda:INDEX or simulated.");
}

/// <summary>A device that could be asked for.</summary>
/// <param name="Id">What <see cref="Device.Parse"/> understands.</param>
/// <param name="Name">The hardware's own name.</param>
/// <param name="IsUsable">Whether it can be opened.</param>
/// <param name="Reason">Why it cannot, and what would help; null where it can.</param>
public sealed record DeviceDescription(string Id, string Name, bool IsUsable, string? Reason);

/// <summary>Which kernel is about to be compiled.</summary>
/// <param name="kernel">Its name.</param>
public sealed class KernelCompilingEventArgs(string kernel) : EventArgs
{
    /// <summary>The entry point's name.</summary>
    public string Kernel { get; } = kernel;
}

using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Intaglio;

/// <summary>Finds NVIDIA's driver and its devices. ILGPU asks for <c>cuda</c>; distributions ship <c>libcuda.so.1</c>, Windows <c>nvcuda.dll</c>.</summary>
internal static class CudaPlatform
{
    private static readonly string LibraryName = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    private static readonly Lazy<bool> HasDriver = new(() =>
    {
        var isThere = NativeLibrary.TryLoad(LibraryName, out var library);
        GpuLibraries.Resolve("cuda", library);
        return isThere;
    });

    /// <summary>Adds every CUDA device to a context, in the order of <see cref="List"/>.</summary>
    public static Context.Builder Register(Context.Builder builder) => builder.Cuda(_ => true);

    /// <summary>What is there, or why nothing is.</summary>
    public static IReadOnlyList<DeviceDescription> List()
    {
        if (WhyNone() is { } reason)
            return [new("cuda", "CUDA", IsUsable: false, reason)];

        using var context = Context.Create(builder => Register(builder));
        return [.. Enumerable.Range(0, context.GetCudaDevices().Count).Select(index => new DeviceDescription($"cuda:{index}", NameOf(context.GetCudaDevice(index)), IsUsable: true, Reason: null))];
    }

    /// <summary>Whether there is a device.</summary>
    public static bool IsThere => WhyNone() is null;

    /// <summary>Why there is no CUDA device at all; null where there is one.</summary>
    public static string? WhyNone()
    {
        if (!HasDriver.Value)
            return $"no NVIDIA driver was found ({LibraryName}); install one, or use cpu";

        using var context = Context.Create(builder => Register(builder));
        return context.GetCudaDevices().Count == 0 ? "NVIDIA's driver is there, but no device that it can use" : null;
    }

    /// <summary>The hardware's name and what it can do.</summary>
    public static string NameOf(CudaDevice device) => $"{device.Name}, {device.Architecture}";
}

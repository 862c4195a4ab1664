using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.OpenCL;

namespace Intaglio;

/// <summary>
/// Makes OpenCL usable through ILGPU without anything for a user to set. ILGPU asks for <c>libOpenCL.so</c> where distributions ship <c>libOpenCL.so.1</c>;
/// it passes over PoCL, which does not report a generic address space; and PoCL's compiler rejects the <c>__generic</c> pointers that ILGPU emits, though
/// all of them are global.
/// </summary>
internal static partial class OpenClPlatform
{
    private const string PoclFlags = "POCL_EXTRA_BUILD_FLAGS";
    private const string PoclGenericIsGlobal = "-D__generic=__global";
    private const string PoclPlatform = "Portable Computing Language";

    private static readonly string[] LibraryNames =
        OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"];

    private static readonly Lazy<nint> Library = new(Prepare);

    /// <summary>Adds every OpenCL device to a context, those that cannot be used included, so that indices are those of <see cref="List"/>.</summary>
    public static Context.Builder Register(Context.Builder builder)
    {
        if (Library.Value != 0)
            builder.OpenCL(Accept);
        return builder;
    }

    /// <summary>What is there, or why nothing is.</summary>
    public static IReadOnlyList<DeviceDescription> List()
    {
        if (WhyNone() is { } reason)
            return [new("opencl", "OpenCL", IsUsable: false, reason)];

        return [.. Devices().Select((device, index) => new DeviceDescription($"opencl:{index}", NameOf(device), WhyNot(device) is null, WhyNot(device)))];
    }

    /// <summary>Index of the first usable device that is no CPU; null without one.</summary>
    public static int? FirstGpu()
    {
        var index = Devices().FindIndex(device => !IsCpu(device) && WhyNot(device) is null);
        return index < 0 ? null : index;
    }

    /// <summary>Why there is no OpenCL device at all; null where there is one.</summary>
    public static string? WhyNone()
    {
        if (Library.Value == 0)
            return $"{LibraryNames[0]} was not found; install an OpenCL loader and a driver (on Debian: ocl-icd-libopencl1 and, for CPUs, pocl-opencl-icd)";

        return Devices().Count == 0 ? "the OpenCL library is there, but no device; install the driver of one (on Debian, for CPUs: pocl-opencl-icd)" : null;
    }

    /// <summary>Why a device cannot be used; null where it can.</summary>
    public static string? WhyNot(CLDevice device)
    {
        if (!device.Capabilities.GenericAddressSpace)
            return "its OpenCL has no generic address space (OpenCL 2.0 or newer with that feature is needed)";

        return device.CLStdVersion < ILGPU.Backends.OpenCL.CLBackend.MinimumVersion ? $"its OpenCL C is older than {ILGPU.Backends.OpenCL.CLBackend.MinimumVersion}" : null;
    }

    /// <summary>The hardware's name and its driver's.</summary>
    public static string NameOf(CLDevice device) => $"{device.Name}, {device.PlatformName}";

    /// <summary>Whether kernels run on the host's processor.</summary>
    public static bool IsCpu(CLDevice device) => device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_CPU);

    private static List<CLDevice> Devices() => Library.Value == 0 ? [] : [.. CLDevice.GetDevices(Accept).Cast<CLDevice>()];

    private static bool Accept(CLDevice device)
    {
        // PoCL's compiler is told to read __generic as __global, so the feature is as good as there.
        if (device.PlatformName.Contains(PoclPlatform, StringComparison.Ordinal))
            typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))!.SetValue(device.Capabilities, true);
        return true;
    }

    private static nint Prepare()
    {
        nint library = 0;
        foreach (var name in LibraryNames)
        {
            if (NativeLibrary.TryLoad(name, out library))
                break;
        }

        SetPoclFlags();
        GpuLibraries.Resolve("OpenCL", library);
        return library;
    }

    // PoCL reads its flags when it is first called. What a user has set is kept.
    private static void SetPoclFlags()
    {
        var set = Environment.GetEnvironmentVariable(PoclFlags);
        if (set?.Contains(PoclGenericIsGlobal, StringComparison.Ordinal) == true)
            return;

        var flags = string.IsNullOrEmpty(set) ? PoclGenericIsGlobal : $"{set} {PoclGenericIsGlobal}";
        Environment.SetEnvironmentVariable(PoclFlags, flags);

        // On Unix .NET keeps its own copy of the environment, which native code does not see.
        if (!OperatingSystem.IsWindows() && SetNativeVariable(PoclFlags, flags, overwrite: 1) != 0)
            throw new DeviceException($"The environment variable {PoclFlags} could not be set (error {Marshal.GetLastPInvokeError()}).");
    }

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}

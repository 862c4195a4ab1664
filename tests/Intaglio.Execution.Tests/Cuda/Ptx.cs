using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace Intaglio.ExecutionTests;

/// <summary>GPU entry points compiled to PTX without a GPU.</summary>
internal static class Ptx
{
    /// <summary>What names of kernels by tiles end in.</summary>
    public const string Tiled = "Tiled";

    /// <summary>Volta and Ampere: the oldest that is worth while, and the newest that ILGPU writes for.</summary>
    public static IReadOnlyDictionary<string, CudaArchitecture> Architectures { get; } = new Dictionary<string, CudaArchitecture>
    {
        ["sm_70"] = CudaArchitecture.SM_70,
        ["sm_80"] = CudaArchitecture.SM_80,
    };

    /// <summary>The entry points of a class.</summary>
    public static IReadOnlyList<MethodInfo> EntryPoints(Type kernels) =>
        [.. kernels.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(method => method.ReturnType == typeof(void) && method.GetParameters().Length == 1)];

    /// <summary>The entry points that CUDA launches: where a kernel has one by tiles beside it, that.</summary>
    public static IEnumerable<MethodInfo> LaunchedByCuda(Type owner)
    {
        var kernels = EntryPoints(owner);
        return kernels.Where(kernel => !kernels.Any(other => other.Name == kernel.Name + Tiled));
    }

    /// <summary>The text of one kernel. A context of its own: one in which a kernel has failed compiles no other.</summary>
    public static string Compile(MethodInfo kernel, CudaArchitecture architecture)
    {
        using var context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_75, null);
        return ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), default)).PTXAssembly;
    }
}

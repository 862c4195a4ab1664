using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>How methods are compiled.</summary>
internal static class Jit
{
    /// <summary>
    /// A method with a hot loop: compiled fully at its first call, and by itself. A caller that takes several such methods in uses up what it may take in before it comes to
    /// the lanes that their loops consist of, and calls those one by one: the longer a process runs, the slower it would become.
    /// </summary>
    public const MethodImplOptions HotLoop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}

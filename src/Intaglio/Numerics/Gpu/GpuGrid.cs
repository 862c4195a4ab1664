using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>
/// How kernels share their work: thread i takes the items i, i + <see cref="Stride"/>, i + 2 · <see cref="Stride"/>, ..., so that any number of groups of
/// any size does all of it.
/// </summary>
internal static class GpuGrid
{
    /// <summary>The thread's first item.</summary>
    public static int First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Grid.IdxX * Group.DimX) + Group.IdxX;
    }

    /// <summary>Threads in the launch.</summary>
    public static int Stride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Grid.DimX * Group.DimX;
    }
}

using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>A storage format as GPU kernels see it.</summary>
/// <typeparam name="TElement">What one stored element is.</typeparam>
public interface IGpuStorage<TElement>
    where TElement : unmanaged
{
    /// <summary>Whether an element is the float itself.</summary>
    static abstract bool IsFloat { get; }

    /// <summary>The float that an element stands for.</summary>
    static abstract float Widen(TElement element);
}

/// <summary>IEEE 754 binary32 in GPU kernels.</summary>
public readonly struct GpuFloat32 : IGpuStorage<float>
{
    /// <inheritdoc/>
    public static bool IsFloat => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Widen(float element) => element;
}

/// <summary>bfloat16 in GPU kernels: the upper 16 bits of a binary32.</summary>
public readonly struct GpuBFloat16 : IGpuStorage<ushort>
{
    /// <inheritdoc/>
    public static bool IsFloat => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Widen(ushort element) => Interop.IntAsFloat((uint)element << 16);
}

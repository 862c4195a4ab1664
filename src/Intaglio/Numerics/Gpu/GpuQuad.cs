using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Intaglio.Numerics.Gpu;

/// <summary>Four neighbouring floats: what one instruction loads where they are aligned to 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpuQuad
{
    public const int Length = 4;

    public float Value0, Value1, Value2, Value3;

    /// <summary>this + scale · quad.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly GpuQuad Add(float scale, GpuQuad quad) => new()
    {
        Value0 = Value0 + (scale * quad.Value0),
        Value1 = Value1 + (scale * quad.Value1),
        Value2 = Value2 + (scale * quad.Value2),
        Value3 = Value3 + (scale * quad.Value3),
    };
}

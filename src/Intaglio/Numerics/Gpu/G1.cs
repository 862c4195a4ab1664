using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Gpu;

/// <summary>
/// The lane of GPU kernels: one float. Functions are built from basic arithmetic and bit patterns alone, so that every backend computes the same
/// approximation, none its own coarse one (such as PTX's <c>tanh.approx</c>).
/// </summary>
/// <param name="Value">The float.</param>
public readonly record struct G1(float Value) : ILane<G1>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Of(float value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 operator +(G1 x, G1 y) => new(x.Value + y.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 operator -(G1 x, G1 y) => new(x.Value - y.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 operator *(G1 x, G1 y) => new(x.Value * y.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 operator /(G1 x, G1 y) => new(x.Value / y.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 operator -(G1 x) => new(-x.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 MultiplyAdd(G1 x, G1 y, G1 z) => new((x.Value * y.Value) + z.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Min(G1 x, G1 y) => new(x.Value < y.Value ? x.Value : y.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Max(G1 x, G1 y) => new(x.Value > y.Value ? x.Value : y.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Abs(G1 x) => new(MathF.Abs(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Sqrt(G1 x) => new(MathF.Sqrt(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Exp(G1 x) => new(GpuMath.Exp(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Log(G1 x) => new(GpuMath.Log(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Softplus(G1 x) => new(GpuMath.Softplus(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Tanh(G1 x) => new(GpuMath.Tanh(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Erf(G1 x) => new(GpuMath.Erf(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Sin(G1 x) => new(GpuMath.Sin(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Cos(G1 x) => new(GpuMath.Cos(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 Atan(G1 x) => new(GpuMath.Atan(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 WhereGreater(G1 x, G1 y, G1 then, G1 otherwise) => new(x.Value > y.Value ? then.Value : otherwise.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 WhereAtLeast(G1 x, G1 y, G1 then, G1 otherwise) => new(x.Value >= y.Value ? then.Value : otherwise.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static G1 WhereEqual(G1 x, G1 y, G1 then, G1 otherwise) => new(x.Value == y.Value ? then.Value : otherwise.Value);
}

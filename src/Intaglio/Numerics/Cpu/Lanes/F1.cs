using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>One float: the tail of vector loops, computed as the vectors are.</summary>
internal readonly struct F1 : ICpuLane<F1>
{
    private readonly float _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private F1(float value) => _value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Of(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator +(F1 x, F1 y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator -(F1 x, F1 y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator *(F1 x, F1 y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator /(F1 x, F1 y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator -(F1 x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 MultiplyAdd(F1 x, F1 y, F1 z) => new(float.MultiplyAddEstimate(x._value, y._value, z._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Min(F1 x, F1 y) => new(MathF.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Max(F1 x, F1 y) => new(MathF.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Abs(F1 x) => new(MathF.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Sqrt(F1 x) => new(MathF.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Exp(F1 x) => LaneMath.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Log(F1 x) => LaneMath.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Softplus(F1 x) => LaneMath.Softplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Tanh(F1 x) => LaneMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Erf(F1 x) => LaneMath.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Sin(F1 x) => LaneMath.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Cos(F1 x) => LaneMath.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Atan(F1 x) => LaneMath.Atan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 WhereGreater(F1 x, F1 y, F1 then, F1 otherwise) => x._value > y._value ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 WhereAtLeast(F1 x, F1 y, F1 then, F1 otherwise) => x._value >= y._value ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 WhereEqual(F1 x, F1 y, F1 then, F1 otherwise) => x._value == y._value ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Larger(F1 x, F1 y) => x._value > y._value ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Indices() => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 AddToExponent(F1 value, F1 shifted)
        => new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value._value) + (BitConverter.SingleToInt32Bits(shifted._value) << 23)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Mantissa(F1 x, out F1 exponent)
    {
        var bits = BitConverter.SingleToInt32Bits(x._value) - FloatBits.SquareRootOfHalf;
        exponent = new(bits >> 23);
        return new(BitConverter.Int32BitsToSingle((bits & FloatBits.Fraction) + FloatBits.SquareRootOfHalf));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F1 Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F1 LoadBFloat16(ushort* source) => new(BFloat16.Widen(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(float* destination, F1 value) => *destination = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(F1 value) => value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(F1 value) => value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Keep(RandomStream stream, uint element, uint threshold, float scale) => new(stream[element] < threshold ? 0 : scale);
}

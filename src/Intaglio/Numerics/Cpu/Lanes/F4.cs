using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Intaglio.Numerics.Cpu;

/// <summary>Four floats: SSE2 or NEON.</summary>
internal readonly struct F4 : IWideLane<F4>
{
    private readonly Vector128<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal F4(Vector128<float> value) => _value = value;

    /// <summary>The lane as the wider one that is made of two sees it.</summary>
    public Vector128<float> Vector => _value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 From(Vector128<float> value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Of(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 operator +(F4 x, F4 y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 operator -(F4 x, F4 y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 operator *(F4 x, F4 y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 operator /(F4 x, F4 y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 operator -(F4 x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 MultiplyAdd(F4 x, F4 y, F4 z) => new(Vector128.MultiplyAddEstimate(x._value, y._value, z._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Min(F4 x, F4 y) => new(Vector128.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Max(F4 x, F4 y) => new(Vector128.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Abs(F4 x) => new(Vector128.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Sqrt(F4 x) => new(Vector128.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Exp(F4 x) => LaneMath.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Log(F4 x) => LaneMath.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Softplus(F4 x) => LaneMath.Softplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Tanh(F4 x) => LaneMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Erf(F4 x) => LaneMath.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Sin(F4 x) => LaneMath.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Cos(F4 x) => LaneMath.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Atan(F4 x) => LaneMath.Atan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 WhereGreater(F4 x, F4 y, F4 then, F4 otherwise)
        => new(Vector128.ConditionalSelect(Vector128.GreaterThan(x._value, y._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 WhereAtLeast(F4 x, F4 y, F4 then, F4 otherwise)
        => new(Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(x._value, y._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 WhereEqual(F4 x, F4 y, F4 then, F4 otherwise)
        => new(Vector128.ConditionalSelect(Vector128.Equals(x._value, y._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Larger(F4 x, F4 y) => new(Vector128.MaxNative(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Indices() => new(Vector128<float>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 AddToExponent(F4 value, F4 shifted)
        => new((value._value.AsInt32() + (shifted._value.AsInt32() << 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Mantissa(F4 x, out F4 exponent)
    {
        var bits = x._value.AsInt32() - Vector128.Create(FloatBits.SquareRootOfHalf);
        exponent = new(Vector128.ConvertToSingle(bits >> 23));
        return new(((bits & Vector128.Create(FloatBits.Fraction)) + Vector128.Create(FloatBits.SquareRootOfHalf)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F4 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F4 LoadBFloat16(ushort* source) => new((Widen(source) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(float* destination, F4 value) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(F4 value) => Vector128.Sum(value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(F4 value)
    {
        var pairs = Vector128.Max(value._value, Vector128.Shuffle(value._value, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(pairs.GetElement(0), pairs.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Keep(RandomStream stream, uint element, uint threshold, float scale)
    {
        var drops = Vector128.LessThan(Philox.Words128(stream, element), Vector128.Create(threshold)).AsSingle();
        return new(Vector128.AndNot(Vector128.Create(scale), drops));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F4 LoadQuads(float* source, nint stride) => Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F4 LoadQuadsBFloat16(ushort* source, nint stride) => LoadBFloat16(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 SumOfQuads(F4 value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeQuads(ref F4 a, ref F4 b, ref F4 c, ref F4 d)
    {
        var abLow = UnpackLow(a._value, b._value).AsDouble();
        var abHigh = UnpackHigh(a._value, b._value).AsDouble();
        var cdLow = UnpackLow(c._value, d._value).AsDouble();
        var cdHigh = UnpackHigh(c._value, d._value).AsDouble();
        a = new(Vector128.Create(abLow.GetLower(), cdLow.GetLower()).AsSingle());
        b = new(Vector128.Create(abLow.GetUpper(), cdLow.GetUpper()).AsSingle());
        c = new(Vector128.Create(abHigh.GetLower(), cdHigh.GetLower()).AsSingle());
        d = new(Vector128.Create(abHigh.GetUpper(), cdHigh.GetUpper()).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> UnpackLow(Vector128<float> x, Vector128<float> y)
        => Sse.IsSupported ? Sse.UnpackLow(x, y)
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
            : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> UnpackHigh(Vector128<float> x, Vector128<float> y)
        => Sse.IsSupported ? Sse.UnpackHigh(x, y)
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
            : Vector128.Create(x[2], y[2], x[3], y[3]);

    // Reads eight bytes, not sixteen: the source may end there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector128<int> Widen(ushort* source) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsUInt16()).AsInt32();
}

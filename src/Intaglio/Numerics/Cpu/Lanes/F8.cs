using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Intaglio.Numerics.Cpu;

/// <summary>Eight floats: AVX2.</summary>
internal readonly struct F8 : IWideLane<F8>
{
    private readonly Vector256<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal F8(Vector256<float> value) => _value = value;

    /// <summary>The lane as the wider one that is made of two sees it.</summary>
    public Vector256<float> Vector => _value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 From(Vector256<float> value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Of(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 operator +(F8 x, F8 y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 operator -(F8 x, F8 y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 operator *(F8 x, F8 y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 operator /(F8 x, F8 y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 operator -(F8 x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 MultiplyAdd(F8 x, F8 y, F8 z) => new(Vector256.MultiplyAddEstimate(x._value, y._value, z._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Min(F8 x, F8 y) => new(Vector256.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Max(F8 x, F8 y) => new(Vector256.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Abs(F8 x) => new(Vector256.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Sqrt(F8 x) => new(Vector256.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Exp(F8 x) => LaneMath.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Log(F8 x) => LaneMath.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Softplus(F8 x) => LaneMath.Softplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Tanh(F8 x) => LaneMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Erf(F8 x) => LaneMath.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Sin(F8 x) => LaneMath.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Cos(F8 x) => LaneMath.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Atan(F8 x) => LaneMath.Atan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 WhereGreater(F8 x, F8 y, F8 then, F8 otherwise)
        => new(Vector256.ConditionalSelect(Vector256.GreaterThan(x._value, y._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 WhereAtLeast(F8 x, F8 y, F8 then, F8 otherwise)
        => new(Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(x._value, y._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 WhereEqual(F8 x, F8 y, F8 then, F8 otherwise)
        => new(Vector256.ConditionalSelect(Vector256.Equals(x._value, y._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Larger(F8 x, F8 y) => new(Vector256.MaxNative(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Indices() => new(Vector256<float>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 AddToExponent(F8 value, F8 shifted)
        => new((value._value.AsInt32() + (shifted._value.AsInt32() << 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Mantissa(F8 x, out F8 exponent)
    {
        var bits = x._value.AsInt32() - Vector256.Create(FloatBits.SquareRootOfHalf);
        exponent = new(Vector256.ConvertToSingle(bits >> 23));
        return new(((bits & Vector256.Create(FloatBits.Fraction)) + Vector256.Create(FloatBits.SquareRootOfHalf)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F8 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F8 LoadBFloat16(ushort* source) => new((Widen(source) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(float* destination, F8 value) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(F8 value) => Vector256.Sum(value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(F8 value)
    {
        var halves = Vector128.Max(value._value.GetLower(), value._value.GetUpper());
        var pairs = Vector128.Max(halves, Vector128.Shuffle(halves, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(pairs.GetElement(0), pairs.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Keep(RandomStream stream, uint element, uint threshold, float scale)
    {
        var drops = Vector256.LessThan(Philox.Words256(stream, element), Vector256.Create(threshold)).AsSingle();
        return new(Vector256.AndNot(Vector256.Create(scale), drops));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F8 LoadQuads(float* source, nint stride) => new(Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F8 LoadQuadsBFloat16(ushort* source, nint stride)
        => new((Widen(Vector128.Create(Unsafe.ReadUnaligned<ulong>(source), Unsafe.ReadUnaligned<ulong>(source + (4 * stride))).AsUInt16()) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 SumOfQuads(F8 value) => new(value._value.GetLower() + value._value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeQuads(ref F8 a, ref F8 b, ref F8 c, ref F8 d)
    {
        if (!Avx.IsSupported)
        {
            TransposeHalves(ref a, ref b, ref c, ref d);
            return;
        }

        var abLow = Avx.UnpackLow(a._value, b._value).AsDouble();
        var abHigh = Avx.UnpackHigh(a._value, b._value).AsDouble();
        var cdLow = Avx.UnpackLow(c._value, d._value).AsDouble();
        var cdHigh = Avx.UnpackHigh(c._value, d._value).AsDouble();
        a = new(Avx.UnpackLow(abLow, cdLow).AsSingle());
        b = new(Avx.UnpackHigh(abLow, cdLow).AsSingle());
        c = new(Avx.UnpackLow(abHigh, cdHigh).AsSingle());
        d = new(Avx.UnpackHigh(abHigh, cdHigh).AsSingle());
    }

    private static void TransposeHalves(ref F8 a, ref F8 b, ref F8 c, ref F8 d)
    {
        var (a0, b0, c0, d0) = (F4.From(a._value.GetLower()), F4.From(b._value.GetLower()), F4.From(c._value.GetLower()), F4.From(d._value.GetLower()));
        var (a1, b1, c1, d1) = (F4.From(a._value.GetUpper()), F4.From(b._value.GetUpper()), F4.From(c._value.GetUpper()), F4.From(d._value.GetUpper()));
        F4.TransposeQuads(ref a0, ref b0, ref c0, ref d0);
        F4.TransposeQuads(ref a1, ref b1, ref c1, ref d1);
        a = new(Vector256.Create(a0.Vector, a1.Vector));
        b = new(Vector256.Create(b0.Vector, b1.Vector));
        c = new(Vector256.Create(c0.Vector, c1.Vector));
        d = new(Vector256.Create(d0.Vector, d1.Vector));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<int> Widen(ushort* source) => Widen(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(Vector128<ushort> source)
        => Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(source)
            : Vector256.Create(Vector128.WidenLower(source), Vector128.WidenUpper(source)).AsInt32();
}

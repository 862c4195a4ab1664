using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Intaglio.Numerics.Cpu;

/// <summary>Sixteen floats: AVX-512.</summary>
internal readonly struct F16 : IWideLane<F16>
{
    private readonly Vector512<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private F16(Vector512<float> value) => _value = value;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Of(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 operator +(F16 x, F16 y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 operator -(F16 x, F16 y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 operator *(F16 x, F16 y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 operator /(F16 x, F16 y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 operator -(F16 x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 MultiplyAdd(F16 x, F16 y, F16 z) => new(Vector512.MultiplyAddEstimate(x._value, y._value, z._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Min(F16 x, F16 y) => new(Vector512.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Max(F16 x, F16 y) => new(Vector512.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Abs(F16 x) => new(Vector512.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Sqrt(F16 x) => new(Vector512.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Exp(F16 x) => LaneMath.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Log(F16 x) => LaneMath.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Softplus(F16 x) => LaneMath.Softplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Tanh(F16 x) => LaneMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Erf(F16 x) => LaneMath.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Sin(F16 x) => LaneMath.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Cos(F16 x) => LaneMath.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Atan(F16 x) => LaneMath.Atan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 WhereGreater(F16 x, F16 y, F16 then, F16 otherwise)
        => new(Vector512.ConditionalSelect(Vector512.GreaterThan(x._value, y._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 WhereAtLeast(F16 x, F16 y, F16 then, F16 otherwise)
        => new(Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x._value, y._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 WhereEqual(F16 x, F16 y, F16 then, F16 otherwise)
        => new(Vector512.ConditionalSelect(Vector512.Equals(x._value, y._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Larger(F16 x, F16 y) => new(Vector512.MaxNative(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Indices() => new(Vector512<float>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 AddToExponent(F16 value, F16 shifted)
        => new((value._value.AsInt32() + (shifted._value.AsInt32() << 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Mantissa(F16 x, out F16 exponent)
    {
        var bits = x._value.AsInt32() - Vector512.Create(FloatBits.SquareRootOfHalf);
        exponent = new(Vector512.ConvertToSingle(bits >> 23));
        return new(((bits & Vector512.Create(FloatBits.Fraction)) + Vector512.Create(FloatBits.SquareRootOfHalf)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F16 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F16 LoadBFloat16(ushort* source) => new((Widen(source) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(float* destination, F16 value) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(F16 value) => Vector512.Sum(value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(F16 value)
    {
        var halves = Vector256.Max(value._value.GetLower(), value._value.GetUpper());
        var quarters = Vector128.Max(halves.GetLower(), halves.GetUpper());
        var pairs = Vector128.Max(quarters, Vector128.Shuffle(quarters, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(pairs.GetElement(0), pairs.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Keep(RandomStream stream, uint element, uint threshold, float scale)
    {
        var drops = Vector512.LessThan(Philox.Words512(stream, element), Vector512.Create(threshold)).AsSingle();
        return new(Vector512.AndNot(Vector512.Create(scale), drops));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F16 LoadQuads(float* source, nint stride)
        => new(Vector512.Create(
            Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride))),
            Vector256.Create(Vector128.Load(source + (8 * stride)), Vector128.Load(source + (12 * stride)))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe F16 LoadQuadsBFloat16(ushort* source, nint stride)
    {
        var quads = Vector256.Create(
            Unsafe.ReadUnaligned<ulong>(source),
            Unsafe.ReadUnaligned<ulong>(source + (4 * stride)),
            Unsafe.ReadUnaligned<ulong>(source + (8 * stride)),
            Unsafe.ReadUnaligned<ulong>(source + (12 * stride)));
        return new((Widen(quads.AsUInt16()) << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 SumOfQuads(F16 value) => F8.SumOfQuads(new(value._value.GetLower() + value._value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeQuads(ref F16 a, ref F16 b, ref F16 c, ref F16 d)
    {
        if (!Avx512F.IsSupported)
        {
            TransposeHalves(ref a, ref b, ref c, ref d);
            return;
        }

        var abLow = Avx512F.UnpackLow(a._value, b._value).AsDouble();
        var abHigh = Avx512F.UnpackHigh(a._value, b._value).AsDouble();
        var cdLow = Avx512F.UnpackLow(c._value, d._value).AsDouble();
        var cdHigh = Avx512F.UnpackHigh(c._value, d._value).AsDouble();
        a = new(Avx512F.UnpackLow(abLow, cdLow).AsSingle());
        b = new(Avx512F.UnpackHigh(abLow, cdLow).AsSingle());
        c = new(Avx512F.UnpackLow(abHigh, cdHigh).AsSingle());
        d = new(Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle());
    }

    private static void TransposeHalves(ref F16 a, ref F16 b, ref F16 c, ref F16 d)
    {
        var (a0, b0, c0, d0) = (F8.From(a._value.GetLower()), F8.From(b._value.GetLower()), F8.From(c._value.GetLower()), F8.From(d._value.GetLower()));
        var (a1, b1, c1, d1) = (F8.From(a._value.GetUpper()), F8.From(b._value.GetUpper()), F8.From(c._value.GetUpper()), F8.From(d._value.GetUpper()));
        F8.TransposeQuads(ref a0, ref b0, ref c0, ref d0);
        F8.TransposeQuads(ref a1, ref b1, ref c1, ref d1);
        a = new(Vector512.Create(a0.Vector, a1.Vector));
        b = new(Vector512.Create(b0.Vector, b1.Vector));
        c = new(Vector512.Create(c0.Vector, c1.Vector));
        d = new(Vector512.Create(d0.Vector, d1.Vector));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> Widen(ushort* source) => Widen(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector256<ushort> source)
        => Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(source)
            : Vector512.Create(Vector256.WidenLower(source), Vector256.WidenUpper(source)).AsInt32();
}

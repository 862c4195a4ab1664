using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>What <see cref="LaneMath"/> needs beyond arithmetic, so that its polynomials stand once and scalar tails agree with vectors bit for bit.</summary>
/// <typeparam name="T">The lane itself.</typeparam>
internal interface ICpuLane<T> : IVectorLane<T>
    where T : struct, ICpuLane<T>
{
    /// <summary>The larger of two by the fastest instruction; which one where either is NaN is not specified.</summary>
    static abstract T Larger(T x, T y);

    /// <summary>0, 1, ..., Count - 1.</summary>
    static abstract T Indices();

    /// <summary>value · 2ⁿ by integer addition to the exponent, n being the low bits of <paramref name="shifted"/> (see <see cref="LaneMath.RoundingShift"/>).</summary>
    static abstract T AddToExponent(T value, T shifted);

    /// <summary>Splits x = m · 2ᵉ with m in [√½, √2).</summary>
    static abstract T Mantissa(T x, out T exponent);
}

/// <summary>A lane of several floats, of four or a multiple: what packing transposes with.</summary>
/// <typeparam name="T">The lane itself.</typeparam>
internal interface IWideLane<T> : ICpuLane<T>
    where T : struct, IWideLane<T>
{
    /// <summary>Four floats from each of Count / 4 addresses, <paramref name="stride"/> floats apart.</summary>
    static abstract unsafe T LoadQuads(float* source, nint stride);

    /// <summary>Four bfloat16 values, widened, from each of Count / 4 addresses, <paramref name="stride"/> values apart.</summary>
    static abstract unsafe T LoadQuadsBFloat16(ushort* source, nint stride);

    /// <summary>Transposes the 4 × 4 matrices that stand in the same quarter of a, b, c and d.</summary>
    static abstract void TransposeQuads(ref T a, ref T b, ref T c, ref T d);

    /// <summary>The sum of the lane's quads, in a fixed order.</summary>
    static abstract F4 SumOfQuads(T value);

    /// <summary>The sums of four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual F4 Sums(T a, T b, T c, T d)
    {
        T.TransposeQuads(ref a, ref b, ref c, ref d);
        return T.SumOfQuads(a + b + (c + d));
    }
}

using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Elementary functions of a float for GPU kernels, made of what every backend computes alike.</summary>
internal static class GpuMath
{
    // 1.5 · 2²³: adding and subtracting it rounds to an integer.
    private const float Rounder = 12582912f;

    /// <summary>
    /// eˣ = 2ⁿ · eʳ with n = round(x / ln 2) and |r| ≤ ln 2 / 2 reduced in two steps (Cody and Waite); eʳ by the polynomial of the Cephes library.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x)
    {
        if (x < -87.33654f)
            return 0;
        if (x > 88.72283f)
            return float.PositiveInfinity;

        var n = ((x * 1.44269504f) + Rounder) - Rounder;
        var r = (x - (n * 0.693359375f)) + (n * 2.12194440e-4f);
        var p = 1.9875691500e-4f;
        p = (p * r) + 1.3981999507e-3f;
        p = (p * r) + 8.3334519073e-3f;
        p = (p * r) + 4.1665795894e-2f;
        p = (p * r) + 1.6666665459e-1f;
        p = (p * r) + 5.0000001201e-1f;

        // 2ⁿ in two factors: 2¹²⁸ alone is no float, though e^88.7 is.
        var exponent = (int)n;
        var half = exponent >> 1;
        return ((p * r * r) + r + 1f) * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    /// <summary>ln x = e · ln 2 + ln m with x = m · 2ᵉ, √½ ≤ m &lt; √2; ln m by the polynomial of the Cephes library.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x)
    {
        var bits = Interop.FloatAsInt(x);
        var exponent = (int)(bits >> 23) - 126;
        var m = Interop.IntAsFloat((bits & 0x007FFFFFu) | 0x3F000000u);
        if (m < 0.70710678f)
        {
            exponent--;
            m += m;
        }

        var f = m - 1f;
        var square = f * f;
        var p = 7.0376836292e-2f;
        p = (p * f) - 1.1514610310e-1f;
        p = (p * f) + 1.1676998740e-1f;
        p = (p * f) - 1.2420140846e-1f;
        p = (p * f) + 1.4249322787e-1f;
        p = (p * f) - 1.6668057665e-1f;
        p = (p * f) + 2.0000714765e-1f;
        p = (p * f) - 2.4999993993e-1f;
        p = (p * f) + 3.3333331174e-1f;
        return (f + ((p * f * square) - (exponent * 2.12194440e-4f) - (0.5f * square))) + (exponent * 0.693359375f);
    }

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e) with e = e^-|x|; ln(1 + e) = e · p(e) on [0, 1], where p is a Chebyshev interpolant of degree 9, off by 5e-9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Softplus(float x)
    {
        var e = Exp(-MathF.Abs(x));
        var p = -3.176057018e-3f;
        p = (p * e) + 1.954252726e-2f;
        p = (p * e) - 5.637361283e-2f;
        p = (p * e) + 1.05436238e-1f;
        p = (p * e) - 1.526966707e-1f;
        p = (p * e) + 1.966327426e-1f;
        p = (p * e) - 2.495161626e-1f;
        p = (p * e) + 3.33297105e-1f;
        p = (p * e) - 4.999989265e-1f;
        p = (p * e) + 1f;
        return (p * e) + (x > 0 ? x : 0f);
    }

    /// <summary>tanh x = sign(x) · (1 - 2 / (e^(2|x|) + 1)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tanh(float x)
    {
        // Beyond 10 the result is 1 in single precision.
        var magnitude = MathF.Abs(x);
        var capped = magnitude < 10f ? magnitude : 10f;
        var result = 1f - (2f / (Exp(2f * capped) + 1f));
        return x < 0 ? -result : result;
    }

    /// <summary>
    /// erf x = x · P(x²) up to |x| = 1 and sign(x) · (1 - e^(-x²) · Q(1 / (1 + |x| / 2))) beyond; P and Q are Chebyshev interpolants of degree 6, off by
    /// 1.2e-9 and 6.8e-9 where they are used.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Erf(float x)
    {
        var magnitude = MathF.Abs(x);
        var square = x * x;
        if (magnitude <= 1f)
        {
            var p = 7.875874871e-5f;
            p = (p * square) - 8.016864304e-4f;
            p = (p * square) + 5.189087242e-3f;
            p = (p * square) - 2.685421146e-2f;
            p = (p * square) + 1.128359437e-1f;
            p = (p * square) - 3.761262596e-1f;
            return x * ((p * square) + 1.128379107f);
        }

        var t = 2f / (2f + magnitude);
        var q = -5.363042653e-2f;
        q = (q * t) - 5.706520006e-2f;
        q = (q * t) + 4.034950435e-1f;
        q = (q * t) + 1.014954150e-1f;
        q = (q * t) + 3.307571411e-1f;
        q = (q * t) + 2.736343443e-1f;
        q = (q * t) + 6.051184027e-4f;
        var result = 1f - (Exp(-square) * q);
        return x < 0 ? -result : result;
    }

    /// <summary>sin x = (-1)ⁿ sin r with n = round(x / π).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sin(float x) => OfHalfTurns(x, x * 0.318309886f, 0f);

    /// <summary>cos x = sin(x + π/2) = (-1)ⁿ sin r with n = round(x / π + ½) and r = x - (n - ½) π.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Cos(float x) => OfHalfTurns(x, (x * 0.318309886f) + 0.5f, 0.5f);

    /// <summary>arctan |x| = a + arctan t: a = 0, t = x up to tan(π/8); a = π/4, t = (x - 1) / (x + 1); a = π/2, t = -1 / x beyond tan(3π/8). From Cephes' atanf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Atan(float x)
    {
        var magnitude = MathF.Abs(x);
        var start = 0f;
        var t = magnitude;
        if (magnitude > 2.41421356f)
        {
            start = 1.57079633f;
            t = -1f / magnitude;
        }
        else if (magnitude > 0.414213562f)
        {
            start = 0.785398163f;
            t = (magnitude - 1f) / (magnitude + 1f);
        }

        var square = t * t;
        var p = 8.05374449538e-2f;
        p = (p * square) - 1.38776856032e-1f;
        p = (p * square) + 1.99777106478e-1f;
        p = (p * square) - 3.33329491539e-1f;
        var result = start + ((p * square * t) + t);
        return x < 0 ? -result : result;
    }

    // (-1)ⁿ sin r with n = round(turns) and r = x - (n - shift) π; π in four parts, and the polynomial of SLEEF's sinf (Shibata and Petrogalli, 2020).
    // Rounded by way of an integer: adding and subtracting 1.5 · 2²³ gave wrong signs on PoCL.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float OfHalfTurns(float x, float turns, float shift)
    {
        var n = (int)(turns + (turns < 0f ? -0.5f : 0.5f));
        var exact = n - shift;
        var r = (((x - (exact * 3.140625f)) - (exact * 9.67025756e-4f)) - (exact * 6.27711415e-7f)) - (exact * 1.21542013e-10f);
        r = r > 1.6f ? 1.6f : r;
        r = r < -1.6f ? -1.6f : r;

        var square = r * r;
        var p = 2.6083159809786594e-6f;
        p = (p * square) - 1.9810690719168633e-4f;
        p = (p * square) + 8.3330785855650902e-3f;
        p = (p * square) - 1.6666659712791443e-1f;
        var y = (p * square * r) + r;
        return (n & 1) == 0 ? y : -y;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float PowerOfTwo(int exponent) => Interop.IntAsFloat((uint)(exponent + 127) << 23);
}

using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>Transcendental functions of lanes.</summary>
internal static class LaneMath
{
    /// <summary>1.5 · 2²³: a small float added to it is rounded to an integer, which then stands in the sum's low bits.</summary>
    public const float RoundingShift = 12582912f;

    // Beyond these eˣ is infinite, or no normal number.
    private const float ExpHighest = 88.72f;
    private const float ExpLowest = -87.33f;

    private const float Log2OfE = 1.44269504f;

    // ln 2 in two parts, of which the first has so few bits that its products with exponents are exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    private const float InverseOfPi = 0.318309886f;

    // π in four parts, of which the first three have so few bits that their products with numbers of half turns are exact up to 10⁴ of these.
    private const float Pi1 = 3.140625f;
    private const float Pi2 = 9.67025756e-4f;
    private const float Pi3 = 6.27711415e-7f;
    private const float Pi4 = 1.21542013e-10f;

    // erf has reached 1 - 2e-8 here.
    private const float ErfSaturation = 4f;

    /// <summary>eˣ = 2ⁿ · eʳ with |r| ≤ ln 2 / 2; the polynomial is that of expf in Cephes (Moshier, 1992).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, ICpuLane<T>
    {
        var shifted = T.MultiplyAdd(x, T.Of(Log2OfE), T.Of(RoundingShift));
        var n = shifted - T.Of(RoundingShift);
        var r = T.MultiplyAdd(n, T.Of(-Ln2High), x);
        r = T.MultiplyAdd(n, T.Of(-Ln2Low), r);

        var p = T.MultiplyAdd(r, T.Of(1.9875691500e-4f), T.Of(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Of(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Of(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Of(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Of(5.0000001201e-1f));
        p = T.MultiplyAdd(p, r * r, r) + T.Of(1);

        var y = T.AddToExponent(p, shifted);
        y = T.WhereGreater(x, T.Of(ExpHighest), T.Of(float.PositiveInfinity), y);
        return T.WhereGreater(T.Of(ExpLowest), x, T.Of(0), y);
    }

    /// <summary>ln x = e ln 2 + ln m; the polynomial is that of logf in Cephes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x)
        where T : struct, ICpuLane<T>
    {
        // Below the normal numbers the exponent's bits say nothing, so scale first.
        var smallest = T.Of(1.17549435e-38f);
        var scaled = T.WhereGreater(smallest, x, x * T.Of(8388608f), x);
        var m = T.Mantissa(scaled, out var e) - T.Of(1);
        e -= T.WhereGreater(smallest, x, T.Of(23), T.Of(0));

        var p = T.MultiplyAdd(m, T.Of(7.0376836292e-2f), T.Of(-1.1514610310e-1f));
        p = T.MultiplyAdd(p, m, T.Of(1.1676998740e-1f));
        p = T.MultiplyAdd(p, m, T.Of(-1.2420140846e-1f));
        p = T.MultiplyAdd(p, m, T.Of(1.4249322787e-1f));
        p = T.MultiplyAdd(p, m, T.Of(-1.6668057665e-1f));
        p = T.MultiplyAdd(p, m, T.Of(2.0000714765e-1f));
        p = T.MultiplyAdd(p, m, T.Of(-2.4999993993e-1f));
        p = T.MultiplyAdd(p, m, T.Of(3.3333331174e-1f));

        var square = m * m;
        var y = T.MultiplyAdd(e, T.Of(Ln2Low), p * m * square);
        y = T.MultiplyAdd(square, T.Of(-0.5f), y);
        y = T.MultiplyAdd(e, T.Of(Ln2High), m + y);

        // Infinity stays; zero gives -∞, negative numbers and NaN give NaN.
        y = T.WhereGreater(x, T.Of(float.MaxValue), x, y);
        return T.WhereGreater(x, T.Of(0), y, T.WhereEqual(x, T.Of(0), T.Of(float.NegativeInfinity), T.Of(float.NaN)));
    }

    /// <summary>
    /// ln(1 + eˣ) = max(x, 0) + ln(1 + e) with e = e^-|x|; ln(1 + e) = e · p(e) on [0, 1], where p is a Chebyshev interpolant of degree 9, off by 5e-9.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x)
        where T : struct, ICpuLane<T>
    {
        var e = Exp(-T.Abs(x));
        var e2 = e * e;
        var e4 = e2 * e2;

        // In parts that do not wait for each other (Estrin).
        var low = T.MultiplyAdd(e2, T.MultiplyAdd(e, T.Of(-2.495161626e-1f), T.Of(3.33297105e-1f)), T.MultiplyAdd(e, T.Of(-4.999989265e-1f), T.Of(1)));
        var middle = T.MultiplyAdd(e2, T.MultiplyAdd(e, T.Of(-5.637361283e-2f), T.Of(1.05436238e-1f)), T.MultiplyAdd(e, T.Of(-1.526966707e-1f), T.Of(1.966327426e-1f)));
        var high = T.MultiplyAdd(e, T.Of(-3.176057018e-3f), T.Of(1.954252726e-2f));
        var p = T.MultiplyAdd(e4, T.MultiplyAdd(e4, high, middle), low);
        return T.MultiplyAdd(p, e, T.Max(x, T.Of(0)));
    }

    /// <summary>tanh x = 1 - 2 / (e²ˣ + 1), which is right at both ends since eˣ reaches 0 and infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, ICpuLane<T>
        => T.Of(1) - (T.Of(2) / (Exp(x + x) + T.Of(1)));

    /// <summary>
    /// erf |x| = 1 - e^(-|x| · p(|x|)), p fitted by minimax to -ln erfc(x) / x on [0, 4] with weight erfc, so that the error of erf is 2e-8 before rounding.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x)
        where T : struct, ICpuLane<T>
    {
        var magnitude = T.Abs(x);
        var clamped = T.WhereGreater(magnitude, T.Of(ErfSaturation), T.Of(ErfSaturation), magnitude);

        var p = T.MultiplyAdd(clamped, T.Of(3.14399047e-5f), T.Of(-3.08799527e-4f));
        p = T.MultiplyAdd(p, clamped, T.Of(1.03239160e-3f));
        p = T.MultiplyAdd(p, clamped, T.Of(5.36951757e-4f));
        p = T.MultiplyAdd(p, clamped, T.Of(-1.95839777e-2f));
        p = T.MultiplyAdd(p, clamped, T.Of(1.02919622e-1f));
        p = T.MultiplyAdd(p, clamped, T.Of(6.36597732e-1f));
        p = T.MultiplyAdd(p, clamped, T.Of(1.12838025f));

        var y = T.Of(1) - Exp(-(p * clamped));
        return T.WhereGreater(T.Of(0), x, -y, y);
    }

    /// <summary>sin x = (-1)ⁿ sin r with n = round(x / π).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sin<T>(T x)
        where T : struct, ICpuLane<T>
        => OfHalfTurns(x, T.MultiplyAdd(x, T.Of(InverseOfPi), T.Of(RoundingShift)) - T.Of(RoundingShift), T.Of(0));

    /// <summary>cos x = sin(x + π/2) = (-1)ⁿ sin r with n = round(x / π + ½) and r = x - (n - ½) π.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Cos<T>(T x)
        where T : struct, ICpuLane<T>
        => OfHalfTurns(x, T.MultiplyAdd(x, T.Of(InverseOfPi), T.Of(0.5f)) + T.Of(RoundingShift) - T.Of(RoundingShift), T.Of(0.5f));

    /// <summary>arctan |x| = a + arctan t: a = 0, t = x up to tan(π/8); a = π/4, t = (x - 1) / (x + 1); a = π/2, t = -1 / x beyond tan(3π/8). From Cephes' atanf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Atan<T>(T x)
        where T : struct, ICpuLane<T>
    {
        var magnitude = T.Abs(x);
        var (middle, far) = (T.Of(0.414213562f), T.Of(2.41421356f));
        var numerator = T.WhereGreater(magnitude, far, T.Of(-1), T.WhereGreater(magnitude, middle, magnitude - T.Of(1), magnitude));
        var denominator = T.WhereGreater(magnitude, far, magnitude, T.WhereGreater(magnitude, middle, magnitude + T.Of(1), T.Of(1)));
        var start = T.WhereGreater(magnitude, far, T.Of(1.57079633f), T.WhereGreater(magnitude, middle, T.Of(0.785398163f), T.Of(0)));

        var t = numerator / denominator;
        var square = t * t;
        var p = T.MultiplyAdd(square, T.Of(8.05374449538e-2f), T.Of(-1.38776856032e-1f));
        p = T.MultiplyAdd(p, square, T.Of(1.99777106478e-1f));
        p = T.MultiplyAdd(p, square, T.Of(-3.33329491539e-1f));
        var y = start + T.MultiplyAdd(p * square, t, t);
        return T.WhereGreater(T.Of(0), x, -y, y);
    }

    /// <summary>(-1)ⁿ sin r with r = x - (n - shift) π, |r| ≤ π/2 but for rounding, and at most 1.6 however large x is; the polynomial is that of sinf in SLEEF (Shibata and Petrogalli, 2020).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfHalfTurns<T>(T x, T n, T shift)
        where T : struct, ICpuLane<T>
    {
        var turns = n - shift;
        var r = T.MultiplyAdd(turns, T.Of(-Pi1), x);
        r = T.MultiplyAdd(turns, T.Of(-Pi2), r);
        r = T.MultiplyAdd(turns, T.Of(-Pi3), r);
        r = T.MultiplyAdd(turns, T.Of(-Pi4), r);
        r = T.Min(T.Of(1.6f), T.Max(T.Of(-1.6f), r));

        var square = r * r;
        var p = T.MultiplyAdd(square, T.Of(2.6083159809786594e-6f), T.Of(-1.9810690719168633e-4f));
        p = T.MultiplyAdd(p, square, T.Of(8.3330785855650902e-3f));
        p = T.MultiplyAdd(p, square, T.Of(-1.6666659712791443e-1f));
        var y = T.MultiplyAdd(p * square, r, r);

        // n / 2 is off its nearest integer by 0 or ½: by the sign, 1 or -1.
        var half = n * T.Of(0.5f);
        var off = T.Abs(half - (half + T.Of(RoundingShift) - T.Of(RoundingShift)));
        return T.MultiplyAdd(off, T.Of(-4), T.Of(1)) * y;
    }
}

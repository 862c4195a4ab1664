namespace Intaglio.Numerics;

/// <summary>
/// One or several floats on which a fusion is evaluated. Fusions are written once, generic over the lane: <c>F16</c>, <c>F8</c>, <c>F4</c>
/// are vectors, <c>F1</c> is their scalar tail on a CPU, and <c>G1</c> is the scalar of GPU kernels.
/// </summary>
/// <typeparam name="T">The lane itself.</typeparam>
public interface ILane<T>
    where T : struct, ILane<T>
{
    /// <summary>The value in every element.</summary>
    static abstract T Of(float value);

    /// <summary>x + y.</summary>
    static abstract T operator +(T x, T y);

    /// <summary>x - y.</summary>
    static abstract T operator -(T x, T y);

    /// <summary>x · y.</summary>
    static abstract T operator *(T x, T y);

    /// <summary>x / y.</summary>
    static abstract T operator /(T x, T y);

    /// <summary>-x.</summary>
    static abstract T operator -(T x);

    /// <summary>x · y + z, rounded once where the target has the instruction.</summary>
    static abstract T MultiplyAdd(T x, T y, T z);

    /// <summary>The smaller of two.</summary>
    static abstract T Min(T x, T y);

    /// <summary>The larger of two.</summary>
    static abstract T Max(T x, T y);

    /// <summary>|x|.</summary>
    static abstract T Abs(T x);

    /// <summary>√x.</summary>
    static abstract T Sqrt(T x);

    /// <summary>eˣ; relative error at most 2e-7 between -87 and 88, 0 below, infinity above.</summary>
    static abstract T Exp(T x);

    /// <summary>ln x for x &gt; 0; relative error at most 3e-7.</summary>
    static abstract T Log(T x);

    /// <summary>ln(1 + eˣ), which is x where eˣ is infinite; relative error at most 3e-7 above -87, 0 below.</summary>
    static abstract T Softplus(T x);

    /// <summary>tanh x; absolute error at most 3e-7.</summary>
    static abstract T Tanh(T x);

    /// <summary>erf x = 2/√π · ∫₀ˣ e^(-t²) dt; absolute error at most 3e-7.</summary>
    static abstract T Erf(T x);

    /// <summary>sin x; absolute error at most 3e-7 up to |x| = 30,000, beyond that a number from -1 to 1.</summary>
    static abstract T Sin(T x);

    /// <summary>cos x; absolute error at most 3e-7 up to |x| = 30,000, beyond that a number from -1 to 1.</summary>
    static abstract T Cos(T x);

    /// <summary>arctan x; absolute error at most 3e-7.</summary>
    static abstract T Atan(T x);

    /// <summary><paramref name="then"/> where x &gt; y, <paramref name="otherwise"/> elsewhere, and where either is NaN.</summary>
    static abstract T WhereGreater(T x, T y, T then, T otherwise);

    /// <summary><paramref name="then"/> where x ≥ y, <paramref name="otherwise"/> elsewhere, and where either is NaN.</summary>
    static abstract T WhereAtLeast(T x, T y, T then, T otherwise);

    /// <summary><paramref name="then"/> where x = y, <paramref name="otherwise"/> elsewhere, and where either is NaN.</summary>
    static abstract T WhereEqual(T x, T y, T then, T otherwise);
}

using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>The lane of the references: one double, its functions the framework's own or a convergent series.</summary>
public readonly record struct D1(double Value) : ILane<D1>
{
    public static D1 Of(float value) => new(value);

    public static D1 operator +(D1 x, D1 y) => new(x.Value + y.Value);

    public static D1 operator -(D1 x, D1 y) => new(x.Value - y.Value);

    public static D1 operator *(D1 x, D1 y) => new(x.Value * y.Value);

    public static D1 operator /(D1 x, D1 y) => new(x.Value / y.Value);

    public static D1 operator -(D1 x) => new(-x.Value);

    public static D1 MultiplyAdd(D1 x, D1 y, D1 z) => new((x.Value * y.Value) + z.Value);

    public static D1 Min(D1 x, D1 y) => new(Math.Min(x.Value, y.Value));

    public static D1 Max(D1 x, D1 y) => new(Math.Max(x.Value, y.Value));

    public static D1 Abs(D1 x) => new(Math.Abs(x.Value));

    public static D1 Sqrt(D1 x) => new(Math.Sqrt(x.Value));

    public static D1 Exp(D1 x) => new(Math.Exp(x.Value));

    public static D1 Log(D1 x) => new(Math.Log(x.Value));

    // ln(1 + e) = e · ln u / (u - 1) with u = 1 + e as it is rounded (Kahan): where e is small, 1 + e has lost it.
    public static D1 Softplus(D1 x)
    {
        var e = Math.Exp(-Math.Abs(x.Value));
        var u = 1 + e;
        return new(Math.Max(x.Value, 0) + (u == 1 ? e : e * Math.Log(u) / (u - 1)));
    }

    public static D1 Tanh(D1 x) => new(Math.Tanh(x.Value));

    // erf x = 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, all terms of one sign; beyond 6 it is 1 in double precision.
    public static D1 Erf(D1 x)
    {
        if (Math.Abs(x.Value) > 6)
            return new(Math.Sign(x.Value));

        var term = x.Value;
        var sum = term;
        for (var n = 1; n < 200; n++)
        {
            term *= 2 * x.Value * x.Value / ((2 * n) + 1);
            sum += term;
        }

        return new(2 / Math.Sqrt(Math.PI) * Math.Exp(-x.Value * x.Value) * sum);
    }

    public static D1 Sin(D1 x) => new(Math.Sin(x.Value));

    public static D1 Cos(D1 x) => new(Math.Cos(x.Value));

    public static D1 Atan(D1 x) => new(Math.Atan(x.Value));

    public static D1 WhereGreater(D1 x, D1 y, D1 then, D1 otherwise) => x.Value > y.Value ? then : otherwise;

    public static D1 WhereAtLeast(D1 x, D1 y, D1 then, D1 otherwise) => x.Value >= y.Value ? then : otherwise;

    public static D1 WhereEqual(D1 x, D1 y, D1 then, D1 otherwise) => x.Value == y.Value ? then : otherwise;
}

using System.Runtime.CompilerServices;
using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>x + row.</summary>
internal readonly struct AddRow : IFusion
{
    public static bool HasRow => true;

    public static bool HasFull => false;

    public static bool Saves => false;

    public static float DropoutRate => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = x;
        return x + row;
    }
}

/// <summary>x + full.</summary>
internal readonly struct AddFull : IFusion
{
    public static bool HasRow => false;

    public static bool HasFull => true;

    public static bool Saves => false;

    public static float DropoutRate => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = x;
        return x + full;
    }
}

/// <summary>s · tanh s with s = x + row saved: a row operand and two results.</summary>
internal readonly struct RowSaves : IFusion
{
    public static bool HasRow => true;

    public static bool HasFull => false;

    public static bool Saves => true;

    public static float DropoutRate => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = x + row;
        return saved * T.Tanh(saved);
    }
}

/// <summary>full + keep · erf(x + row), with e^min(x, row) saved: everything at once.</summary>
internal readonly struct Everything : IFusion
{
    public static bool HasRow => true;

    public static bool HasFull => true;

    public static bool Saves => true;

    public static float DropoutRate => 0.25f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = T.Exp(T.Min(x, row));
        return full + (keep * T.Erf(x + row));
    }
}

/// <summary>keep · x: dropout alone.</summary>
internal readonly struct DropoutOnly : IFusion
{
    public static bool HasRow => false;

    public static bool HasFull => false;

    public static bool Saves => false;

    public static float DropoutRate => 0.4f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = x;
        return keep * x;
    }
}

/// <summary>Each function of the lane, so that one elementwise launch checks them all.</summary>
internal readonly struct AllFunctions : IFusion
{
    public static bool HasRow => true;

    public static bool HasFull => true;

    public static bool Saves => true;

    public static float DropoutRate => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = T.Log(T.Of(0.01f) + (x * x)) / (T.Of(1f) + T.Abs(row)) - T.WhereGreater(x, full, T.Of(1f), T.Of(0f));
        return T.MultiplyAdd(T.Sqrt(T.Abs(x)), T.Max(row, full), T.Exp(-T.Abs(full))) - T.Tanh(x);
    }
}

/// <summary>sin x, and cos full.</summary>
internal readonly struct Waves : IFusion
{
    public static bool HasRow => false;

    public static bool HasFull => true;

    public static bool Saves => true;

    public static float DropoutRate => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = T.Cos(full);
        return T.Sin(x);
    }
}

/// <summary>Softplus, over all of whose range.</summary>
internal readonly struct Softened : IFusion
{
    public static bool HasRow => false;

    public static bool HasFull => false;

    public static bool Saves => true;

    public static float DropoutRate => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = T.Softplus(T.Of(20f) * x);
        return T.Softplus(x);
    }
}

/// <summary>arctan x, and arctan of the quotient with full.</summary>
internal readonly struct Angles : IFusion
{
    public static bool HasRow => false;

    public static bool HasFull => true;

    public static bool Saves => true;

    public static float DropoutRate => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = T.Atan(x / full);
        return T.Atan(x);
    }
}

/// <summary>Selections by each relation.</summary>
internal readonly struct Selections : IFusion
{
    public static bool HasRow => false;

    public static bool HasFull => true;

    public static bool Saves => true;

    public static float DropoutRate => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = T.WhereAtLeast(x, full, x, T.WhereEqual(full, full, x + full, T.Of(3f)));
        return T.WhereEqual(x, full, T.Of(1f), T.WhereGreater(x, T.Of(-1f), T.WhereAtLeast(T.Of(2f), x, full, x), T.Of(0.5f) * full));
    }
}

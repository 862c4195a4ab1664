using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Cpu;

internal interface IFlag
{
    static abstract bool Value { get; }
}

internal readonly struct Yes : IFlag
{
    public static bool Value => true;
}

internal readonly struct No : IFlag
{
    public static bool Value => false;
}

/// <summary>tanh(x + row) · keep - 0.5 · full, of which each part may be missing; saves x + row.</summary>
internal readonly struct Combination<TRow, TFull, TSaves, TDrops> : IFusion
    where TRow : struct, IFlag
    where TFull : struct, IFlag
    where TSaves : struct, IFlag
    where TDrops : struct, IFlag
{
    public static bool HasRow => TRow.Value;

    public static bool HasFull => TFull.Value;

    public static bool Saves => TSaves.Value;

    public static float DropoutRate => TDrops.Value ? 0.25f : 0;

    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = HasRow ? x + row : x;
        var y = T.Tanh(saved) * keep;
        return HasFull ? y - (T.Of(0.5f) * full) : y;
    }
}

/// <summary>What <see cref="Combination{TRow, TFull, TSaves, TDrops}"/> does, in double precision.</summary>
internal static class Fused
{
    public static (double Output, double Saved) Of<TFusion>(double x, double row, double full, double keep)
        where TFusion : IFusion
    {
        var saved = TFusion.HasRow ? x + row : x;
        var y = Math.Tanh(saved) * keep;
        return (TFusion.HasFull ? y - (0.5 * full) : y, saved);
    }

    /// <summary>All sixteen combinations.</summary>
    public static IEnumerable<Type> Types()
    {
        Type[] flags = [typeof(No), typeof(Yes)];
        for (var mask = 0; mask < 16; mask++)
            yield return typeof(Combination<,,,>).MakeGenericType(flags[mask & 1], flags[(mask >> 1) & 1], flags[(mask >> 2) & 1], flags[mask >> 3]);
    }
}

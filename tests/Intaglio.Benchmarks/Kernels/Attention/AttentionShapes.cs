using System.Runtime.CompilerServices;
using Intaglio.Numerics;

namespace Intaglio.Benchmarks;

/// <summary>Heads of 64 whose queries, keys and values one product writes side by side, as emitted for GPT-2 and BERT.</summary>
internal readonly struct HeadsOf64<TCount> : IAttentionShape
    where TCount : struct, ICount
{
    public static int Heads => TCount.Value;

    public static int KeyValueHeads => TCount.Value;

    public static int HeadSize => 64;

    public static int QueryStride => 3 * HeadSize * TCount.Value;

    public static int KeyStride => QueryStride;

    public static int ValueStride => QueryStride;

    public static int HeadStride => HeadSize;

    public static bool HasBias => false;

    public static float DropoutRate => 0;

    public static string Kernel => "";
}

/// <summary>A number that is a type.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

internal readonly struct Six : ICount
{
    public static int Value => 6;
}

internal readonly struct Twelve : ICount
{
    public static int Value => 12;
}

/// <summary>q · k / √64.</summary>
internal readonly struct EighthScore : IScoreModifier
{
    public const float Scale = 0.125f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T product)
        where T : struct, ILane<T> => product * T.Of(Scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Derivative<T>(T product)
        where T : struct, ILane<T> => T.Of(Scale);
}

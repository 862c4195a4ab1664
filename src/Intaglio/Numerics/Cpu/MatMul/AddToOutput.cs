using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>x + what the output held: how sums that come in parts are collected.</summary>
internal readonly struct AddToOutput : IFusion
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

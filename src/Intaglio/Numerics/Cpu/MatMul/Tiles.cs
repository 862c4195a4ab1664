using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Intaglio.Numerics.Cpu;

/// <summary>Chooses the tile of a product.</summary>
internal static class Tiles
{
    /// <summary>Whether there are 32 vector registers; without AVX-512, x86 has 16.</summary>
    public static bool HasManyRegisters => Vector512.IsHardwareAccelerated || AdvSimd.Arm64.IsSupported;

    /// <summary>Vectors of a panel: three, or the other tile's where they pad the columns less.</summary>
    public static int VectorsFor<T>(int columns)
        where T : struct, IWideLane<T>
    {
        var other = HasManyRegisters ? Tile6x4.Vectors : Tile4x2.Vectors;
        return Padded(columns, other * T.Count) < Padded(columns, Tile8x3.Vectors * T.Count) ? other : Tile8x3.Vectors;
    }

    /// <summary>Does something with the tile for so many columns.</summary>
    public static void Choose<T, TAction>(int columns, in TAction action)
        where T : struct, IWideLane<T>
        where TAction : struct, ITileAction
    {
        var vectors = VectorsFor<T>(columns);
        if (vectors == Tile6x4.Vectors)
            action.Invoke<Tile6x4>();
        else if (vectors == Tile4x2.Vectors)
            action.Invoke<Tile4x2>();
        else if (HasManyRegisters)
            action.Invoke<Tile8x3>();
        else
            action.Invoke<Tile4x3>();
    }

    private static int Padded(int count, int multiple) => RowBlocks.Items(count, multiple) * multiple;
}

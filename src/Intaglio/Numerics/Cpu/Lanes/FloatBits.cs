namespace Intaglio.Numerics.Cpu;

/// <summary>Bit patterns of binary32.</summary>
internal static class FloatBits
{
    /// <summary>√½.</summary>
    public const int SquareRootOfHalf = 0x3F3504F3;

    /// <summary>The bits of the fraction.</summary>
    public const int Fraction = 0x007FFFFF;
}

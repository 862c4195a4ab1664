using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>A 16-bit floating-point type of tensors. Widening and narrowing again gives the same bits, those of every NaN included.</summary>
/// <param name="Name">Its name, see <see cref="TensorTypes"/>.</param>
/// <param name="Largest">Its largest finite number.</param>
/// <param name="Widen">The float that the bits stand for.</param>
/// <param name="Narrow">The nearest number of the type, ties to even; infinity beyond <paramref name="Largest"/>.</param>
internal sealed record SixteenBitType(string Name, float Largest, Func<ushort, float> Widen, Func<float, ushort> Narrow)
{
    private static readonly SixteenBitType[] All =
    [
        new(TensorTypes.F16, (float)Half.MaxValue, WidenHalf, NarrowHalf),
        new(TensorTypes.BF16, BFloat16.Widen(0x7F7F), BFloat16.Widen, BFloat16.Narrow),
    ];

    /// <summary>The type of that name; null where it is none of these.</summary>
    public static SixteenBitType? Find(string name) => Array.Find(All, type => type.Name == name);

    // A processor's own conversion would make signalling NaNs quiet ones.
    private static float WidenHalf(ushort bits)
    {
        var value = BitConverter.UInt16BitsToHalf(bits);
        return Half.IsNaN(value) ? BitConverter.UInt32BitsToSingle(((uint)(bits & 0x8000) << 16) | 0x7F80_0000 | ((uint)(bits & 0x3FF) << 13)) : (float)value;
    }

    private static ushort NarrowHalf(float value)
    {
        if (!float.IsNaN(value))
            return BitConverter.HalfToUInt16Bits((Half)value);

        // A payload whose upper bits are zero would be that of an infinity.
        var bits = BitConverter.SingleToUInt32Bits(value);
        var payload = (bits >> 13) & 0x3FF;
        return (ushort)(((bits >> 16) & 0x8000) | 0x7C00 | (payload == 0 ? 0x200 : payload));
    }
}

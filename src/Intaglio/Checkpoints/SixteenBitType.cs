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

    /// <summary>The nearest numbers of the type.</summary>
    /// <returns>The first number that is finite and has no finite one near; -1 where all have.</returns>
    public int NarrowAll(ReadOnlySpan<float> values, Span<ushort> narrowed)
    {
        for (var i = 0; i < values.Length; i++)
        {
            narrowed[i] = Narrow(values[i]);
            if (float.IsInfinity(Widen(narrowed[i])) && float.IsFinite(values[i]))
                return i;
        }

        return -1;
    }

    /// <summary>Of a number that the type does not reach.</summary>
    /// <param name="path">The file that was to have it.</param>
    /// <param name="tensor">The tensor's name there.</param>
    /// <param name="element">Which of its elements.</param>
    /// <param name="value">The number.</param>
    public CheckpointException Beyond(string path, string tensor, long element, float value) => new(
        path, tensor, FormattableString.Invariant($"numbers of {Name}, up to {Largest:R}"), FormattableString.Invariant($"{value:R}"),
        FormattableString.Invariant($"{tensor}: element {element} is {value:R}, and {Name} ends at {Largest:R}; save the model in a format that has such numbers, as {nameof(NumberFormat.FP32)} does"));

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

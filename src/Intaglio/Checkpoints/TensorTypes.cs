using System.Collections.Frozen;

namespace Intaglio.Checkpoints;

/// <summary>The names that safetensors gives to the types of a tensor's elements.</summary>
public static class TensorTypes
{
    /// <summary>IEEE 754 binary32.</summary>
    public const string F32 = "F32";

    /// <summary>IEEE 754 binary16.</summary>
    public const string F16 = "F16";

    /// <summary>bfloat16, the upper half of a binary32.</summary>
    public const string BF16 = "BF16";

    private static readonly FrozenDictionary<string, int> Bits = new Dictionary<string, int>
    {
        ["F4"] = 4,
        ["F6_E2M3"] = 6,
        ["F6_E3M2"] = 6,
        ["BOOL"] = 8,
        ["U8"] = 8,
        ["I8"] = 8,
        ["F8_E5M2"] = 8,
        ["F8_E4M3"] = 8,
        ["F8_E8M0"] = 8,
        ["U16"] = 16,
        ["I16"] = 16,
        [F16] = 16,
        [BF16] = 16,
        ["U32"] = 32,
        ["I32"] = 32,
        [F32] = 32,
        ["C64"] = 64,
        ["U64"] = 64,
        ["I64"] = 64,
        ["F64"] = 64,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Bits an element.</summary>
    /// <returns>False for a type that the format does not have.</returns>
    public static bool TryGetBits(string type, out int bits) => Bits.TryGetValue(type, out bits);

    /// <summary>Whether elements of this type can be read as floats: <see cref="F32"/>, <see cref="F16"/> and <see cref="BF16"/>, all of them exactly.</summary>
    public static bool IsReadable(string type) => type is F32 or F16 or BF16;

    /// <summary>The type in which weights of a format are saved.</summary>
    internal static string Of(NumberFormat format) => format switch
    {
        NumberFormat.BF16 => BF16,
        NumberFormat.FP16 => F16,
        _ => F32,
    };
}

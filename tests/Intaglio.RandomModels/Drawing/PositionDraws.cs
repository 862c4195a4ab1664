using CsCheck;
using Intaglio.Compiler;
using static Intaglio.RandomModels.Gens;

namespace Intaglio.RandomModels;

/// <summary>Draws of positions.</summary>
internal static class PositionDraws
{
    private static readonly Gen<string> Layouts = Members<RotaryLayout>();

    /// <summary>What sizes have to be even for a kind: heads, or the hidden size.</summary>
    public static bool IsOfPairs(PositionEncodingKind kind) => kind is PositionEncodingKind.Rotary or PositionEncodingKind.Sinusoidal;

    /// <summary>Kinds that go with stacks.</summary>
    public static Gen<PositionEncodingKind> Kind(Stacks stacks) => Gen.Frequency(
        (2, Gen.Const(PositionEncodingKind.Learned)),
        (1, Gen.Const(PositionEncodingKind.None)),
        (3, Gen.Const(PositionEncodingKind.Rotary)),
        (1, Gen.Const(PositionEncodingKind.Sinusoidal)),
        (2, Gen.Const(stacks == Stacks.Both ? PositionEncodingKind.RelativeBuckets : PositionEncodingKind.Alibi)),
        (2, Gen.Const(PositionEncodingKind.RelativeBuckets)));

    public static Gen<Argument[]> Of(PositionEncodingKind kind, Stacks stacks, Declaration sizes)
    {
        var written = One("PositionEncoding", "", Gen.Const($"PositionEncodingKind.{kind}"));
        return kind switch
        {
            PositionEncodingKind.Rotary => Together(
                written,
                Optional("PositionEncoding", "RotaryTheta", Gen.OneOf("0.5f", "1", "50", "10000", "500000")),
                Optional("PositionEncoding", "Layout", Layouts),
                Fraction(sizes),
                Gen.Frequency((2, Nothing), (1, Scaling(Draws.Number(sizes, "Transformer.ContextLength"))))),
            PositionEncodingKind.Learned => Gen.Frequency((1, Nothing), (2, Together(written, Rarely("PositionEncoding", "Offset", Text(Gen.Int[0, 5]))))),
            PositionEncodingKind.Sinusoidal => Together(written, Optional("PositionEncoding", "Layout", Layouts)),
            PositionEncodingKind.RelativeBuckets =>
                from buckets in Gen.Int[stacks == Stacks.Decoder ? 2 : 4, 33]
                from distance in Gen.Int[(buckets / 2) + 1, 60]
                from rest in Together(written, One("PositionEncoding", "Buckets", Gen.Const(Text(buckets))), One("PositionEncoding", "MaxDistance", Gen.Const(Text(distance))))
                select rest,
            _ => written,
        };
    }

    // At least two columns turn, of heads of whatever size.
    private static Gen<Argument[]> Fraction(Declaration sizes)
    {
        var (hidden, heads) = (Draws.Number(sizes, "Transformer.HiddenSize"), sizes.Value("Attention.Heads"));
        var size = sizes.Value("Attention.HeadSize") is not null ? Draws.Number(sizes, "Attention.HeadSize") : heads is null ? hidden % 64 == 0 ? 64 : hidden : hidden / Draws.Number(sizes, "Attention.Heads");
        return size < 4 ? Nothing : Rarely("PositionEncoding", "RotaryFraction", Gen.OneOf("0.5f", "0.75f", "1f"));
    }

    private static Gen<Argument[]> Scaling(int context) =>
        from kind in Gen.OneOf(Enum.GetValues<RotaryScalingKind>())
        from rest in Together(
            One("PositionEncoding", "Scaling", Gen.Const($"RotaryScalingKind.{kind}")),
            kind == RotaryScalingKind.None ? Nothing : Optional("PositionEncoding", "ScalingFactor", Gen.OneOf("1", "2", "3.5f", "8")),
            kind == RotaryScalingKind.None ? Nothing : Optional("PositionEncoding", "OriginalContextLength", Text(Gen.Int[1, context + 8])),
            kind == RotaryScalingKind.Llama3 ? Optional("PositionEncoding", "LowFrequencyFactor", Gen.OneOf("0.5f", "1")) : Nothing,
            kind == RotaryScalingKind.Llama3 ? Optional("PositionEncoding", "HighFrequencyFactor", Gen.OneOf("1.5f", "4", "20")) : Nothing)
        select rest;
}

using System.Globalization;
using CsCheck;
using Intaglio.Compiler;
using static Intaglio.RandomModels.Gens;

namespace Intaglio.RandomModels;

/// <summary>Draws of what attention attributes say beside heads: for all, for a part, for every n-th layer.</summary>
internal static class AttentionDraws
{
    private static readonly Gen<string> Scales = Gen.OneOf("0.05f", "0.3f", "1", "2.5f");
    private static readonly Gen<string> Caps = Gen.OneOf("0.5f", "2", "7.5f", "50");

    public static Gen<Argument[]> Of(Stacks stacks, Declaration sizes, PositionEncodingKind position)
    {
        var context = Draws.Number(sizes, "Transformer.ContextLength");
        return Together(
            Rarely("Attention", "Scale", Scales),
            Rarely("Attention", "LogitSoftCap", Caps),
            Rarely("Attention", "QueryKeyNorm", Text(Booleans)),
            Optional("Attention", "QueryKeyValueBias", Text(Booleans)),
            Optional("Attention", "OutputBias", Text(Booleans)),
            stacks == Stacks.Decoder ? Windows(context) : Nothing,
            stacks == Stacks.Both ? Parts(sizes, position, context) : stacks == Stacks.Decoder ? Part("DecoderSelf") : Part("EncoderSelf"));
    }

    private static Gen<Argument[]> Windows(int context) => Together(
        Rarely("Attention", "SlidingWindow", Text(Gen.Int[1, context + 3])),
        Gen.Frequency((5, Nothing), (1, Together(
            One($"Attention@{Declaration.EveryNthLayer}", Declaration.EveryNthLayer, Text(Gen.Int[2, 3])),
            One($"Attention@{Declaration.EveryNthLayer}", "SlidingWindow", Text(Gen.Int[0, context + 1]))))));

    // Positions that act on heads need the same ones in both stacks; what attends to a source has its own.
    private static Gen<Argument[]> Parts(Declaration sizes, PositionEncodingKind position, int context)
    {
        var isFree = position is PositionEncodingKind.None or PositionEncodingKind.Learned or PositionEncodingKind.Sinusoidal;
        var heads = sizes.Value("Attention.Heads") is { } written ? int.Parse(written, CultureInfo.InvariantCulture) : 1;
        var hasHeads = sizes.Value("Attention.Heads") is not null;
        Gen<Argument[]> HeadsOf(string part) => isFree ? SizeDraws.Heads($"Attention@{part}", isEven: false) : hasHeads ? One($"Attention@{part}", "KeyValueHeads", Text(Divisor(heads))) : Nothing;
        return Together(
            Gen.Frequency((2, Nothing), (1, Together(HeadsOf("EncoderSelf"), Part("EncoderSelf")))),
            Gen.Frequency((2, Nothing), (1, Together(HeadsOf("DecoderSelf"), Part("DecoderSelf"), Rarely("Attention@DecoderSelf", "SlidingWindow", Text(Gen.Int[1, context + 1]))))),
            Gen.Frequency((1, Nothing), (1, Together(SizeDraws.Heads("Attention@Cross", isEven: false), Common("Attention@Cross")))));
    }

    private static Gen<Argument[]> Part(string part) => Gen.Frequency((3, Nothing), (1, Together(Common($"Attention@{part}"), Rarely($"Attention@{part}", "QueryKeyNorm", Text(Booleans)))));

    private static Gen<Argument[]> Common(string attribute) => Together(
        Rarely(attribute, "Scale", Scales),
        Rarely(attribute, "LogitSoftCap", Caps),
        Rarely(attribute, "QueryKeyValueBias", Text(Booleans)),
        Rarely(attribute, "OutputBias", Text(Booleans)));
}

using System.Globalization;
using CsCheck;
using Intaglio.Compiler;
using static Intaglio.RandomModels.Gens;

namespace Intaglio.RandomModels;

/// <summary>Legal models over all that a declaration can say, extremes among them on purpose.</summary>
internal static class Draws
{
    /// <summary>Models, each with a batch.</summary>
    public static Gen<Draw> All { get; } =
        from declaration in Gen.Frequency((6, Declarations()), (1, FamilyDraws.All))
        let context = Number(declaration, "Transformer.ContextLength")
        from batch in context > 32 ? Gen.Const(1) : Gen.Int[1, 4]
        from time in Times(context)
        from sourceTime in Times(context)
        from chunk in Gen.OneOf(1, 3, 16, 64)
        select new Draw(declaration, batch, time, sourceTime, chunk);

    /// <summary>The draw of this number under a seed, whatever else is drawn.</summary>
    public static Draw Number(ulong seed, int number) => All.Generate(new PCG((uint)number, seed), null, out _);

    /// <summary>Dropout at any place; nothing for weights that do not train.</summary>
    public static Gen<Argument[]> Dropouts(bool trains) => trains
        ? Gen.Frequency((2, Nothing), (1, Together([.. new[] { "Transformer", "Attention", "FeedForward", "Embedding" }.Select(attribute => Optional(attribute, "Dropout", Rates))])))
        : Nothing;

    /// <summary>The format of a model's weights, written or not.</summary>
    public static Gen<Argument[]> Precision(bool trains) => trains ? Optional("Precision", "", Gen.Const("FP32")) : One("Precision", "", Gen.Const("BF16"));

    private static Gen<int> Times(int context) => Gen.Frequency((3, Gen.Const(context)), (2, Gen.Int[1, context]));

    private static Gen<Declaration> Declarations() =>
        from stacks in Gen.Frequency((5, Stacks.Decoder), (4, Stacks.Encoder), (4, Stacks.Both))
        from trains in Gen.Frequency((6, true), (1, false))
        from position in PositionDraws.Kind(stacks)
        from sizes in SizeDraws.Of(stacks, isEven: PositionDraws.IsOfPairs(position))
        let declared = new Declaration(sizes)
        from attention in AttentionDraws.Of(stacks, declared, position)
        from normalization in Normalization()
        from hasOwnLayer in Gen.Frequency((3, false), (1, true))
        from rest in Together(
            FeedForward(stacks),
            PositionDraws.Of(position, stacks, declared),
            Embedding(stacks, Number(declared, "Transformer.VocabularySize")),
            HeadDraws.Of(stacks, Number(declared, "Transformer.VocabularySize"), trains),
            stacks != Stacks.Both && !hasOwnLayer && !normalization.Any(argument => argument.Name == "Placement" && !argument.Value.EndsWith("Pre", StringComparison.Ordinal)) ? Rarely("Transformer", "ParallelResidual", Text(Booleans)) : Nothing)
        from dropout in Dropouts(trains)
        from precision in Precision(trains)
        from layers in hasOwnLayer ? OwnLayers(stacks) : Gen.Const(new Dictionary<Compiler.AppliesTo, BlockSpec>())
        select new Declaration([.. sizes, .. attention, .. normalization, .. rest, .. dropout, .. precision], layers);

    private static Gen<Argument[]> FeedForward(Stacks stacks) => Together(
        Optional("FeedForward", "IntermediateSize", Text(Size(200))),
        Gen.Frequency(
            (6, Optional("FeedForward", "Activation", Members<Activation>())),
            (1, One("FeedForward", "ActivationMethod", Gen.OneOf([.. Declaration.OwnActivationMethods])))),
        Optional("FeedForward", "Gated", Text(Booleans)),
        Optional("FeedForward", "Bias", Text(Booleans)),
        stacks == Stacks.Both ? FeedForwardOf("EncoderSelf") : Nothing,
        stacks == Stacks.Both ? FeedForwardOf("DecoderSelf") : Nothing);

    private static Gen<Argument[]> FeedForwardOf(string part) => Gen.Frequency((2, Nothing), (1, Together(
        Optional($"FeedForward@{part}", "IntermediateSize", Text(Size(100))),
        Gen.Frequency((3, Nothing), (1, One($"FeedForward@{part}", "Activation", Members<Activation>())), (1, One($"FeedForward@{part}", "ActivationMethod", Gen.OneOf([.. Declaration.OwnActivationMethods])))),
        Rarely($"FeedForward@{part}", "Gated", Text(Booleans)),
        Rarely($"FeedForward@{part}", "Bias", Text(Booleans)))));

    private static Gen<Argument[]> Normalization() =>
        from kind in Gen.OneOf("LayerNorm", "RmsNorm")
        from kindArgument in kind == "LayerNorm" ? Optional("Normalization", "", Gen.Const("NormalizationKind.LayerNorm")) : One("Normalization", "", Gen.Const("NormalizationKind.RmsNorm"))
        from rest in Together(
            Optional("Normalization", "Placement", Members<NormalizationPlacement>()),
            Rarely("Normalization", "UnitOffset", Text(Booleans)),
            Optional("Normalization", "Epsilon", Gen.OneOf("1e-8f", "1e-6f", "1e-5f", "1e-3f", "0.1f")),
            Optional("Normalization", "Bias", kind == "LayerNorm" ? Text(Booleans) : Gen.Const("false")))
        select (Argument[])[.. kindArgument, .. rest];

    private static Gen<Argument[]> Embedding(Stacks stacks, int vocabulary) => Together(
        Optional("Embedding", "TieWordEmbeddings", Text(Booleans)),
        Rarely("Embedding", "Scale", Gen.OneOf("0.5f", "3", "1", "7.25f")),
        Rarely("Embedding", "Normalize", Text(Booleans)),
        Rarely("Embedding", "PaddingToken", Text(Gen.Int[0, Math.Min(vocabulary - 1, 9)])),
        stacks == Stacks.Encoder ? Rarely("Embedding", "TokenTypes", Text(Gen.Int[1, 4])) : Nothing);

    private static Gen<Dictionary<Compiler.AppliesTo, BlockSpec>> OwnLayers(Stacks stacks) =>
        from encoder in Gen.Int
        from decoder in Gen.Int
        from which in stacks == Stacks.Both ? Gen.Int[1, 3] : Gen.Const(3)
        select new (Compiler.AppliesTo Part, int Seed, bool Has, int Bit)[] { (Compiler.AppliesTo.EncoderSelf, encoder, stacks != Stacks.Decoder, 1), (Compiler.AppliesTo.DecoderSelf, decoder, stacks != Stacks.Encoder, 2) }
            .Where(stack => stack.Has && (which & stack.Bit) != 0)
            .ToDictionary(stack => stack.Part, stack => new LayerDraw(stack.Seed).Draw(attendsToEncoder: stacks == Stacks.Both && stack.Part == Compiler.AppliesTo.DecoderSelf));

    /// <summary>A number that a declaration sets.</summary>
    public static int Number(Declaration declaration, string key) => int.Parse(declaration.Value(key)!, CultureInfo.InvariantCulture);
}

/// <summary>The stacks of a model.</summary>
internal enum Stacks
{
    Decoder,
    Encoder,
    Both,
}

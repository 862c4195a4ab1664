using CsCheck;
using static Intaglio.RandomModels.Gens;

namespace Intaglio.RandomModels;

/// <summary>Draws of a family's attribute, with sizes that are small and some of its choices overridden.</summary>
internal static class FamilyDraws
{
    private static readonly (string Name, Stacks Stacks)[] Families =
    [
        ("Bert", Stacks.Encoder), ("Roberta", Stacks.Encoder), ("Gpt2", Stacks.Decoder), ("Bloom", Stacks.Decoder), ("Llama", Stacks.Decoder), ("T5", Stacks.Both), ("FlanT5", Stacks.Both), ("Bart", Stacks.Both),
    ];

    public static Gen<Declaration> All { get; } =
        from family in Gen.OneOf(Families)
        from trains in Gen.Frequency((6, true), (1, false))
        from arguments in Together(
            Alone(family.Name),
            Sizes(family.Stacks, isEven: family.Name == "Llama"),
            Overrides(isRms: family.Name is "Llama" or "T5" or "FlanT5"),
            family.Stacks == Stacks.Encoder && family.Name != "Roberta" ? Rarely("Embedding", "TokenTypes", Text(Gen.Int[1, 3])) : Nothing,
            Draws.Dropouts(trains),
            Draws.Precision(trains))
        select new Declaration(arguments);

    private static Gen<Argument[]> Sizes(Stacks stacks, bool isEven) =>
        from hidden in Size(64)
        from heads in SizeDraws.Heads("Attention", isEven)
        from rest in Together(
            One("Transformer", "ContextLength", Text(Gen.Int[1, 24])),
            One("Transformer", "VocabularySize", Text(Gen.Int[3, 90])),
            One("FeedForward", "IntermediateSize", Text(Size(120))),
            stacks == Stacks.Decoder ? Nothing : SizeDraws.Layers("Encoder"),
            stacks == Stacks.Encoder ? Nothing : SizeDraws.Layers("Decoder"))
        select (Argument[])[new("Transformer", "HiddenSize", Text(hidden)), .. heads, .. rest];

    private static Gen<Argument[]> Overrides(bool isRms) => Together(
        Rarely("Attention", "Scale", Gen.OneOf("0.3f", "1")),
        Rarely("Attention", "LogitSoftCap", Gen.OneOf("2", "50")),
        Rarely("Attention", "QueryKeyNorm", Text(Booleans)),
        Rarely("Attention", "QueryKeyValueBias", Text(Booleans)),
        Rarely("Attention", "OutputBias", Text(Booleans)),
        Gen.Frequency((3, Nothing), (1, One("FeedForward", "Activation", Members<Activation>())), (1, One("FeedForward", "ActivationMethod", Gen.OneOf([.. Declaration.OwnActivationMethods])))),
        Rarely("FeedForward", "Gated", Text(Booleans)),
        Rarely("FeedForward", "Bias", Text(Booleans)),
        Rarely("Normalization", "Epsilon", Gen.OneOf("1e-6f", "1e-3f")),
        Rarely("Normalization", "Placement", Members<NormalizationPlacement>()),
        isRms ? Nothing : Rarely("Normalization", "Bias", Text(Booleans)),
        Rarely("Embedding", "TieWordEmbeddings", Text(Booleans)),
        Rarely("Embedding", "Scale", Gen.OneOf("0.5f", "3")),
        Rarely("Embedding", "Normalize", Text(Booleans)));
}

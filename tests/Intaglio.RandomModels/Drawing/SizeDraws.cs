using CsCheck;
using static Intaglio.RandomModels.Gens;

namespace Intaglio.RandomModels;

/// <summary>Draws of sizes: stacks, heads and what they share.</summary>
internal static class SizeDraws
{
    /// <param name="stacks">The stacks.</param>
    /// <param name="isEven">Whether heads have to be.</param>
    public static Gen<Argument[]> Of(Stacks stacks, bool isEven) =>
        from heads in Gen.Frequency((2, One("Transformer", "HiddenSize", Text(Gen.Frequency((6, Size(96, isEven)), (1, Gen.Const(128)))))), (4, SharedHeads(isEven)), (4, FreeHeads(isEven)))
        from rest in Together(
            One("Transformer", "ContextLength", Text(Gen.Frequency((1, Gen.Const(1)), (8, Gen.Int[2, 24]), (1, Gen.Int[25, 150])))),
            One("Transformer", "VocabularySize", Text(Gen.Frequency((1, Gen.Const(2)), (4, Size(80)), (1, Gen.Int[80, 700])))),
            stacks == Stacks.Decoder ? Nothing : Layers("Encoder"),
            stacks == Stacks.Encoder ? Nothing : Layers("Decoder"))
        select (Argument[])[.. heads, .. rest];

    /// <summary>How many layers a stack has.</summary>
    public static Gen<Argument[]> Layers(string stack) => One(stack, "Layers", Text(Gen.Frequency((3, 1), (3, 2), (1, 3), (1, 5))));

    // Heads that share the hidden size.
    private static Gen<Argument[]> SharedHeads(bool isEven) =>
        from heads in Gen.Frequency((2, Gen.Const(1)), (4, Gen.Int[2, 8]))
        from size in Size(heads == 1 ? 96 : Math.Min(96, 132 / heads), isEven)
        from keyValueHeads in KeyValueHeads("Attention", heads)
        from isWritten in Booleans
        select (Argument[])
        [
            new("Transformer", "HiddenSize", Text(heads * size)),
            new("Attention", "Heads", Text(heads)),
            .. keyValueHeads,
            .. isWritten ? [new Argument("Attention", "HeadSize", Text(size))] : Array.Empty<Argument>(),
        ];

    // Heads of a size of their own.
    private static Gen<Argument[]> FreeHeads(bool isEven) =>
        from hidden in Size(96, isEven)
        from heads in Heads("Attention", isEven)
        select (Argument[])[new("Transformer", "HiddenSize", Text(hidden)), .. heads];

    /// <summary>An attribute's heads, whatever the hidden size.</summary>
    public static Gen<Argument[]> Heads(string attribute, bool isEven) =>
        from heads in Gen.Frequency((2, Gen.Const(1)), (4, Gen.Int[2, 7]))
        from size in Size(heads == 1 ? 96 : 160 / heads, isEven)
        from keyValueHeads in KeyValueHeads(attribute, heads)
        select (Argument[])[new(attribute, "Heads", Text(heads)), new(attribute, "HeadSize", Text(size)), .. keyValueHeads];

    // What is set for all holds for a part too, unless the part says otherwise.
    private static Gen<Argument[]> KeyValueHeads(string attribute, int heads) =>
        attribute == "Attention" ? Optional(attribute, "KeyValueHeads", Text(Divisor(heads))) : One(attribute, "KeyValueHeads", Text(Divisor(heads)));
}

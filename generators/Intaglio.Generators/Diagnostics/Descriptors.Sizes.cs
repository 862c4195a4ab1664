using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <content>Sizes, each by itself and all together.</content>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor SizeNotPositive = Error(
        "INTG005",
        "Size is not positive",
        "{0} is {1}; it must be at least 1, or left out for its default",
        """
        `HiddenSize`, `ContextLength`, `VocabularySize`, `Layers`, `Heads` and `IntermediateSize` are at least 1. Leave an argument out to get its default.
        """);

    public static readonly DiagnosticDescriptor TooLarge = Error(
        "INTG016",
        "Model is too large",
        "{0} would have {1} elements, more than the {2} that can be addressed; reduce {3}",
        """
        One tensor has more than 2,147,483,647 elements, or the model more than its offsets can count. The message names the tensor and the sizes it comes from.
        """);

    public static readonly DiagnosticDescriptor FactsAlone = Hint(
        "INTG054",
        "Model can be described, not made",
        "The token embedding has {0} elements, more than the {1} that can be addressed: the class has its facts, but Create and Load throw",
        """
        One tensor has more than 2,147,483,647 elements. The constants of the class (parameters, operations and bytes for each token) are right; the model itself cannot be made.
        """,
        """
        [Bloom, Transformer(HiddenSize = 14336), Decoder(Layers = 70), Attention(Heads = 112)]
        public sealed partial class Bloom176B;
        """);

    private static IEnumerable<DiagnosticDescriptor> Sizes =>
    [
        SizeNotPositive, TooLarge, FactsAlone,
    ];
}

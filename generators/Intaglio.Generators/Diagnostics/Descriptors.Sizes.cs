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

    private static IEnumerable<DiagnosticDescriptor> Sizes =>
    [
        SizeNotPositive, TooLarge,
    ];
}

using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <content>Stacks, heads and objectives that do not go together.</content>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor HeadDoesNotFit = Error(
        "INTG070",
        "Head does not fit the stacks",
        "[{0}] needs {1}, but the model is {2}",
        """
        `[LanguageModelingHead]` belongs to a model with a decoder, `[MaskedLanguageModelingHead]` to one without; the other heads look at one stack, not at an encoder-decoder.
        """,
        """
        [Encoder, MaskedLanguageModelingHead]
        public sealed partial class Reader;
        """);

    public static readonly DiagnosticDescriptor SeveralHeads = Error(
        "INTG071",
        "Several heads or objectives",
        "A model has one {0}, but there are [{1}] and [{2}]; remove one, or declare a second model with [BasedOn<{3}>]",
        """
        One class has one head and at most one objective. A model with another head of the same base is a class of its own.
        """,
        """
        [Encoder, TokenClassification(9)]
        public sealed partial class Tagger;

        [BasedOn<Tagger>, QuestionAnswering]
        public sealed partial class Reader;
        """);

    public static readonly DiagnosticDescriptor ObjectiveDoesNotFit = Error(
        "INTG072",
        "Objective does not fit the model",
        "[{0}] trains {1}, but the model is {2}",
        """
        `[CausalLanguageModeling]` trains a decoder, `[MaskedLanguageModeling]` an encoder with its head, `[SpanCorruption]` and `[Denoising]` an encoder-decoder.
        """,
        """
        [Encoder, MaskedLanguageModelingHead, MaskedLanguageModeling(255)]
        public sealed partial class Reader;
        """);

    public static readonly DiagnosticDescriptor ValueOutOfRange = Error(
        "INTG073",
        "Value is out of its range",
        "{0} is {1}; it must be {2}",
        """
        The message names the argument and says what it may be. Leave an argument out to get its default.
        """,
        """
        [Encoder, SequenceClassification(2)]
        public sealed partial class Sentiment;
        """);

    public static readonly DiagnosticDescriptor NotSupportedTogether = Error(
        "INTG074",
        "Arguments do not go together",
        "{0} is not supported {1}; {2}",
        """
        What the message names cannot be compiled together. It says what to do instead.
        """,
        """
        [Encoder, Decoder]
        [Attention(AppliesTo = AppliesTo.DecoderSelf, SlidingWindow = 64)]
        public sealed partial class Local;
        """);

    public static readonly DiagnosticDescriptor ArgumentWithoutEffect = Warning(
        "INTG075",
        "Argument has no effect",
        "{0} acts on {1} alone, but {2}; remove it",
        """
        An argument is set that nothing reads, so that something else was meant.
        """,
        """
        [Decoder, PositionEncoding(PositionEncodingKind.RelativeBuckets, Buckets = 32)]
        public sealed partial class Story;
        """);

    private static IEnumerable<DiagnosticDescriptor> Stacks =>
    [
        HeadDoesNotFit, SeveralHeads, ObjectiveDoesNotFit, ValueOutOfRange, NotSupportedTogether, ArgumentWithoutEffect,
    ];
}

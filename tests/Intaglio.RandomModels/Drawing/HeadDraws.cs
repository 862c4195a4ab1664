using CsCheck;
using static Intaglio.RandomModels.Gens;

namespace Intaglio.RandomModels;

/// <summary>Draws of heads, and of objectives that go with them.</summary>
internal static class HeadDraws
{
    private static readonly Gen<string> Enums = Gen.OneOf("DayOfWeek", "SeekOrigin", "MidpointRounding", "PositionEncodingKind");

    /// <param name="stacks">The stacks.</param>
    /// <param name="vocabulary">Tokens.</param>
    /// <param name="trains">Whether there may be dropout.</param>
    public static Gen<Argument[]> Of(Stacks stacks, int vocabulary, bool trains) => stacks switch
    {
        Stacks.Both => Together(LanguageModeling(), Gen.Frequency((3, Nothing), (1, SpanCorruption(vocabulary)), (1, Denoising(vocabulary)))),
        Stacks.Decoder => Gen.Frequency((4, Together(LanguageModeling(), Rarely("CausalLanguageModeling", "PadToken", Token(vocabulary)))), (3, OfOneStack(trains))),
        _ => Gen.Frequency((2, Together(MaskedLanguageModeling(), Gen.Frequency((3, Nothing), (1, MaskedObjective(vocabulary))))), (4, OfOneStack(trains))),
    };

    private static Gen<Argument[]> LanguageModeling() => Gen.Frequency(
        (1, Nothing),
        (1, Together(
            Rarely("LanguageModelingHead", "Bias", Text(Booleans)),
            Rarely("LanguageModelingHead", "LogitSoftCap", Gen.OneOf("0.5f", "3", "30")),
            Rarely("LanguageModelingHead", "Scale", Gen.OneOf("0.25f", "2", "1")))));

    private static Gen<Argument[]> MaskedLanguageModeling() => Gen.Frequency(
        (1, Nothing),
        (2, Together(Rarely("MaskedLanguageModelingHead", "Bias", Text(Booleans)), Optional("MaskedLanguageModelingHead", "Activation", Members<Activation>()))));

    private static Gen<Argument[]> OfOneStack(bool trains) => Gen.Frequency(
        (3, Together(
            Labels("SequenceClassification"),
            Optional("SequenceClassification", "Pooling", Members<Pooling>()),
            Rarely("SequenceClassification", "Pooler", Text(Booleans)),
            Rarely("SequenceClassification", "Bias", Text(Booleans)),
            trains ? Rarely("SequenceClassification", "Dropout", Rates) : Nothing)),
        (2, Together(Labels("TokenClassification"), trains ? Rarely("TokenClassification", "Dropout", Rates) : Nothing)),
        (1, Alone("QuestionAnswering")),
        (1, Together(
            Alone("SentenceEmbedding"),
            Optional("SentenceEmbedding", "Pooling", Members<Pooling>()),
            Rarely("SentenceEmbedding", "Pooler", Text(Booleans)),
            Rarely("SentenceEmbedding", "Normalize", Text(Booleans)))));

    private static Gen<Argument[]> Labels(string attribute) => Gen.Frequency((3, One(attribute, "", Text(Gen.Int[1, 12]))), (1, One(attribute, Argument.OfType, Enums)));

    private static Gen<Argument[]> MaskedObjective(int vocabulary) => Together(One("MaskedLanguageModeling", "", Token(vocabulary)), Rarely("MaskedLanguageModeling", "MaskingRate", Gen.OneOf("0.1", "0.4")));

    private static Gen<Argument[]> SpanCorruption(int vocabulary) => Together(Alone("SpanCorruption"), Rarely("SpanCorruption", "EndToken", Token(vocabulary)), Rarely("SpanCorruption", "FinalSentinel", Text(Booleans)));

    private static Gen<Argument[]> Denoising(int vocabulary) => Together(One("Denoising", "", Token(vocabulary)), Rarely("Denoising", "MeanSpanLength", Gen.OneOf("2", "3.5")));

    private static Gen<string> Token(int vocabulary) => Text(Gen.Int[0, vocabulary - 1]);
}

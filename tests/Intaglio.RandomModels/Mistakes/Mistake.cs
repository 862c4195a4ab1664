using CsCheck;

namespace Intaglio.RandomModels;

/// <summary>A legal declaration with a mistake in it that C# does not see.</summary>
/// <param name="Id">The diagnostic that it has to get; others may follow from it.</param>
/// <param name="Declaration">The declaration.</param>
internal sealed record Mistake(string Id, Declaration Declaration)
{
    private static readonly string[] Sizes =
    [
        "Transformer.HiddenSize", "Transformer.ContextLength", "Transformer.VocabularySize", "Decoder.Layers", "Attention.Heads", "Attention.KeyValueHeads", "Attention.HeadSize",
        "Attention.SlidingWindow", "FeedForward.IntermediateSize",
    ];

    private static readonly string[] NoSizes = ["0", "-1", "-7", "int.MinValue"];
    private static readonly string[] NoFactors = ["0", "-1", "-0f", "float.NaN", "float.PositiveInfinity", "float.NegativeInfinity"];
    private static readonly string[] NoRates = ["1", "-0.1f", "2", "float.NaN", "float.PositiveInfinity", "-1e-30f"];
    private static readonly string[] NoValues = ["77", "-1", "int.MaxValue", "int.MinValue"];

    /// <summary>Every kind of mistake in every kind of model.</summary>
    public static Gen<Mistake> All { get; } = Gen.Select(
        Draws.All.Select(draw => draw.Declaration),
        Gen.OneOf(
            Changed("INTG005", Sizes, NoSizes),
            Changed("INTG006", declaration => declaration.Without("Attention.HeadSize"), ("Transformer.HiddenSize", "61"), ("Attention.Heads", "4")),
            Changed("INTG007", ["Transformer.Dropout", "Attention.Dropout", "FeedForward.Dropout", "Embedding.Dropout"], NoRates),
            Changed("INTG008", ["Normalization.Epsilon"], NoFactors),
            Changed("INTG009", ["FeedForward.Activation"], Cast("Activation")),
            Changed("INTG009", ["Normalization"], Cast("NormalizationKind")),
            Changed("INTG009", ["PositionEncoding"], Cast("PositionEncodingKind")),
            Changed("INTG009", ["PositionEncoding.Layout"], Cast("RotaryLayout"), ("PositionEncoding", "PositionEncodingKind.Rotary")),
            Changed("INTG009", ["Precision"], Cast("NumberFormat")),
            Changed("INTG010", ["Precision"], ["FP16", "INT8", "INT4"]),
            Changed("INTG016", ["Transformer.VocabularySize", "FeedForward.IntermediateSize"], ["int.MaxValue"], ("Transformer.HiddenSize", "12"), ("Attention.HeadSize", "4")),
            Changed("INTG016", ["Attention.HeadSize"], ["int.MaxValue", "1 << 30"], ("Transformer.HiddenSize", "12"), ("PositionEncoding", "PositionEncodingKind.None")),
            Changed("INTG020", ["Attention.KeyValueHeads"], ["4", "5"], ("Attention.Heads", "6")),
            Changed("INTG025", ["Attention.KeyValueHeads"], ["7", "12", "int.MaxValue"], ("Attention.Heads", "6")),
            Changed("INTG021", ["Attention.HeadSize"], ["1", "5", "95"], ("PositionEncoding", "PositionEncodingKind.Rotary")),
            Changed("INTG022", ["Normalization.Bias"], ["true"], ("Normalization", "NormalizationKind.RmsNorm")),
            Changed("INTG023", ["Attention.Scale", "Attention.LogitSoftCap"], NoFactors),
            Changed("INTG023", ["PositionEncoding.RotaryTheta"], NoFactors, ("PositionEncoding", "PositionEncodingKind.Rotary")),
            Changed("INTG024", ["PositionEncoding.RotaryTheta"], ["10"], ("PositionEncoding", "PositionEncodingKind.Learned")),
            Changed("INTG024", ["PositionEncoding.Layout"], ["RotaryLayout.Interleaved"], ("PositionEncoding", "PositionEncodingKind.None"))),
        (declaration, mistake) => mistake(declaration));

    private static string[] Cast(string type) => [.. NoValues.Select(value => $"({type})({value})")];

    // One of the arguments gets one of the values, beside others that make a mistake of it.
    private static Gen<Func<Declaration, Mistake>> Changed(string id, string[] keys, string[] values, params (string Key, string Value)[] beside) =>
        Gen.Select<string, string, Func<Declaration, Mistake>>(Gen.OneOf(keys), Gen.OneOf(values), (key, value) => declaration => new(id, With(declaration, [.. beside, (key, value)])));

    private static Gen<Func<Declaration, Mistake>> Changed(string id, Func<Declaration, Declaration> change, params (string Key, string Value)[] beside) =>
        Gen.Const<Func<Declaration, Mistake>>(declaration => new(id, With(change(declaration), beside)));

    private static Declaration With(Declaration declaration, IEnumerable<(string Key, string Value)> arguments) => arguments.Aggregate(declaration, (sofar, argument) =>
        sofar.With(new(argument.Key.Split('.')[0], argument.Key.Contains('.', StringComparison.Ordinal) ? argument.Key.Split('.')[1] : "", argument.Value)));
}

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

    private static readonly string[] Parts = ["Attention@EncoderSelf.Heads", "Attention@Cross.KeyValueHeads", "Attention@DecoderSelf.HeadSize", "FeedForward@EncoderSelf.IntermediateSize"];

    private static readonly string[] NoSizes = ["0", "-1", "-7", "int.MinValue"];
    private static readonly string[] NoFactors = ["0", "-1", "-0f", "float.NaN", "float.PositiveInfinity", "float.NegativeInfinity"];
    private static readonly string[] NoRates = ["1", "-0.1f", "2", "float.NaN", "float.PositiveInfinity", "-1e-30f"];
    private static readonly string[] NoValues = ["77", "-1", "int.MaxValue", "int.MinValue"];

    /// <summary>Every kind of mistake in every kind of model.</summary>
    public static Gen<Mistake> All { get; } = Gen.Select(
        Draws.All.Select(draw => draw.Declaration),
        Gen.OneOf([.. Numbers(), .. Stacks(), .. Layers()]),
        (declaration, mistake) => mistake(declaration));

    private static Gen<Func<Declaration, Mistake>>[] Numbers() =>
        [
            Changed("INTG005", Sizes, NoSizes),
            Changed("INTG005", OfBoth, Parts, NoSizes),
            Changed("INTG006", OfDecoder, ("Transformer.HiddenSize", "61"), ("Attention.Heads", "4")),
            Changed("INTG006", OfBoth, ("Transformer.HiddenSize", "61"), ("Attention@Cross.Heads", "4")),
            Changed("INTG007", ["Transformer.Dropout", "Attention.Dropout", "FeedForward.Dropout", "Embedding.Dropout"], NoRates),
            Changed("INTG007", OfBoth, ["Attention@Cross.Dropout", "FeedForward@EncoderSelf.Dropout"], NoRates),
            Changed("INTG007", OfDecoder, ["SequenceClassification.Dropout"], NoRates, ("SequenceClassification", "3")),
            Changed("INTG008", ["Normalization.Epsilon"], NoFactors),
            Changed("INTG009", OfDecoder, ["FeedForward.Activation"], Cast("Activation")),
            Changed("INTG009", OfBoth, ["FeedForward@EncoderSelf.Activation"], Cast("Activation")),
            Changed("INTG009", OfEncoder, ["MaskedLanguageModelingHead.Activation"], Cast("Activation")),
            Changed("INTG009", OfEncoder, ["SequenceClassification.Pooling"], Cast("Pooling"), ("SequenceClassification", "3")),
            Changed("INTG009", OfEncoder, ["SentenceEmbedding.Pooling"], Cast("Pooling")),
            Changed("INTG009", ["Normalization.Placement"], Cast("NormalizationPlacement")),
            Changed("INTG009", ["PositionEncoding.Scaling"], Cast("RotaryScalingKind"), ("PositionEncoding", "PositionEncodingKind.Rotary")),
            Changed("INTG009", ["Normalization"], Cast("NormalizationKind")),
            Changed("INTG009", ["PositionEncoding"], Cast("PositionEncodingKind")),
            Changed("INTG009", ["PositionEncoding.Layout"], Cast("RotaryLayout"), ("PositionEncoding", "PositionEncodingKind.Rotary")),
            Changed("INTG009", ["Precision"], Cast("NumberFormat")),
            Changed("INTG010", ["Precision"], ["FP16", "INT8", "INT4"]),
            Changed("INTG016", OfDecoder, ["Transformer.VocabularySize", "FeedForward.IntermediateSize"], ["int.MaxValue"], ("Transformer.HiddenSize", "12"), ("Attention.HeadSize", "4")),
            Changed("INTG016", OfDecoder, ["Attention.HeadSize"], ["int.MaxValue", "1 << 30"], ("Transformer.HiddenSize", "12"), ("PositionEncoding", "PositionEncodingKind.None")),
            Changed("INTG020", OfDecoder, ["Attention.KeyValueHeads"], ["4", "5"], ("Attention.Heads", "6")),
            Changed("INTG025", OfDecoder, ["Attention.KeyValueHeads"], ["7", "12", "int.MaxValue"], ("Attention.Heads", "6")),
            Changed("INTG021", OfDecoder, ["Attention.HeadSize"], ["1", "5", "95"], ("PositionEncoding", "PositionEncodingKind.Rotary")),
            Changed("INTG022", ["Normalization.Bias"], ["true"], ("Normalization", "NormalizationKind.RmsNorm")),
            Changed("INTG023", ["Attention.Scale", "Attention.LogitSoftCap"], NoFactors),
            Changed("INTG023", ["PositionEncoding.RotaryTheta"], NoFactors, ("PositionEncoding", "PositionEncodingKind.Rotary")),
            Changed("INTG024", OfDecoder, ["PositionEncoding.RotaryTheta"], ["10"], ("PositionEncoding", "PositionEncodingKind.Learned")),
            Changed("INTG024", OfDecoder, ["PositionEncoding.Layout"], ["RotaryLayout.Interleaved"], ("PositionEncoding", "PositionEncodingKind.None")),
        ];

    private static Gen<Func<Declaration, Mistake>>[] Stacks() =>
        [
            Changed("INTG070", OfEncoder, ["LanguageModelingHead.Bias"], ["true", "false"]),
            Changed("INTG070", OfDecoder, ["MaskedLanguageModelingHead.Bias"], ["true", "false"]),
            Changed("INTG070", OfBoth, ["SequenceClassification", "TokenClassification"], ["1", "3"]),
            Changed("INTG070", OfBoth, ["QuestionAnswering", "SentenceEmbedding"], [""]),
            Changed("INTG071", OfEncoder, ["QuestionAnswering", "SentenceEmbedding", "MaskedLanguageModelingHead"], [""], ("TokenClassification", "3")),
            Changed("INTG071", OfDecoder, ["MaskedLanguageModeling", "Denoising"], ["0"], ("SpanCorruption", "")),
            Changed("INTG072", OfDecoder, ["MaskedLanguageModeling", "Denoising"], ["0"]),
            Changed("INTG072", OfEncoder, ["CausalLanguageModeling", "SpanCorruption"], [""]),
            Changed("INTG072", OfBoth, ["CausalLanguageModeling"], [""]),
            Changed("INTG073", OfEncoder, ["SequenceClassification", "TokenClassification"], NoSizes),
            Changed("INTG073", OfEncoder, ["MaskedLanguageModeling"], ["-1", "int.MaxValue", "int.MinValue"]),
            Changed("INTG073", ["Embedding.Scale"], NoFactors),
            Changed("INTG073", ["Embedding.PaddingToken"], ["int.MaxValue", "-2", "int.MinValue"]),
            Changed("INTG073", OfDecoder, ["LanguageModelingHead.Scale", "LanguageModelingHead.LogitSoftCap"], ["-1", "float.NaN", "float.PositiveInfinity", "float.NegativeInfinity"]),
            Changed("INTG073", OfDecoder, ["PositionEncoding.RotaryFraction"], ["-1", "0", "1.5f", "float.NaN"], ("PositionEncoding", "PositionEncodingKind.Rotary")),
            Changed("INTG073", OfDecoder, ["PositionEncoding.ScalingFactor"], ["-1", "0", "0.5f", "float.NaN", "float.PositiveInfinity"], ("PositionEncoding", "PositionEncodingKind.Rotary"), ("PositionEncoding.Scaling", "RotaryScalingKind.Yarn")),
            Changed("INTG073", OfDecoder, ["PositionEncoding.OriginalContextLength"], NoSizes, ("PositionEncoding", "PositionEncodingKind.Rotary"), ("PositionEncoding.Scaling", "RotaryScalingKind.DynamicNtk")),
            Changed("INTG073", OfDecoder, ["PositionEncoding.HighFrequencyFactor"], ["1", "0", "-1", "float.NaN"], ("PositionEncoding", "PositionEncodingKind.Rotary"), ("PositionEncoding.Scaling", "RotaryScalingKind.Llama3")),
            Changed("INTG073", OfDecoder, ["PositionEncoding.Buckets"], ["1", "0", "-1", "int.MinValue", "int.MaxValue"], ("PositionEncoding", "PositionEncodingKind.RelativeBuckets")),
            Changed("INTG073", OfDecoder, ["PositionEncoding.MaxDistance"], ["1", "0", "-1", "int.MinValue"], ("PositionEncoding", "PositionEncodingKind.RelativeBuckets"), ("PositionEncoding.Buckets", "8")),
            Changed("INTG073", OfDecoder, ["PositionEncoding.Offset"], ["-1", "int.MaxValue", "int.MinValue"], ("PositionEncoding", "PositionEncodingKind.Learned")),
            Changed("INTG073", OfDecoder, ["Transformer.HiddenSize"], ["1", "61"], ("PositionEncoding", "PositionEncodingKind.Sinusoidal")),
            Changed("INTG073", OfDecoder, ["Attention@EveryNthLayer.EveryNthLayer"], ["1", "0", "-1"], ("Attention@EveryNthLayer.SlidingWindow", "0")),
            Changed("INTG074", OfEncoder, ["Attention.SlidingWindow"], ["1", "4"]),
            Changed("INTG074", OfDecoder, ["Embedding.TokenTypes"], ["1", "2"]),
            Changed("INTG074", OfBoth, ["Transformer.ParallelResidual"], ["true"]),
            Changed("INTG074", OfDecoder, ["Normalization.Placement"], ["NormalizationPlacement.Post", "NormalizationPlacement.Sandwich"], ("Transformer.ParallelResidual", "true")),
            Changed("INTG074", OfBoth, ["PositionEncoding"], ["PositionEncodingKind.Alibi"]),
            Changed("INTG074", OfBoth, ["Attention@EncoderSelf.HeadSize"], ["2", "6"], ("PositionEncoding", "PositionEncodingKind.Rotary"), ("Attention.HeadSize", "4"), ("Attention.Heads", "2")),
            Changed("INTG075", OfDecoder, ["PositionEncoding.Buckets", "PositionEncoding.MaxDistance", "PositionEncoding.RotaryFraction", "PositionEncoding.ScalingFactor"], ["1"], ("PositionEncoding", "PositionEncodingKind.Learned")),
            Changed("INTG075", OfDecoder, ["PositionEncoding.Offset"], ["1"], ("PositionEncoding", "PositionEncodingKind.None")),
            Changed("INTG075", OfDecoder, ["Attention@EncoderSelf.Scale", "Attention@Cross.Scale", "Attention@EveryNthLayer.Scale", "FeedForward@EncoderSelf.IntermediateSize"], ["3"], ("Attention@EveryNthLayer.EveryNthLayer", "2")),
            Changed("INTG075", OfBoth, ["Attention@Cross.SlidingWindow", "FeedForward@Cross.IntermediateSize"], ["3"]),
        ];

    private static Gen<Func<Declaration, Mistake>>[] Layers() =>
        [
            Layer("INTG080", "private Tensor Of(Tensor x, SelfAttention attention) => x + attention(x);"),
            Layer("INTG080", "private static Tensor Of(Tensor x) => x;"),
            Layer("INTG080", "private static Tensor Of() => default;"),
            Layer("INTG080", "private static Tensor Of<T>(Tensor x, FeedForward mlp) => mlp(x);"),
            Layer("INTG080", "private static float Of(Tensor x, FeedForward mlp) => 0;"),
            Layer("INTG080", "private static Tensor Of(Tensor x, FeedForward up) => up(x);"),
            Layer("INTG080", "private static Tensor Of(Tensor x, FeedForward mlp, CrossAttention source) => mlp(source(x));"),
            Layer("INTG080", "private static Tensor Of(Tensor x, FeedForward first, FeedForward second) => first(second(x));"),
            Layer("INTG080", "private static Tensor Of(Tensor x, FeedForward mlp, int times) => mlp(x);"),
            Layer("INTG080", "private static Tensor Of(Tensor x, FeedForward mlp, Tensor y) => mlp(x + y);"),
            Layer("INTG080", "private static partial Tensor Of(Tensor x, FeedForward mlp); private static partial Tensor Of(Tensor x, FeedForward mlp) => mlp(x);"),
            Layer("INTG081", "private static Tensor Of(Tensor x, FeedForward mlp) { if (DateTime.Now.Hour > 3) return x; return mlp(x); }"),
            Layer("INTG081", "private static Tensor Of(Tensor x, FeedForward mlp) { x = mlp(x); return x; }"),
            Layer("INTG081", "private static Tensor Of(Tensor x, FeedForward mlp) => Twice(mlp(x)); private static Tensor Twice(Tensor x) => x + x;"),
            Layer("INTG081", "private static Tensor Of(Tensor x, FeedForward mlp) => true ? mlp(x) : x;"),
            Layer("INTG081", "private static Tensor Of(Tensor x, FeedForward mlp) => mlp(x).Map(MathF.Tanh);"),
            Layer("INTG081", "private static Tensor Of(Tensor x, FeedForward mlp) => mlp(x).Map(y => y * y);"),
            Layer("INTG081", "private static Tensor Of(Tensor x, FeedForward mlp) => throw new NotSupportedException();"),
            Layer("INTG081", "private static Tensor Of(Tensor x, FeedForward mlp) => mlp(default);"),
            Layer("INTG081", "private static Tensor Of(Tensor x, FeedForward mlp) { for (;;) { } }"),
            Layer("INTG082", "private static Tensor Of(Tensor x, FeedForward mlp, Norm norm) => mlp(x);"),
            Layer("INTG082", "private static Tensor Of(Tensor x, FeedForward mlp) => x + mlp(mlp(x));"),
            Layer("INTG082", "private static Tensor Of(Tensor x, FeedForward mlp, Linear mix) { var unused = mix(x); return mlp(x); }"),
            Layer("INTG083", "private static Tensor Of(Tensor x, FeedForward mlp) => mlp(x); [Block] private static Tensor Other(Tensor x, FeedForward mlp) => mlp(x);"),
            Layer("INTG083", "private static Tensor Of(Tensor x, FeedForward mlp, CrossAttention source) => mlp(source(x));", OfBoth),
        ];

    // Declarations whose stacks are known, and little else: what a mistake is depends on both.
    private static Declaration OfDecoder(Declaration declaration) => Of(declaration, "Decoder");

    private static Declaration OfEncoder(Declaration declaration) => Of(declaration, "Encoder");

    private static Declaration OfBoth(Declaration declaration) => Of(declaration, "Encoder", "Decoder");

    private static Declaration Of(Declaration declaration, params string[] stacks)
    {
        string[] kept = ["Transformer.ContextLength", "Normalization", "Normalization.Epsilon", "Embedding.TieWordEmbeddings", "FeedForward.Bias", "Attention.OutputBias"];
        return new([.. stacks.Select(stack => new Argument(stack, "Layers", "2")), .. declaration.Arguments.Where(argument => kept.Contains(argument.Key))]);
    }

    private static Gen<Func<Declaration, Mistake>> Layer(string id, string method, Func<Declaration, Declaration>? of = null) =>
        Gen.Const<Func<Declaration, Mistake>>(declaration => new(id, (of ?? OfDecoder)(declaration).WithMember($"[Block] {method}")));

    private static Gen<Func<Declaration, Mistake>> Changed(string id, Func<Declaration, Declaration> of, string[] keys, string[] values, params (string Key, string Value)[] beside) =>
        Changed(id, keys, values, beside).Select<Func<Declaration, Mistake>, Func<Declaration, Mistake>>(mistake => declaration => mistake(of(declaration)));

    private static string[] Cast(string type) => [.. NoValues.Select(value => $"({type})({value})")];

    // One of the arguments gets one of the values, beside others that make a mistake of it.
    private static Gen<Func<Declaration, Mistake>> Changed(string id, string[] keys, string[] values, params (string Key, string Value)[] beside) =>
        Gen.Select<string, string, Func<Declaration, Mistake>>(Gen.OneOf(keys), Gen.OneOf(values), (key, value) => declaration => new(id, With(declaration, [.. beside, (key, value)])));

    private static Gen<Func<Declaration, Mistake>> Changed(string id, Func<Declaration, Declaration> of, params (string Key, string Value)[] beside) =>
        Gen.Const<Func<Declaration, Mistake>>(declaration => new(id, With(of(declaration), beside)));

    private static Declaration With(Declaration declaration, IEnumerable<(string Key, string Value)> arguments) => arguments.Aggregate(declaration, (sofar, argument) =>
        sofar.With(new(argument.Key.Split('.')[0], argument.Key.Contains('.', StringComparison.Ordinal) ? argument.Key.Split('.')[1] : "", argument.Value)));
}

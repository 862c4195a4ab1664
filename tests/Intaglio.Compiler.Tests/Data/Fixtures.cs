namespace Intaglio.Compiler.Tests;

/// <summary>A folder of hf-tiny: the declaration of its model, and the names of its cases.</summary>
internal sealed record Fixture(ModelSpec Spec, params IReadOnlyList<string> Cases);

/// <summary>Every folder of hf-tiny with a model, its declaration written by hand after its config.json.</summary>
internal static class Fixtures
{
    private static readonly ModelSpec Llama = TestModel.Llama(hidden: 32, heads: 4, keyValueHeads: 2, headSize: 8, layers: 2, inner: 44) with
    {
        VocabularySize = 97,
        ContextLength = 64,
        PositionEncoding = new(PositionEncodingKind.Rotary) { RotaryTheta = 10_000 },
    };

    private static readonly ModelSpec Roberta = Bert(types: 1, context: 18);

    public static IReadOnlyDictionary<string, Fixture> ByName { get; } = new Dictionary<string, Fixture>
    {
        // The default of transformers' GPT2Config is 4 · n_embd where n_inner is null.
        ["gpt2-a"] = OfGenerator(TestModel.Spec(hidden: 32, heads: 4, layers: 2, inner: 128, vocabulary: 96, context: 32)),
        ["llama-a"] = OfGenerator(Llama),
        ["llama3-a"] = OfGenerator(Llama with
        {
            ContextLength = 512,
            Normalization = Llama.Normalization with { Epsilon = 1e-6f },
            PositionEncoding = Llama.PositionEncoding with { Scaling = new(RotaryScalingKind.Llama3, 8) { OriginalContext = 64, LowFrequencyFactor = 1, HighFrequencyFactor = 4 } },
            Embedding = new(TieWordEmbeddings: true, 0),
        }),
        ["mistral-a"] = OfGenerator(Llama.WithAttention(attention => attention with { SlidingWindow = 5 })),
        ["qwen2-a"] = OfGenerator(Llama.WithAttention(attention => attention with { QueryKeyValueBias = true }) with
        {
            Normalization = Llama.Normalization with { Epsilon = 1e-6f },
            PositionEncoding = Llama.PositionEncoding with { RotaryTheta = 1e6f },
            Embedding = new(TieWordEmbeddings: true, 0),
        }),
        ["gemma2-a"] = OfGenerator(Architectures.Gemma2(hidden: 32, heads: 4, keyValueHeads: 2, headSize: 8, inner: 44, vocabulary: 97, context: 64, window: 4)),
        ["bloom-a"] = OfGenerator(Architectures.Bloom(hidden: 32, heads: 4, vocabulary: 98, context: 64)),
        ["bert-a"] = new(Bert(), "padded", "no-mask-no-types"),
        ["bert-seqcls-a"] = new(Bert(new SequenceClassificationHeadSpec(Labels(3), Pooling.First, Pooler: true, Bias: true, 0)), "padded", "no-mask"),
        ["bert-tokcls-a"] = new(Bert(new TokenClassificationHeadSpec(Labels(5), 0)), "padded"),
        ["roberta-a"] = new(
            Roberta with
            {
                Normalization = Roberta.Normalization with { Epsilon = 1e-5f },
                PositionEncoding = Roberta.PositionEncoding with { Offset = 2 },
                Embedding = Roberta.Embedding with { PaddingToken = 1 },
            },
            "padded",
            "no-mask"),
        ["t5-a"] = OfGenerator(T5(inner: 50, gated: false, tied: true)),
        ["t5v11-a"] = OfGenerator(T5(inner: 46, gated: true, tied: false)),
        ["bart-a"] = OfGenerator(Architectures.Bart(hidden: 32, heads: 4, inner: 48, vocabulary: 91, context: 24)),
    };

    private static Fixture OfGenerator(ModelSpec spec) => new(spec, "right-padded", "no-mask");

    private static ModelSpec Bert(HeadSpec? head = null, int types = 2, int context = 24) => Architectures.Bert(head, hidden: 32, heads: 4, inner: 64, vocabulary: 99, context: context, types: types);

    private static ModelSpec T5(int inner, bool gated, bool tied) =>
        Architectures.T5(hidden: 32, heads: 4, headSize: 8, inner: inner, vocabulary: 94, context: 512, buckets: 8, maxDistance: 12, gated: gated, tied: tied);

    private static EquatableArray<string> Labels(int count) => new(Enumerable.Range(0, count).Select(label => $"LABEL_{label}"));
}

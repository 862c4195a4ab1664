namespace Intaglio.Compiler.Tests;

/// <summary>Models that differ in everything a declaration can say, at ordinary, odd and smallest sizes.</summary>
internal static class ModelCases
{
    public static IEnumerable<ModelCase> Trained => ByName.Values.Where(item => item.Spec.Trains);

    /// <summary>What the passes make of a graph.</summary>
    public static Graph Optimized(Graph graph) => Compiler.Passes.Aggregate(graph, (sofar, pass) => pass.Run(sofar));

    public static IReadOnlyDictionary<string, ModelCase> ByName { get; } = All().ToDictionary(item => item.Name);

    private static IEnumerable<ModelCase> All() => [.. Decoders(), .. DecodersOfOtherKinds(), .. Encoders(), .. EncoderDecoders()];

    private static IEnumerable<ModelCase> Decoders()
    {
        foreach (var activation in Enum.GetValues<Activation>())
            yield return new($"{activation}", TestModel.Spec(activation: activation), 2, 3);

        foreach (var (biases, tied, positions) in Combinations())
        {
            var name = $"{(biases ? "biases" : "no biases")}, {(tied ? "tied" : "untied")}, {(positions ? "positions" : "no positions")}";
            yield return new(name, TestModel.Spec(biases: biases, tied: tied, positions: positions), 2, 3);
            yield return new(name + ", dropout", TestModel.Spec(biases: biases, tied: tied, positions: positions, dropout: 0.25f), 2, 4);
        }

        yield return new("1 layer, 1 head", TestModel.Spec(heads: 1, layers: 1), 1, 4);
        yield return new("5 layers", TestModel.Spec(layers: 5, dropout: 0.1f), 1, 3);
        yield return new("odd sizes", TestModel.Spec(hidden: 9, heads: 3, inner: 7, vocabulary: 11, context: 5, dropout: 0.2f), 3, 5);
        yield return new("context 1", TestModel.Spec(context: 1), 3, 1);
        yield return new("heads of 1", TestModel.Spec(hidden: 5, heads: 5, dropout: 0.2f), 1, 4);
        yield return new("vocabulary 2", TestModel.Spec(vocabulary: 2, biases: false), 2, 3);
        yield return new("vocabulary 1, 1 between the products", TestModel.Spec(vocabulary: 1, inner: 1, tied: false), 1, 2);
        yield return new("1 wide", TestModel.Spec(hidden: 1, heads: 1, tied: false), 1, 3);

        yield return new("LLaMA", TestModel.Llama(), 2, 3);
        yield return new("LLaMA, dropout", TestModel.Llama(dropout: 0.25f), 2, 4);
        yield return new("LLaMA, biases, tied", TestModel.Llama(biases: true, tied: true), 2, 3);
        yield return new("LLaMA, 1 layer, 1 head of 2", TestModel.Llama(heads: 1, keyValueHeads: 1, headSize: 2, layers: 1, hidden: 3, inner: 5), 1, 4);
        yield return new("LLaMA, one key-value head, interleaved", TestModel.Llama(keyValueHeads: 1, layout: RotaryLayout.Interleaved), 1, 4);
        yield return new("LLaMA, GEGLU, window, soft cap", TestModel.Llama(activation: Activation.GeluTanh, window: 2, softCap: 3), 2, 4);
        yield return new("LLaMA, window beyond the context, dropout", TestModel.Llama(window: 9, dropout: 0.2f), 1, 4);
        yield return new("LayerNorm with a gate", Changed(TestModel.Llama(biases: true), spec => spec with { Normalization = new(NormalizationKind.LayerNorm, NormalizationPlacement.Pre, 1e-5f, Bias: true, UnitOffset: false) }), 2, 3);
        yield return new("RMSNorm without a gate, learned positions", Changed(
            TestModel.Llama(biases: true).InEveryStack(stack => stack with { FeedForward = (DenseFeedForwardSpec)stack.FeedForward with { Gated = false } }),
            spec => spec with { PositionEncoding = new(PositionEncodingKind.Learned) }), 2, 3);
        yield return new("GPT-2 with grouped heads and an own scale", TestModel.Spec(hidden: 8, heads: 4).WithAttention(attention => attention with { KeyValueHeads = 2, Scale = 0.3 }), 2, 3);
    }

    private static IEnumerable<ModelCase> DecodersOfOtherKinds()
    {
        yield return new("BLOOM, 3 heads", Architectures.Bloom(heads: 3), 2, 5);
        yield return new("BLOOM, 4 heads, dropout", Architectures.Bloom(hidden: 8, heads: 4, dropout: 0.2f), 2, 4);
        yield return new("ALiBi with grouped heads", Changed(TestModel.Llama(), spec => spec with { PositionEncoding = new(PositionEncodingKind.Alibi) }), 2, 4);
        yield return new("Gemma 2, 3 layers", Architectures.Gemma2(layers: 3), 2, 5);
        yield return new("Gemma 2, a window everywhere", Architectures.Gemma2(layers: 3).WithAttention(attention => attention with { EveryNthLayer = 3, EveryNthWindow = 1 }), 1, 5);
        yield return new("buckets of distances", Changed(TestModel.Llama(dropout: 0.2f), Buckets), 3, 4);
        yield return new("buckets of distances, tied, a scaled embedding", Changed(TestModel.Spec(heads: 3, context: 6), spec => Buckets(spec) with { Embedding = spec.Embedding with { Scale = 2.5, PaddingToken = 2 } }), 2, 6);
        yield return new("parallel blocks", Parallel(TestModel.Spec(dropout: 0.2f)), 2, 4);
        yield return new("parallel blocks, LLaMA", Parallel(TestModel.Llama()), 2, 3);
        yield return new("norms after blocks", Changed(TestModel.Spec(dropout: 0.2f), spec => Placed(spec, NormalizationPlacement.Post)), 2, 4);
        yield return new("norms around blocks", Changed(TestModel.Spec(), spec => Placed(spec, NormalizationPlacement.Sandwich)), 2, 4);
        yield return new("normalized queries and keys", TestModel.Llama().WithAttention(attention => attention with { QueryKeyNorm = true }), 2, 4);
        yield return new("normalized queries and keys without rotary positions", TestModel.Spec(dropout: 0.2f).WithAttention(attention => attention with { QueryKeyNorm = true }), 2, 4);
        yield return new("a third of each head turned, YaRN", Changed(TestModel.Llama(), spec => spec with
        {
            PositionEncoding = spec.PositionEncoding with { RotaryFraction = 0.7f, Scaling = new(RotaryScalingKind.Yarn, 4) { OriginalContext = 2 } },
        }), 2, 4);
        yield return new("sines and cosines", Changed(TestModel.Spec(), spec => spec with { PositionEncoding = new(PositionEncodingKind.Sinusoidal), Embedding = spec.Embedding with { Scale = Math.Sqrt(6) } }), 2, 4);
        yield return new("sines and cosines in turns, a norm after the embedding, dropout", Changed(TestModel.Spec(dropout: 0.2f), spec => spec with
        {
            PositionEncoding = new(PositionEncodingKind.Sinusoidal) { Layout = RotaryLayout.Interleaved },
            Embedding = spec.Embedding with { Normalize = true },
        }), 2, 4);
        yield return new("a head with bias, scale and bound", Changed(TestModel.Spec(tied: false), spec => spec with { Head = new LanguageModelingHeadSpec(Bias: true, LogitSoftCap: 2, Scale: 0.7) }), 2, 4);
        yield return new("an own layer", Changed(TestModel.Spec(dropout: 0.2f), Own), 2, 4);
        yield return new("an own layer without a norm around", Changed(TestModel.Llama(), Own), 2, 3);
        var x = new BlockInput();
        BlockExpression Linear(BlockExpression argument) => new BlockCall($"{ModuleKind.Linear}", argument);
        BlockExpression Norm(BlockExpression argument) => new BlockCall($"{ModuleKind.Norm}", argument);
        BlockExpression Attention(BlockExpression argument) => new BlockCall($"{ModuleKind.SelfAttention}", argument);
        BlockExpression Network(BlockExpression argument) => new BlockCall($"{ModuleKind.FeedForward}", argument);
        foreach (var (name, block, modules) in new (string, BlockExpression, ModuleKind[])[]
        {
            ("x + linear(x)", x + Linear(x), [ModuleKind.Linear]),
            ("x + 0.5 * linear(x)", x + new BlockScale(0.5f, Linear(x)), [ModuleKind.Linear]),
            ("linear(x)", Linear(x), [ModuleKind.Linear]),
            ("norm(x)", Norm(x), [ModuleKind.Norm]),
            ("x + norm(x)", x + Norm(x), [ModuleKind.Norm]),
            ("x * attention(x)", x * Attention(x), [ModuleKind.SelfAttention]),
            ("x + x", x + x, []),
            ("silu(x) * x", new BlockMap(Activations.Of(Activation.Silu), x) * x, []),
            ("linear(x) * silu(linear(x))", Linear(x) * new BlockMap(Activations.Of(Activation.Silu), Linear(x)), [ModuleKind.Linear]),
            ("network(x) + x * linear(x)", Network(x) + (x * Linear(x)), [ModuleKind.FeedForward, ModuleKind.Linear]),
            ("linear(norm(attention(x) + network(x)))", Linear(Norm(Attention(x) + Network(x))), [ModuleKind.Linear, ModuleKind.Norm, ModuleKind.SelfAttention, ModuleKind.FeedForward]),
        })
        {
            yield return new($"a layer that is {name}", TestModel.Spec().InEveryStack(stack => stack with { Block = Of(block, modules) }), 2, 3);
        }

        foreach (var pooling in Enum.GetValues<Pooling>())
            yield return new($"a decoder that classifies, {pooling}", Changed(TestModel.Llama(dropout: 0.2f), spec => spec with { Head = Classifies(pooling, pooler: false) }), 3, 4);
    }

    private static IEnumerable<ModelCase> Encoders()
    {
        yield return new("BERT", Architectures.Bert(), 3, 4);
        yield return new("BERT, dropout", Architectures.Bert(dropout: 0.2f), 3, 5);
        yield return new("BERT, 1 token", Architectures.Bert(context: 1), 2, 1);
        yield return new("BERT, 3 layers, odd sizes", Architectures.Bert(hidden: 9, heads: 3, layers: 3, inner: 7, vocabulary: 11), 2, 5);
        yield return new("RoBERTa", Changed(Architectures.Bert(types: 1), spec => spec with { PositionEncoding = spec.PositionEncoding with { Offset = 2 }, Embedding = spec.Embedding with { PaddingToken = 1 } }), 3, 4);
        foreach (var pooling in Enum.GetValues<Pooling>())
        {
            yield return new($"classifier, {pooling}", Architectures.Bert(Classifies(pooling, pooler: false)), 4, 4);
            yield return new($"classifier with a pooler, {pooling}, dropout", Architectures.Bert(Classifies(pooling, pooler: true), dropout: 0.2f), 3, 4);
        }

        foreach (var pooling in Enum.GetValues<Pooling>())
            yield return new($"sentences, {pooling}", Architectures.Bert(new SentenceEmbeddingHeadSpec(pooling, Pooler: pooling == Pooling.First, Normalize: pooling != Pooling.Last)), 3, 4);

        yield return new("tagger", Architectures.Bert(new TokenClassificationHeadSpec(new(["a", "b", "c"]), 0)), 3, 4);
        yield return new("tagger, dropout", Architectures.Bert(new TokenClassificationHeadSpec(new(["a", "b", "c"]), 0.2f), dropout: 0.2f), 3, 4);
        yield return new("answers", Architectures.Bert(new QuestionAnsweringHeadSpec(), dropout: 0.2f), 3, 6);
        yield return new("untied, norms before blocks", Architectures.Encoder(TestModel.Spec(tied: false)), 3, 4);
        yield return new("token types without positions", Changed(Architectures.Encoder(TestModel.Spec(dropout: 0.2f)), spec => spec with
        {
            PositionEncoding = new(PositionEncodingKind.None), Embedding = spec.Embedding with { TokenTypes = 3 }, Head = Classifies(Pooling.Last, pooler: false),
        }), 2, 4);
        yield return new("an encoder with rotary positions, gated", Architectures.Encoder(TestModel.Llama(dropout: 0.2f)), 3, 4);
        yield return new("an encoder with ALiBi", Changed(Architectures.Encoder(TestModel.Llama()), spec => spec with { PositionEncoding = new(PositionEncodingKind.Alibi) }), 3, 5);
        yield return new("an encoder with buckets of distances", Changed(Architectures.Encoder(TestModel.Llama()), Buckets), 3, 4);
        yield return new("an encoder without positions, RMSNorm around blocks", Changed(Architectures.Encoder(TestModel.Llama(), NormalizationPlacement.Sandwich), spec => spec with { PositionEncoding = new(PositionEncodingKind.None) }), 2, 4);
    }

    private static IEnumerable<ModelCase> EncoderDecoders()
    {
        yield return new("T5", Architectures.T5(), 2, 4, 5);
        yield return new("T5, dropout, a short source", Architectures.T5(dropout: 0.2f), 3, 5, 3);
        yield return new("T5 1.1", Architectures.T5(gated: true, tied: false), 2, 3, 3);
        yield return new("BART", Architectures.Bart(), 2, 4, 5);
        yield return new("BART, dropout, a short source", Architectures.Bart(dropout: 0.2f), 3, 5, 2);
        yield return new("an encoder of 3 layers, a decoder of 1", Changed(Architectures.EncoderDecoder(TestModel.Llama(dropout: 0.2f)), spec => spec with
        {
            Encoder = spec.Encoder! with { Layers = 3, FeedForward = new DenseFeedForwardSpec(5, Activations.Of(Activation.Gelu), Gated: false, Bias: true, 0.1f) },
            Decoder = spec.Decoder! with { Layers = 1 },
        }), 2, 4, 3);
        yield return new("an encoder of 1 layer, a decoder of 3, other heads", Changed(Architectures.EncoderDecoder(TestModel.Spec()), spec => spec with
        {
            Encoder = spec.Encoder! with { Layers = 1, Attention = spec.Encoder.Attention with { Heads = 3, KeyValueHeads = 1, HeadSize = 2 } },
            Decoder = spec.Decoder! with { Layers = 3, CrossAttention = spec.Decoder.Attention with { Heads = 4, KeyValueHeads = 2, HeadSize = 3, OutputBias = false } },
        }), 2, 3, 4);
        yield return new("two stacks of own layers", Changed(Architectures.EncoderDecoder(TestModel.Llama(dropout: 0.2f)), spec => spec with
        {
            Encoder = Own(Architectures.Encoder(TestModel.Llama(dropout: 0.2f))).Encoder,
            Decoder = spec.Decoder! with { Block = AttendingToSource() },
        }), 2, 3, 4);
        yield return new("two stacks, sines and cosines, norms around blocks", Changed(Architectures.EncoderDecoder(TestModel.Spec(), NormalizationPlacement.Sandwich), spec => spec with
        {
            PositionEncoding = new(PositionEncodingKind.Sinusoidal),
            Embedding = spec.Embedding with { Scale = 2 },
        }), 2, 3, 4);
    }

    private static SequenceClassificationHeadSpec Classifies(Pooling pooling, bool pooler) => new(new(["a", "b", "c"]), pooling, pooler, Bias: true, pooler ? 0.2f : 0);

    private static ModelSpec Buckets(ModelSpec spec) => spec with { PositionEncoding = new(PositionEncodingKind.RelativeBuckets) { Buckets = 6, MaxDistance = 5 } };

    private static ModelSpec Parallel(ModelSpec spec) => spec.InEveryStack(stack => stack with { Block = StockBlocks.Of(NormalizationPlacement.Pre, attendsToEncoder: false, isParallel: true) });

    private static ModelSpec Placed(ModelSpec spec, NormalizationPlacement placement) =>
        spec.InEveryStack(stack => stack with { Block = StockBlocks.Of(placement, attendsToEncoder: false, isParallel: false) }) with { Normalization = spec.Normalization with { Placement = placement } };

    // Modules called by what they are.
    private static BlockSpec Of(BlockExpression result, IEnumerable<ModuleKind> modules) => new(new(modules.Select(kind => new ModuleSpec($"{kind}", kind))), result);

    // x + attention(n) * cross(n) + network(cross(n)), with n = norm(x).
    private static BlockSpec AttendingToSource()
    {
        var n = new BlockCall("Norm", new BlockInput());
        var cross = new BlockCall("Cross", n).Named("Seen");
        return new(
            new([new("Norm", ModuleKind.Norm), new("Attention", ModuleKind.SelfAttention), new("Cross", ModuleKind.CrossAttention), new("Network", ModuleKind.FeedForward)]),
            new BlockInput() + (new BlockCall("Attention", n) * cross) + new BlockCall("Network", cross));
    }

    // x + 0.5 * attention(n) * silu(gate(n)), then a network of the norm of both, with n = norm(x).
    private static ModelSpec Own(ModelSpec spec)
    {
        var n = new BlockCall("FirstNorm", new BlockInput());
        var attended = (new BlockInput() + (new BlockScale(0.5f, new BlockCall("Attention", n)) * new BlockMap(Activations.Of(Activation.Silu), new BlockCall("Gate", n)))).Named("Attended");
        var block = new BlockSpec(
            new([new("FirstNorm", ModuleKind.Norm), new("Attention", ModuleKind.SelfAttention), new("Gate", ModuleKind.Linear), new("SecondNorm", ModuleKind.Norm), new("Network", ModuleKind.FeedForward)]),
            attended + new BlockCall("Network", new BlockCall("SecondNorm", attended + n)));
        return spec.InEveryStack(stack => stack with { Block = block });
    }

    private static ModelSpec Changed(ModelSpec spec, Func<ModelSpec, ModelSpec> change) => change(spec);

    private static IEnumerable<(bool Biases, bool Tied, bool Positions)> Combinations() =>
        from biases in new[] { true, false }
        from tied in new[] { true, false }
        from positions in new[] { true, false }
        select (biases, tied, positions);
}

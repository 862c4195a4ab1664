namespace Intaglio.Compiler.Tests;

/// <summary>Declarations of well-known architectures, small ones unless sizes are given.</summary>
internal static class Architectures
{
    /// <summary>BERT's encoder: norms after each block and after the embedding, token types, biases everywhere.</summary>
    public static ModelSpec Bert(
        HeadSpec? head = null, int hidden = 6, int heads = 2, int layers = 2, int inner = 10, int vocabulary = 7, int context = 6, int types = 2, float dropout = 0) =>
        Encoder(TestModel.Spec(hidden, heads, layers, inner, vocabulary, context, Activation.Gelu, dropout: dropout), NormalizationPlacement.Post) with
        {
            Normalization = new(NormalizationKind.LayerNorm, NormalizationPlacement.Post, 1e-12f, Bias: true, UnitOffset: false),
            Embedding = new(TieWordEmbeddings: true, dropout) { Normalize = true, TokenTypes = types, PaddingToken = 0 },
            Head = head ?? new MaskedLanguageModelingHeadSpec(Bias: true, Activations.Of(Activation.Gelu)),
        };

    /// <summary>The declaration of a decoder as an encoder's.</summary>
    public static ModelSpec Encoder(ModelSpec decoder, NormalizationPlacement placement = NormalizationPlacement.Pre) => decoder with
    {
        Decoder = null,
        Encoder = decoder.Decoder! with { IsCausal = false, Block = StockBlocks.Of(placement, attendsToEncoder: false, isParallel: false) },
        Normalization = decoder.Normalization with { Placement = placement },
        Head = new MaskedLanguageModelingHeadSpec(Bias: true, Activations.Of(Activation.Gelu)),
    };

    /// <summary>An encoder and a decoder that are alike, but for what a decoder has beside.</summary>
    public static ModelSpec EncoderDecoder(ModelSpec decoder, NormalizationPlacement placement = NormalizationPlacement.Pre) => decoder with
    {
        Encoder = decoder.Decoder! with { IsCausal = false, Block = StockBlocks.Of(placement, attendsToEncoder: false, isParallel: false) },
        Decoder = decoder.Decoder! with { CrossAttention = decoder.Decoder!.Attention, Block = StockBlocks.Of(placement, attendsToEncoder: true, isParallel: false) },
        Normalization = decoder.Normalization with { Placement = placement },
    };

    /// <summary>T5: buckets of distances, scores that are not scaled, RMSNorm, no biases.</summary>
    public static ModelSpec T5(
        int hidden = 6, int heads = 2, int headSize = 4, int layers = 2, int inner = 10, int vocabulary = 7, int context = 8, int buckets = 6, int maxDistance = 5, bool gated = false, bool tied = true, float dropout = 0)
    {
        var spec = TestModel.Spec(hidden, heads, layers, inner, vocabulary, context, gated ? Activation.GeluTanh : Activation.Relu, biases: false, tied: tied, dropout: dropout);
        return EncoderDecoder(spec.InEveryStack(stack => stack with
        {
            Attention = stack.Attention with { HeadSize = headSize, Scale = 1 },
            FeedForward = (DenseFeedForwardSpec)stack.FeedForward with { Gated = gated },
        })) with
        {
            Normalization = new(NormalizationKind.RmsNorm, NormalizationPlacement.Pre, 1e-6f, Bias: false, UnitOffset: false),
            PositionEncoding = new(PositionEncodingKind.RelativeBuckets) { Buckets = buckets, MaxDistance = maxDistance },
            Head = new LanguageModelingHeadSpec(Bias: false, LogitSoftCap: 0, tied ? 1 / Math.Sqrt(hidden) : 1),
        };
    }

    /// <summary>BART: norms after each block and after the embedding, learned positions from the third row on, a bias of the logits that is not trained.</summary>
    public static ModelSpec Bart(int hidden = 6, int heads = 2, int layers = 2, int inner = 10, int vocabulary = 7, int context = 6, float dropout = 0) =>
        EncoderDecoder(TestModel.Spec(hidden, heads, layers, inner, vocabulary, context, Activation.Gelu, dropout: dropout), NormalizationPlacement.Post) with
        {
            PositionEncoding = new(PositionEncodingKind.Learned) { Offset = 2 },
            Embedding = new(TieWordEmbeddings: true, dropout) { Normalize = true, PaddingToken = 1 },
            Head = new LanguageModelingHeadSpec(Bias: true, LogitSoftCap: 0, Scale: 1),
        };

    /// <summary>BLOOM: ALiBi, a norm after the embedding, query, key and value of a head together.</summary>
    public static ModelSpec Bloom(int hidden = 6, int heads = 3, int layers = 2, int vocabulary = 7, int context = 6, float dropout = 0)
    {
        var spec = TestModel.Spec(hidden, heads, layers, 4 * hidden, vocabulary, context, dropout: dropout);
        return spec with { PositionEncoding = new(PositionEncodingKind.Alibi), Embedding = spec.Embedding with { Normalize = true } };
    }

    /// <summary>Gemma 2: norms around each block whose factor is 1 + gain, bounded scores and logits, a window in every second layer from the first on.</summary>
    public static ModelSpec Gemma2(
        int hidden = 8, int heads = 4, int keyValueHeads = 2, int headSize = 4, int layers = 2, int inner = 10, int vocabulary = 7, int context = 6, int window = 2, int scalar = 6, float scoreCap = 5, float logitCap = 8)
    {
        var spec = TestModel.Llama(hidden, heads, keyValueHeads, headSize, layers, inner, Activation.GeluTanh, tied: true, window: window, softCap: scoreCap)
            .WithAttention(attention => attention with { Scale = 1 / Math.Sqrt(scalar), EveryNthLayer = 2, EveryNthWindow = 0 })
            .InEveryStack(stack => stack with { Block = StockBlocks.Of(NormalizationPlacement.Sandwich, attendsToEncoder: false, isParallel: false) });
        return spec with
        {
            VocabularySize = vocabulary,
            ContextLength = context,
            Normalization = new(NormalizationKind.RmsNorm, NormalizationPlacement.Sandwich, 1e-6f, Bias: false, UnitOffset: true),
            PositionEncoding = new(PositionEncodingKind.Rotary) { RotaryTheta = 10_000 },
            Embedding = spec.Embedding with { Scale = Math.Sqrt(hidden), PaddingToken = 0 },
            Head = new LanguageModelingHeadSpec(Bias: false, logitCap, Scale: 1),
        };
    }
}

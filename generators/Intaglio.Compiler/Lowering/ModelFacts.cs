namespace Intaglio.Compiler;

/// <summary>What can be said of a model without making one.</summary>
/// <param name="Name">The constant's name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Summary">What it counts.</param>
internal sealed record ModelFact(string Name, long Value, string Summary)
{
    /// <summary>The facts of a model, sizes first.</summary>
    public static IReadOnlyList<ModelFact> Of(ModelSpec spec, ParameterLayout layout)
    {
        var attention = spec.Main.Attention;
        var forward = FlopsPerToken(spec, layout);
        return
        [
            new("HiddenSize", spec.HiddenSize, "Width of the residual stream, [rows, HiddenSize], in columns."),
            new("ContextLength", spec.ContextLength, "The longest sequence, in tokens."),
            new("VocabularySize", spec.VocabularySize, "How many different tokens there are."),
            .. Layers(spec),
            new("Heads", attention.Heads, "Attention heads of the queries."),
            new("KeyValueHeads", attention.KeyValueHeads, "Attention heads of keys and values."),
            new("HeadSize", attention.HeadSize, "Width of an attention head, in columns."),
            .. Labels(spec),
            new("ParameterCount", layout.Count, "Trained values, a tied one counted once."),
            new("EmbeddingParameterCount", CountOf(layout, IsEmbedding), "Trained values of the embeddings: of tokens, positions and types."),
            new("AttentionParameterCount", CountOf(layout, IsAttention), "Trained values of attention's products, in all layers."),
            new("FeedForwardParameterCount", CountOf(layout, IsFeedForward), "Trained values of the feed-forward networks, in all layers."),
            new("OtherParameterCount", layout.Count - CountOf(layout, name => IsEmbedding(name) || IsAttention(name) || IsFeedForward(name)), "Trained values of norms, heads and a layer's own modules."),
            new("ParameterCountWithoutEmbeddings", layout.Count - CountOf(layout, IsEmbedding), "Trained values without the embeddings: N of the scaling laws (Kaplan et al., arXiv:2001.08361)."),
            new("FlopsPerTokenForward", forward, "Floating-point operations for each token of a forward pass at full context: two for each weight of a product, and attention's own."),
            new("FlopsPerTokenTraining", 3 * forward, "Floating-point operations for each token of a training step: the backward pass takes twice the forward pass."),
            .. Cache(spec),
        ];
    }

    /// <summary>Bytes of keys and values that a token takes in the cache, in one layer.</summary>
    public static long CacheBytesPerTokenAndLayer(AttentionSpec attention) => 2L * attention.KeyValueSize * sizeof(float);

    private static IEnumerable<ModelFact> Layers(ModelSpec spec) => spec.IsEncoderDecoder
        ? [new("EncoderLayers", spec.Encoder!.Layers, "Layers of the encoder."), new("DecoderLayers", spec.Decoder!.Layers, "Layers of the decoder.")]
        : [new("Layers", spec.Main.Layers, $"Layers of the {(spec.Decoder is null ? "encoder" : "decoder")}.")];

    private static IEnumerable<ModelFact> Labels(ModelSpec spec) => spec.Head switch
    {
        SequenceClassificationHeadSpec head => [new("Labels", head.Labels.Count, "How many labels a sequence can have.")],
        TokenClassificationHeadSpec head => [new("Labels", head.Labels.Count, "How many labels a token can have.")],
        _ => [],
    };

    private static IEnumerable<ModelFact> Cache(ModelSpec spec) => spec.Generates
        ? [new("CacheBytesPerToken", spec.Decoder!.Layers * CacheBytesPerTokenAndLayer(spec.Decoder.Attention), "Bytes of keys and values that a token takes in the cache, in all layers.")]
        : [];

    private static bool IsEmbedding(string name) => name.EndsWith("Embedding", StringComparison.Ordinal);

    private static bool IsAttention(string name) =>
        new[] { "Qkv", "Projection", "CrossQuery", "CrossKeyValue", "CrossProjection" }.Any(part => IsPart(name, part)) || name.EndsWith("RelativeBiasWeight", StringComparison.Ordinal);

    private static bool IsFeedForward(string name) => new[] { "Up", "GateUp", "Down" }.Any(part => IsPart(name, part));

    private static bool IsPart(string name, string part)
    {
        foreach (var prefix in new[] { "", "Encoder", "Decoder" })
        {
            if (name == $"{prefix}{part}Weight" || name == $"{prefix}{part}Bias")
                return true;
        }

        return false;
    }

    private static long CountOf(ParameterLayout layout, Func<string, bool> isCounted) =>
        layout.Embedding.Concat(layout.Head).Where(placed => isCounted(placed.Parameter.Name)).Sum(placed => Elements(placed.Parameter))
        + layout.Layers.Sum(stack => stack.Layers * stack.Parameters.Where(placed => isCounted(placed.Parameter.Name)).Sum(placed => Elements(placed.Parameter)));

    // Of a causal stack, a token sees half of the context on the average.
    private static long FlopsPerToken(ModelSpec spec, ParameterLayout layout)
    {
        var products = layout.Layers.Sum(stack => stack.Layers * stack.Parameters.Where(placed => placed.Parameter.Shape.Count == 2).Sum(placed => Elements(placed.Parameter)));
        var head = layout.Head.Where(placed => placed.Parameter.Shape.Count == 2).Sum(placed => Elements(placed.Parameter));
        if (spec.Embedding.TieWordEmbeddings && spec.Head is LanguageModelingHeadSpec or MaskedLanguageModelingHeadSpec)
            head += (long)spec.VocabularySize * spec.HiddenSize;

        var attention = spec.Stacks.Sum(stack => stack.Layers * (AttentionFlops(stack.Attention, stack.IsCausal, spec.ContextLength) + (stack.CrossAttention is { } cross ? AttentionFlops(cross, isCausal: false, spec.ContextLength) : 0)));
        return (2 * (products + head)) + attention;
    }

    // q · k and the weighted sum of values: two operations each for every key that is seen and column of the queries.
    private static long AttentionFlops(AttentionSpec attention, bool isCausal, long context)
    {
        var seen = attention.SlidingWindow > 0 ? Math.Min(attention.SlidingWindow, context) : context;
        return (isCausal && attention.SlidingWindow == 0 ? 2 : 4) * attention.QuerySize * seen;
    }

    private static long Elements(ParameterSpec parameter) => parameter.Shape.Aggregate(1L, (count, side) => count * side);
}

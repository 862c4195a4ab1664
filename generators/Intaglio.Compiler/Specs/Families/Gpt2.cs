namespace Intaglio.Compiler;

/// <summary>What transformers calls the tensors and sizes of a GPT-2 style decoder (transformers, <c>models/gpt2</c>): products are Conv1D, stored [in, out].</summary>
internal static class Gpt2
{
    /// <summary>Stands before every tensor's name in files of <c>GPT2LMHeadModel</c>.</summary>
    public const string Prefix = "transformer.";

    /// <summary>Stored by some writers, not needed: the masks, and the head where it is the embedding.</summary>
    public static IReadOnlyList<string> IgnoredTensors(ModelSpec spec) =>
        spec.Embedding.TieWordEmbeddings
            ? ["h.{layer}.attn.bias", "h.{layer}.attn.masked_bias", "lm_head.weight"]
            : ["h.{layer}.attn.bias", "h.{layer}.attn.masked_bias"];

    /// <summary>The tensors of a declaration.</summary>
    public static DecoderParameters Parameters(ModelSpec spec)
    {
        var (hidden, feedForward) = (spec.HiddenSize, (DenseFeedForwardSpec)spec.FeedForward);
        var inner = feedForward.IntermediateSize;

        // GPT-2 draws weights from N(0, 0.02), and divides by √(2 · layers) where a product ends on the residual stream, so that its variance does not grow
        // with depth (Radford et al., "Language models are unsupervised multitask learners", section 2.3).
        const double deviation = 0.02;
        var residual = deviation / Math.Sqrt(2.0 * spec.Layers);

        return new()
        {
            TokenEmbedding = new("TokenEmbedding", "wte.weight", new([spec.VocabularySize, hidden]), Segment.Embedding, true, 0, deviation, spec.Embedding.TieWordEmbeddings ? "tied with the head" : ""),
            PositionEmbedding = spec.PositionEncoding == PositionEncodingKind.Learned
                ? new("PositionEmbedding", "wpe.weight", new([spec.ContextLength, hidden]), Segment.Embedding, true, 0, deviation)
                : null,
            AttentionNormGain = Gain("AttentionNormGain", "h.{layer}.ln_1.weight", Segment.Layer),
            AttentionNormBias = spec.Normalization.Bias ? Bias("AttentionNormBias", "h.{layer}.ln_1.bias", hidden) : null,
            QkvWeight = Weight("QkvWeight", "h.{layer}.attn.c_attn.weight", hidden, 3 * hidden, deviation),
            QkvBias = spec.Attention.QueryKeyValueBias ? Bias("QkvBias", "h.{layer}.attn.c_attn.bias", 3 * hidden) : null,
            ProjectionWeight = Weight("ProjectionWeight", "h.{layer}.attn.c_proj.weight", hidden, hidden, residual),
            ProjectionBias = spec.Attention.OutputBias ? Bias("ProjectionBias", "h.{layer}.attn.c_proj.bias", hidden) : null,
            FeedForwardNormGain = Gain("FeedForwardNormGain", "h.{layer}.ln_2.weight", Segment.Layer),
            FeedForwardNormBias = spec.Normalization.Bias ? Bias("FeedForwardNormBias", "h.{layer}.ln_2.bias", hidden) : null,
            UpWeight = Weight("UpWeight", "h.{layer}.mlp.c_fc.weight", hidden, inner, deviation),
            UpBias = feedForward.Bias ? Bias("UpBias", "h.{layer}.mlp.c_fc.bias", inner) : null,
            DownWeight = Weight("DownWeight", "h.{layer}.mlp.c_proj.weight", inner, hidden, residual),
            DownBias = feedForward.Bias ? Bias("DownBias", "h.{layer}.mlp.c_proj.bias", hidden) : null,
            FinalNormGain = Gain("FinalNormGain", "ln_f.weight", Segment.Head),
            FinalNormBias = spec.Normalization.Bias ? Bias("FinalNormBias", "ln_f.bias", hidden, Segment.Head) : null,
            HeadWeight = spec.Embedding.TieWordEmbeddings
                ? null
                : new("HeadWeight", "lm_head.weight", new([spec.VocabularySize, hidden]), Segment.Head, true, 0, deviation, "not under the prefix"),
        };

        ParameterSpec Gain(string name, string checkpointName, Segment segment) => new(name, checkpointName, new([hidden]), segment, false, 1, 0);

        static ParameterSpec Bias(string name, string checkpointName, int width, Segment segment = Segment.Layer) => new(name, checkpointName, new([width]), segment, false, 0, 0);

        static ParameterSpec Weight(string name, string checkpointName, int inner, int columns, double deviation) =>
            new(name, checkpointName, new([inner, columns]), Segment.Layer, true, 0, deviation);
    }

    /// <summary>config.json as transformers writes it; keys that differ in a checkpoint make it another model's.</summary>
    public static IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec)
    {
        var feedForward = (DenseFeedForwardSpec)spec.FeedForward;
        return
        [
            new("model_type", "gpt2", IsFact: true, Default: "gpt2"),
            new("architectures", new[] { "GPT2LMHeadModel" }, IsFact: false),
            new("vocab_size", spec.VocabularySize, IsFact: true, Default: 50257),
            new("n_positions", spec.ContextLength, IsFact: true, Default: 1024),
            new("n_embd", spec.HiddenSize, IsFact: true, Default: 768),
            new("n_layer", spec.Layers, IsFact: true, Default: 12),
            new("n_head", spec.Attention.Heads, IsFact: true, Default: 12),
            new("n_inner", feedForward.IntermediateSize, IsFact: true, Default: 4 * spec.HiddenSize),
            new("activation_function", Activations.ConfigurationName(feedForward.Activation), IsFact: true, Default: "gelu_new"),
            new("layer_norm_epsilon", spec.Normalization.Epsilon, IsFact: true, Default: 1e-5),
            new("tie_word_embeddings", spec.Embedding.TieWordEmbeddings, IsFact: true, Default: true),
            new("scale_attn_weights", true, IsFact: true, Default: true),
            new("scale_attn_by_inverse_layer_idx", false, IsFact: true, Default: false),
            new("attn_pdrop", (double)(decimal)spec.Attention.Dropout, IsFact: false),
            new("embd_pdrop", (double)(decimal)spec.Embedding.Dropout, IsFact: false),
            new("resid_pdrop", (double)(decimal)spec.ResidualDropout, IsFact: false),
            new("initializer_range", 0.02, IsFact: false),
        ];
    }
}

/// <summary>One key of a config.json.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">string, bool, int, float, double or string[].</param>
/// <param name="IsFact">Whether a checkpoint with another value belongs to another model.</param>
/// <param name="Default">What an absent key stands for.</param>
internal sealed record ConfigurationKey(string Key, object Value, bool IsFact, object? Default = null);

/// <summary>The tensors of a decoder. Absent ones are null.</summary>
internal sealed record DecoderParameters
{
    public required ParameterSpec TokenEmbedding { get; init; }

    public required ParameterSpec? PositionEmbedding { get; init; }

    public required ParameterSpec AttentionNormGain { get; init; }

    public required ParameterSpec? AttentionNormBias { get; init; }

    public required ParameterSpec QkvWeight { get; init; }

    public required ParameterSpec? QkvBias { get; init; }

    public required ParameterSpec ProjectionWeight { get; init; }

    public required ParameterSpec? ProjectionBias { get; init; }

    public required ParameterSpec FeedForwardNormGain { get; init; }

    public required ParameterSpec? FeedForwardNormBias { get; init; }

    public required ParameterSpec UpWeight { get; init; }

    public required ParameterSpec? UpBias { get; init; }

    public required ParameterSpec DownWeight { get; init; }

    public required ParameterSpec? DownBias { get; init; }

    public required ParameterSpec FinalNormGain { get; init; }

    public required ParameterSpec? FinalNormBias { get; init; }

    /// <summary>The head's own weight; null where it is the token embedding.</summary>
    public required ParameterSpec? HeadWeight { get; init; }

    /// <summary>Every tensor, in the order of the weights.</summary>
    public IEnumerable<ParameterSpec> All() => new[]
    {
        TokenEmbedding, PositionEmbedding,
        AttentionNormGain, AttentionNormBias, QkvWeight, QkvBias, ProjectionWeight, ProjectionBias,
        FeedForwardNormGain, FeedForwardNormBias, UpWeight, UpBias, DownWeight, DownBias,
        FinalNormGain, FinalNormBias, HeadWeight,
    }.OfType<ParameterSpec>();
}

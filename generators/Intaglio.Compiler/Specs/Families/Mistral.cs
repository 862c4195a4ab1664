namespace Intaglio.Compiler;

/// <summary>A Mistral style decoder (transformers, <c>models/mistral</c>): LLaMA's with a sliding window, and no biases. Without a window it is LLaMA, unless a file calls it Mistral.</summary>
internal sealed class Mistral : Llama
{
    public override string ModelType => "mistral";

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec) =>
    [
        .. Identity("MistralForCausalLM"),
        .. Sizes(spec, vocabulary: 32000, context: 131072, intermediate: 14336, keyValueHeads: 8),
        new("sliding_window", spec.Decoder!.Attention.SlidingWindow is var window and > 0 ? window : null, IsFact: true, Default: 4096),
    ];

    protected override bool Fits(ModelSpec spec) =>
        IsLikeLlama(spec)
        && spec.PositionEncoding.Scaling is null
        && spec.Decoder is { Attention: { QueryKeyValueBias: false, OutputBias: false }, FeedForward: DenseFeedForwardSpec { Bias: false } };
}

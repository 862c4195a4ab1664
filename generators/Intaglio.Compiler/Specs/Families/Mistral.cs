namespace Intaglio.Compiler;

/// <summary>A Mistral style decoder (transformers, <c>models/mistral</c>): LLaMA's with a sliding window, and no biases.</summary>
internal sealed class Mistral : Llama
{
    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec) =>
    [
        .. Identity("mistral", "MistralForCausalLM"),
        .. Sizes(spec, vocabulary: 32000, context: 131072, intermediate: 14336, keyValueHeads: 8),
        new("sliding_window", spec.Attention.SlidingWindow, IsFact: true, Default: 4096),
    ];

    protected override bool Fits(ModelSpec spec) =>
        IsLikeLlama(spec)
        && spec.Attention is { SlidingWindow: > 0, QueryKeyValueBias: false, OutputBias: false }
        && spec.FeedForward is DenseFeedForwardSpec { Bias: false };
}

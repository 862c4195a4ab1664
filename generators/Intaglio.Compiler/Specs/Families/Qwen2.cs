namespace Intaglio.Compiler;

/// <summary>A Qwen2 style decoder (transformers, <c>models/qwen2</c>): LLaMA's with biases on queries, keys and values alone.</summary>
internal sealed class Qwen2 : Llama
{
    public override string ModelType => "qwen2";

    public override IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec) =>
    [
        .. Identity("Qwen2ForCausalLM"),
        .. Sizes(spec, vocabulary: 151936, context: 32768, intermediate: 22016, keyValueHeads: 32),
        RotaryScaling(spec.PositionEncoding.Scaling),
        new("use_sliding_window", false, IsFact: true, Default: false),
    ];

    protected override bool Fits(ModelSpec spec) =>
        IsLikeLlama(spec)
        && spec.Decoder is { Attention: { SlidingWindow: 0, QueryKeyValueBias: true, OutputBias: false }, FeedForward: DenseFeedForwardSpec { Bias: false } };
}
